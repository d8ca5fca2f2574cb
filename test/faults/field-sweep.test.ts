import { setTimeout as sleep } from "node:timers/promises";
import { ConnectError } from "@connectrpc/connect";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Sql } from "../../src/db/connection.ts";
import { projectIdOf } from "../../src/projects/project-id.ts";
import { byId, groupOf } from "../conformance/groups.ts";
import { createGroups } from "../db/writes.ts";
import { expectConsistent } from "../support/consistency.ts";
import { field, typeClient, typeDraft, typeOf } from "../support/custom-types.ts";
import { describeFailure } from "../support/failures.ts";
import { groupClient } from "../support/service.ts";
import { type EmbeddedService, startEmbeddedService, TOLD_WHILE_AWAY } from "./embedded-service.ts";

const GROUPS = 10_000;
const WRITERS = 8;
const projectKey = "demo";
const projectId = projectIdOf(projectKey);

let service: EmbeddedService;

beforeAll(async () => {
  service = await startEmbeddedService([projectKey]);
});
afterAll(() => service.stop());

/** Sets a custom field of a group of its own to one number after the other until told to stop, and keeps count. */
async function startWriter(typeId: string, writer: number) {
  const client = groupClient(service.baseUrl);
  const custom = { type: byId(typeId), fields: { tier: "gold" } };
  const { id } = groupOf(
    await client.createCustomerGroup({ projectKey, draft: { name: `writer ${writer}`, custom } }),
  );
  const acknowledged: number[] = [];
  const outcomes = new Set<string>();
  let stopped = false;
  const done = (async () => {
    let expectedVersion = 1n;
    for (let value = 0; !stopped; value += 1) {
      const kind = { case: "numberValue", value } as const;
      const action = { case: "setCustomField", value: { name: "rank", value: { kind } } } as const;
      try {
        const answer = await client.updateCustomerGroup({
          projectKey,
          ref: byId(id),
          expectedVersion,
          actions: [{ action }],
        });
        acknowledged.push(value);
        expectedVersion = groupOf(answer).version;
      } catch (error) {
        const { code, reason, metadata } = describeFailure(ConnectError.from(error));
        // One whose fate was unknown was written.
        if (reason === "VERSION_MISMATCH") expectedVersion = BigInt(metadata.current_version ?? 0);
        else outcomes.add(`${code} ${reason}`);
        await sleep(5);
      }
    }
  })();
  return {
    id,
    acknowledged,
    outcomes,
    stop: async () => {
      stopped = true;
      await done;
    },
  };
}

test("killing PostgreSQL in the middle of a sweep, under writers: it goes on by itself, and nothing is lost or doubled", async () => {
  const types = typeClient(service.baseUrl);
  const draft = typeDraft("tiers", field("tier", "string"), field("rank", "number"));
  const { id: typeId } = typeOf(await types.createCustomType({ projectKey, draft }));
  await service.withSql(async (sql) => {
    await sql`update projects set customer_group_limit = 1000000`;
    for (let created = 0; created < GROUPS; created += 1000) {
      await createGroups(
        sql,
        projectId,
        typeId,
        Array.from({ length: 1000 }, () => ({ tier: "gold" })),
      );
    }
  });
  const writers = await Promise.all(
    Array.from({ length: WRITERS }, (_, writer) => startWriter(typeId, writer)),
  );

  await types.updateCustomType({
    projectKey,
    ref: byId(typeId),
    expectedVersion: 1n,
    actions: [{ action: { case: "removeFieldDefinition", value: { fieldName: "tier" } } }],
  });
  await service.withSql(async (sql) => {
    const sweptCount = await untilUnderWay(sql);
    service.killPostgres();
    expect(sweptCount).toBeLessThan(GROUPS);
  });
  await service.untilAnswered(projectKey);

  await service.withSql(async (sql) => {
    await untilSwept(sql);
    await Promise.all(writers.map((writer) => writer.stop()));
    const [end] = await sql<{ ends: number; resources: number }[]>`
      select count(*)::integer as ends, sum((actions -> 0 -> 'finishFieldRemoval' ->> 'resourceCount')::integer)::integer as resources
      from changes
      where project_id = ${projectId} and actions -> 0 ? 'finishFieldRemoval'`;
    expect(end?.ends).toBe(1);
    // A writer's group may have lost its value by a write already.
    expect(end?.resources).toBeGreaterThanOrEqual(GROUPS);
    expect(end?.resources).toBeLessThanOrEqual(GROUPS + WRITERS);
    const left = await sql`select from customer_groups where custom_fields ? 'tier'`;
    expect(left).toHaveLength(0);

    for (const { id, acknowledged, outcomes } of writers) {
      const written = await valuesWritten(sql, id);
      expect(acknowledged.filter((value) => !written.includes(value))).toEqual([]);
      expect(written).toEqual([...new Set(written)]);
      const [group] = await sql`select custom_fields from customer_groups where id = ${id}`;
      expect(group?.customFields).toEqual({ rank: written.at(-1) });
      expect([...outcomes].filter((outcome) => !TOLD_WHILE_AWAY.includes(outcome))).toEqual([]);
    }
    await expectConsistent(sql, projectKey);
  });
  expect(service.output()).toContain("values of a removed custom field are swept");
});

/** How many values are swept: a tenth, or a bit more. */
async function untilUnderWay(sql: Sql): Promise<number> {
  for (let attempt = 0; attempt < 5000; attempt += 1) {
    const [removal] = await sql<{ sweptCount: bigint }[]>`select swept_count from custom_field_removals`;
    if (!removal) break;
    if (removal.sweptCount > GROUPS / 10) return Number(removal.sweptCount);
  }
  throw new Error("the sweep was not met in its middle");
}

async function untilSwept(sql: Sql): Promise<void> {
  for (let attempt = 0; attempt < 300; attempt += 1) {
    const left = await sql`select from custom_field_removals`;
    if (left.length === 0) return;
    await sleep(100);
  }
  throw new Error("the sweep was not done within 30 s");
}

/** The values that the changes of a group tell, in order. */
async function valuesWritten(sql: Sql, groupId: string): Promise<readonly number[]> {
  const rows = await sql<{ value: number }[]>`
    select (actions -> 0 -> 'setCustomField' ->> 'value')::integer as value
    from changes
    where project_id = ${projectId} and resource_id = ${groupId} and version_before is not null
    order by sequence`;
  return rows.map(({ value }) => value);
}

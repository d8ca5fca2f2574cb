import { type DescMethodUnary, fromJson, type JsonObject } from "@bufbuild/protobuf";
import { ConnectError, type Transport } from "@connectrpc/connect";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ProjectService } from "../../gen/clientele/v1/project_service_pb.ts";
import type { Sql } from "../../src/db/connection.ts";
import { openUnswept } from "../db/unswept.ts";
import { methods } from "../input/methods.ts";
import { requestWith } from "../input/samples.ts";
import { openSql } from "../support/consistency.ts";
import { createDatabase } from "../support/database.ts";
import { describeFailure, failureOf } from "../support/failures.ts";
import { filledTables, fillProject } from "./full-project.ts";

// Nothing is purged here: what the project held is all there, and yet there is no such project any more.

const projectKey = "deleted";
const about = methods.filter(({ parent }) => parent !== ProjectService);

let database: Awaited<ReturnType<typeof createDatabase>>;
/** Two instances, which both know the project from calls before it was deleted; the second never doubts it. */
let first: ReturnType<typeof openUnswept>;
let second: ReturnType<typeof openUnswept>;
let sql: Sql;
let held: Awaited<ReturnType<typeof fillProject>>;

beforeAll(async () => {
  database = await createDatabase();
  first = openUnswept(database);
  second = openUnswept(database, { forgetsProjects: false });
  sql = openSql(database);
  held = await fillProject(first, sql, projectKey);
});
afterAll(async () => {
  await sql.end();
  await first.close();
  await second.close();
  await database.drop();
});

/** The smallest request of a method, about what the project holds. */
function requestTo(method: DescMethodUnary, key: string): JsonObject {
  const ids: Readonly<Record<string, string>> = {
    CustomerGroupService: held.group.id,
    CustomerService: held.customer.id,
    CustomTypeService: held.type.id,
  };
  const id = ids[method.parent.name] ?? held.customer.id;
  const { input } = method;
  const has = (name: string) => input.fields.some((field) => field.name === name);
  return {
    ...requestWith(input),
    project_key: key,
    ...(has("ref") && { ref: { id } }),
    ...(has("refs") && { refs: [{ id }] }),
    ...(has("customers") && { customers: [{ id: held.customer.id }] }),
  };
}

async function outcomeOf(transport: Transport, method: DescMethodUnary, key: string) {
  try {
    const request = fromJson(method.input, requestTo(method, key));
    await transport.unary(method, undefined, 20_000, undefined, request);
    return "answered";
  } catch (error) {
    const { code, reason, metadata, message } = describeFailure(ConnectError.from(error));
    return { code, reason, metadata, message };
  }
}

describe("of a deleted project", () => {
  beforeAll(async () => {
    for (const { transport } of [first, second]) {
      for (const method of about.filter(({ name }) => /^(Get|BatchGet|Query|Exists|List)/.test(name))) {
        expect([method.name, await outcomeOf(transport, method, projectKey)]).toEqual([
          method.name,
          "answered",
        ]);
      }
    }
    await first.projects.deleteProject({ projectKey, expectedVersion: 1n });
  });

  test.each(about)("$name answers as of one that never was, through any instance", async (method) => {
    const [one, other, unknown] = await Promise.all([
      outcomeOf(first.transport, method, projectKey),
      outcomeOf(second.transport, method, projectKey),
      outcomeOf(second.transport, method, "unknown"),
    ]);
    expect(unknown).toMatchObject({
      code: "NotFound",
      reason: "RESOURCE_NOT_FOUND",
      metadata: { resource_type: "project", key: "unknown" },
    });
    const expected = JSON.parse(JSON.stringify(unknown).replaceAll("unknown", projectKey));
    expect({ one, other }).toEqual({ one: expected, other: expected });
  });

  test("no remembered answer is repeated", async () => {
    const repeated = await failureOf(second.groups.createCustomerGroup(held.creation));
    expect(repeated).toMatchObject({ code: "NotFound", metadata: { key: projectKey } });
  });

  test.each(["type", "customer"] as const)("no %s is found that a request refers to", async (what) => {
    const draft = {
      name: "New",
      custom: { type: { value: { case: "id" as const, value: held.type.id } }, fields: { tier: "gold" } },
    };
    const call =
      what === "type"
        ? second.groups.createCustomerGroup({ projectKey, draft })
        : second.groups.queryCustomerGroups({
            projectKey,
            member: { value: { case: "id", value: held.customer.id } },
          });
    expect(await failureOf(call)).toMatchObject({ code: "NotFound", metadata: { key: projectKey } });
  });

  test("everything is still stored", async () => {
    expect((await filledTables(sql, projectKey)).length).toBeGreaterThan(9);
  });
});

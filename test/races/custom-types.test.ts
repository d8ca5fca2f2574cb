import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { byId } from "../conformance/groups.ts";
import { expectConsistent } from "../support/consistency.ts";
import { field, typeDraft, typeOf } from "../support/custom-types.ts";
import { tally } from "../support/failures.ts";
import { type Instances, race, roundsOf, startInstances } from "./instances.ts";

// Callers race for custom types through two instances of the service.

const ROUNDS = roundsOf(25);
const CALLERS = 64;

let instances: Instances;
let sql: Instances["sql"];

beforeAll(async () => {
  instances = await startInstances("definitions,additions,keys,updates,limits,repeats");
  ({ sql } = instances);
  await sql`update projects set custom_type_limit = 1000000`;
});
afterAll(() => instances.stop());

describe("one field name with two kinds of values", () => {
  test("comes in with new types: all that do have the same kind", async () => {
    const projectKey = "definitions";
    for (let round = 0; round < ROUNDS; round += 1) {
      const calls = race(CALLERS, (caller) => {
        const definition = field(`field-${round}`, caller % 4 < 2 ? "string" : "number");
        const draft = typeDraft(`type-${round}-${caller}`, definition);
        return instances.types(caller).createCustomType({ projectKey, draft });
      });
      const { counts, failures } = await tally(calls);
      expect(counts).toEqual({ OK: CALLERS / 2, "FailedPrecondition OPERATION_NOT_ALLOWED": CALLERS / 2 });
      for (const { metadata } of failures) expect(metadata.field).toBe(`field-${round}`);
    }
    await expectConsistent(sql, projectKey);
  });

  test("is added to types that are there: all that have it have the same kind", async () => {
    const projectKey = "additions";
    const creations = race(CALLERS, (caller) =>
      instances.types(caller).createCustomType({ projectKey, draft: typeDraft(`type-${caller}`) }),
    );
    const types = (await Promise.all(creations)).map(typeOf);
    for (let round = 0; round < ROUNDS; round += 1) {
      const calls = types.map(async (type, caller) => {
        const fieldDefinition = field(`field-${round}`, caller % 4 < 2 ? "string" : "number");
        const answer = await instances.types(caller).updateCustomType({
          projectKey,
          ref: byId(type.id),
          expectedVersion: type.version,
          actions: [{ action: { case: "addFieldDefinition", value: { fieldDefinition } } }],
        });
        types[caller] = typeOf(answer);
      });
      const { counts } = await tally(calls);
      expect(counts).toEqual({ OK: CALLERS / 2, "FailedPrecondition OPERATION_NOT_ALLOWED": CALLERS / 2 });
    }
    await expectConsistent(sql, projectKey);
  });
});

test("creates of one key: one wins, the others hear which field is taken and by whom", async () => {
  const projectKey = "keys";
  for (let round = 0; round < ROUNDS; round += 1) {
    const calls = race(CALLERS, (caller) =>
      instances.types(caller).createCustomType({ projectKey, draft: typeDraft(`key-${round}`) }),
    );
    const { counts, failures } = await tally(calls);
    expect(counts).toEqual({ OK: 1, "AlreadyExists DUPLICATE_FIELD": CALLERS - 1 });
    const { id } = typeOf(await Promise.any(calls));
    for (const { metadata } of failures) expect(metadata).toEqual({ field: "key", conflicting_id: id });
  }
  await expectConsistent(sql, projectKey);
});

test("updates of one version: one wins, the others hear the true current version", async () => {
  const projectKey = "updates";
  const type = typeOf(
    await instances.types(0).createCustomType({ projectKey, draft: typeDraft("contested") }),
  );
  for (let round = 1; round <= ROUNDS; round += 1) {
    const { counts, failures } = await tally(
      race(CALLERS, (caller) =>
        instances.types(caller).updateCustomType({
          projectKey,
          ref: byId(type.id),
          expectedVersion: BigInt(round),
          actions: [{ action: { case: "setReference", value: { reference: `${round} ${caller}` } } }],
        }),
      ),
    );
    expect(counts).toEqual({ OK: 1, "Aborted VERSION_MISMATCH": CALLERS - 1 });
    for (const { metadata } of failures) {
      expect(metadata).toEqual({ expected_version: `${round}`, current_version: `${round + 1}` });
    }
  }
  await expectConsistent(sql, projectKey);
});

test("creates at ten below the limit: exactly ten succeed", async () => {
  const projectKey = "limits";
  for (let round = 0; round < ROUNDS; round += 1) {
    const [project] = await sql<{ customTypeLimit: number }[]>`
      update projects
      set custom_type_limit = custom_type_count + 10
      where key = ${projectKey}
      returning custom_type_limit`;
    const { counts, failures } = await tally(
      race(CALLERS, (caller) =>
        instances.types(caller).createCustomType({ projectKey, draft: typeDraft(`type-${round}-${caller}`) }),
      ),
    );
    expect(counts).toEqual({ OK: 10, "ResourceExhausted LIMIT_REACHED": CALLERS - 10 });
    const limit = `${project?.customTypeLimit}`;
    for (const { metadata } of failures) {
      expect(metadata).toEqual({ limit_name: "custom_types", limit, current: limit });
    }
  }
  await expectConsistent(sql, projectKey);
});

test("calls of one request id, in pairs: one type each, equal answers", async () => {
  const projectKey = "repeats";
  for (let round = 0; round < ROUNDS; round += 1) {
    const requestId = randomUUID();
    const [one, two] = await Promise.all(
      race(2, (caller) =>
        instances
          .types(caller)
          .createCustomType({ projectKey, draft: typeDraft(`pair-${round}`), requestId }),
      ),
    );
    expect(two).toEqual(one);
  }
  const { results } = await instances.types(0).queryCustomTypes({ projectKey, limit: 500 });
  expect(results).toHaveLength(ROUNDS);
  await expectConsistent(sql, projectKey);
});

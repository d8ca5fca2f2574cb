import type { JsonObject } from "@bufbuild/protobuf";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { CustomerGroup } from "../../gen/clientele/v1/customer_group_pb.ts";
import type { Sql } from "../../src/db/connection.ts";
import { byId, getGroup, newGroup, PROJECT, remove, update } from "../conformance/groups.ts";
import type { Callers } from "../conformance/services.ts";
import { canonical } from "../input/wire.ts";
import { openSql } from "../support/consistency.ts";
import { failureOf } from "../support/failures.ts";
import {
  type CustomFieldService,
  ELEMENTS,
  ENCODINGS,
  type Encoding,
  type FieldDraft,
  type FieldTypeDraft,
  setField,
  setOf,
  startCustomFieldService,
} from "./fixture.ts";
import { ENUM_KEYS, type Field, judge, type Kind } from "./oracle.ts";
import { candidates, fields } from "./random-values.ts";

let service: CustomFieldService;
let sql: Sql;

beforeAll(async () => {
  service = await startCustomFieldService();
  sql = openSql(service.address);
});
afterAll(async () => {
  await sql.end();
  await service.stop();
});

const PLACES = ["draft", "set_custom_type", "set_custom_field"] as const;
type Place = (typeof PLACES)[number];
type Attempt = { readonly values: JsonObject; readonly place: Place; readonly encoding: Encoding };

test("any value is stored in its normal form, or refused and stored nowhere, as an oracle says", async () => {
  const { binary } = service.callers;
  const groupIds = [(await newGroup(binary)).id, (await newGroup(binary)).id];
  const attempt = (ofType: readonly Field[]) =>
    fc.record({
      values: candidates(ofType, groupIds),
      place: fc.constantFrom(...PLACES),
      encoding: fc.constantFrom(...ENCODINGS),
    });
  const runs = fields.chain((ofType) =>
    fc.tuple(fc.constant(ofType), fc.array(attempt(ofType), { minLength: 5, maxLength: 5 })),
  );

  const counts: Record<string, number> = {};
  const rule = async ([ofType, attempts]: readonly [readonly Field[], readonly Attempt[]]) => {
    const type = await service.newType(ofType.map(definitionOf));
    let ground = await newGroup(binary);
    try {
      for (const { values: drawn, place, encoding } of attempts) {
        // An action can't set null where there is no value.
        const values = place === "set_custom_field" ? withoutNulls(drawn) : drawn;
        const verdict = judge(ofType, values, groupIds);
        const outcome = "stored" in verdict ? "stored" : verdict.reason;
        counts[outcome] = (counts[outcome] ?? 0) + 1;
        const call = () => say(service.callers[encoding], type.id, values, place, ground);
        if ("stored" in verdict) {
          const group = await call();
          await expectStored(group, encoding, verdict.stored);
          if (place !== "draft") ground = group;
        } else {
          const before = await contents();
          const { reason } = await failureOf(call());
          expect(reason).toBe(verdict.reason);
          expect(await contents()).toEqual(before);
        }
      }
    } finally {
      await removeAllBut(groupIds);
      await service.deleteType(type);
    }
  };
  // To shrink a counterexample over the wire would take minutes.
  await fc.assert(fc.asyncProperty(runs, rule), { numRuns: 80, endOnFailure: true });

  expect(counts.stored).toBeGreaterThan(120);
  expect(counts.FIELD_INVALID).toBeGreaterThan(80);
  expect(counts.FIELD_REQUIRED).toBeGreaterThan(0);
});

/** Says the values in one place of a request. @param ground the group to update. */
async function say(
  caller: Callers["groups"],
  typeId: string,
  values: JsonObject,
  place: Place,
  ground: CustomerGroup,
): Promise<CustomerGroup> {
  const type = byId(typeId);
  if (place === "draft") return newGroup(caller, { custom: { type, fields: values } });
  if (place === "set_custom_type") {
    return update(caller, ground, [{ case: "setCustomType", value: { type, fields: values } }]);
  }
  return update(caller, ground, [
    { case: "setCustomType", value: { type } },
    ...Object.entries(values).map(([name, value]) => setField(name, value)),
  ]);
}

/** In the answer, in what Get and Query read, each in another encoding, and in the table. */
async function expectStored(answer: CustomerGroup, encoding: Encoding, stored: JsonObject): Promise<void> {
  const { id } = answer;
  const [same, other] = [encoding, encoding === "json" ? "binary" : "json"] as const;
  const [got, { results }, [row]] = await Promise.all([
    getGroup(service.callers[other], id),
    service.callers[same].queryCustomerGroups({ projectKey: PROJECT }),
    sql<{ customFields: JsonObject }[]>`select custom_fields from customer_groups where id = ${id}`,
  ]);
  for (const group of [answer, got, results.find((one) => one.id === id)]) {
    expect(group?.custom?.fields).toEqual(stored);
    // A deep comparison doesn't see all members.
    expect(canonical(group?.custom?.fields)).toBe(canonical(stored));
  }
  expect(canonical(row?.customFields)).toBe(canonical(stored));
}

function withoutNulls(values: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null));
}

async function removeAllBut(ids: readonly string[]): Promise<void> {
  const { binary } = service.callers;
  const { results } = await binary.queryCustomerGroups({ projectKey: PROJECT });
  for (const group of results) if (!ids.includes(group.id)) await remove(binary, group);
}

/** All that a write of a group changes. */
async function contents(): Promise<object> {
  const [row] = await sql<object[]>`
    select
      (select string_agg(g::text, ' ' order by g.id) from customer_groups g) as groups,
      (select count(*) from changes) as changes,
      (select string_agg(p::text, ' ') from projects p) as projects`;
  if (!row) throw new Error("unreachable: it is one row");
  return row;
}

const KEYS = ENUM_KEYS.map((key) => ({ key, label: key }));
const LOCALIZED_KEYS = ENUM_KEYS.map((key) => ({ key, label: { en: key } }));

function definitionOf({ name, kind, isSet, required }: Field): FieldDraft {
  const type = typeOf(kind);
  return { name, required, type: isSet ? setOf(type) : type };
}

function typeOf(kind: Kind): FieldTypeDraft {
  if (kind === "enum") return { case: kind, value: { values: KEYS } };
  if (kind === "localizedEnum") return { case: kind, value: { values: LOCALIZED_KEYS } };
  return ELEMENTS[kind];
}

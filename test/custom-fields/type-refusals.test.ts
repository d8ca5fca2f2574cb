import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ResourceType } from "../../gen/clientele/v1/resource_type_pb.ts";
import { type Actions, byId, byKey, getGroup, newGroup, update } from "../conformance/groups.ts";
import type { Callers } from "../conformance/services.ts";
import { failureOf } from "../support/failures.ts";
import { type CustomFieldService, setField, startCustomFieldService } from "./fixture.ts";

let service: CustomFieldService;
let groups: Callers["groups"];
/** With a required field `tier` and a free `note`. */
let strict: Awaited<ReturnType<CustomFieldService["newType"]>>;
let loose: typeof strict;
/** Not for groups. */
let foreign: typeof strict;

const TEXT = { case: "string", value: {} } as const;

beforeAll(async () => {
  service = await startCustomFieldService();
  groups = service.callers.binary;
  strict = await service.newType([
    { name: "tier", type: TEXT, required: true },
    { name: "note", type: TEXT },
  ]);
  loose = await service.newType([]);
  foreign = await service.newType([], [ResourceType.CUSTOMER, ResourceType.ADDRESS]);
});
afterAll(() => service.stop());

const setType = (type: { readonly id: string }, fields = {}) =>
  ({ case: "setCustomType", value: { type: byId(type.id), fields } }) as const;
const unset = (name: string) => ({ case: "setCustomField", value: { name } }) as const;
const whole = () => ({ type: byId(strict.id), fields: { tier: "gold" } });

const CODES = {
  FIELD_INVALID: "InvalidArgument",
  OPERATION_NOT_ALLOWED: "FailedPrecondition",
  REFERENCE_NOT_FOUND: "FailedPrecondition",
} as const;

describe("is refused, naming the action:", () => {
  test.each<readonly [string, () => Actions, reason: keyof typeof CODES, path: string]>([
    [
      "a field of the type that was",
      () => [setType(loose), setField("tier", "a")],
      "FIELD_INVALID",
      "actions[1].set_custom_field.name",
    ],
    [
      "a value that isn't there to be removed",
      () => [unset("note")],
      "OPERATION_NOT_ALLOWED",
      "actions[0].set_custom_field.name",
    ],
    [
      "null for a value that isn't there",
      () => [setField("note", null)],
      "OPERATION_NOT_ALLOWED",
      "actions[0].set_custom_field.name",
    ],
    [
      "a field of a group without a type",
      () => [{ case: "setCustomType", value: {} }, setField("tier", "a")],
      "OPERATION_NOT_ALLOWED",
      "actions[1].set_custom_field",
    ],
    [
      "fields without a type",
      () => [{ case: "setCustomType", value: { fields: {} } }],
      "FIELD_INVALID",
      "actions[0].set_custom_type",
    ],
    [
      "a type that isn't for groups",
      () => [{ case: "setKey", value: {} }, setType(foreign)],
      "OPERATION_NOT_ALLOWED",
      "actions[1].set_custom_type.type",
    ],
    [
      "a type that isn't there",
      () => [{ case: "setCustomType", value: { type: byKey("no-such-type") } }],
      "REFERENCE_NOT_FOUND",
      "actions[0].set_custom_type.type",
    ],
  ])("%s", async (_, actions, reason, field) => {
    const group = await newGroup(groups, { custom: whole() });
    const failure = await failureOf(update(groups, group, actions()));
    expect(failure).toMatchObject({ code: CODES[reason], reason, metadata: { field } });
    expect(await getGroup(groups, group.id)).toEqual(group);
  });
});

describe("a draft is refused", () => {
  test("with a type that isn't for groups", async () => {
    const failure = await failureOf(newGroup(groups, { custom: { type: byKey(foreign.key) } }));
    expect(failure).toMatchObject({
      reason: "OPERATION_NOT_ALLOWED",
      metadata: { field: "draft.custom.type" },
      message: `draft.custom.type: the custom type "${foreign.key}" is not for this: it is for customer, address`,
    });
  });

  test.each([
    ["key", byKey("no-such-type"), "no-such-type"],
    ["id", byId("0198C5A0-0000-7000-8000-00000000000A"), "0198c5a0-0000-7000-8000-00000000000a"],
  ])("with a type that isn't there, by its %s", async (by, type, said) => {
    const failure = await failureOf(newGroup(groups, { custom: { type, fields: { no: "such field" } } }));
    expect(failure).toMatchObject({
      code: "FailedPrecondition",
      reason: "REFERENCE_NOT_FOUND",
      metadata: { field: "draft.custom.type", resource_type: "custom-type", [by]: said },
      message: `draft.custom.type: there is no custom type with ${by} "${said}"`,
    });
  });

  test("without a type", async () => {
    const failure = await failureOf(newGroup(groups, { custom: { fields: {} } }));
    expect(failure).toMatchObject({ reason: "FIELD_REQUIRED", metadata: { field: "draft.custom.type" } });
  });
});

test("a type is named by its key, or by its id in any case", async () => {
  const fields = { tier: "gold" };
  for (const type of [byKey(strict.key), byId(strict.id), byId(strict.id.toUpperCase())]) {
    const drafted = await newGroup(groups, { custom: { type, fields } });
    expect(drafted.custom).toMatchObject({ type: { id: strict.id }, fields });
    const cleared = await update(groups, drafted, [{ case: "setCustomType", value: {} }]);
    expect(cleared.custom).toBeUndefined();
    const updated = await update(groups, cleared, [
      { case: "setCustomType", value: { type } },
      setField("tier", "gold"),
    ]);
    expect(updated.custom).toEqual(drafted.custom);
  }
});

test("a type that was deleted can't be set", async () => {
  const type = await service.newType([]);
  const group = await newGroup(groups);
  await service.deleteType(type);
  const failure = await failureOf(update(groups, group, [setType(type)]));
  expect(failure).toMatchObject({ reason: "REFERENCE_NOT_FOUND", metadata: { id: type.id } });
});

import type { JsonObject, JsonValue } from "@bufbuild/protobuf";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { CustomerGroup } from "../../gen/clientele/v1/customer_group_pb.ts";
import { badRequest, failureOf, failureStory, fieldInvalid } from "../conformance/failure.ts";
import { byId, newGroup, update } from "../conformance/groups.ts";
import { type CustomFieldService, ENCODINGS, setField, startCustomFieldService } from "./fixture.ts";

let service: CustomFieldService;
let type: ReturnType<typeof byId>;
let typeKey: string;
let group: CustomerGroup;

const COUNT = 12;
const NAMES = Array.from({ length: COUNT }, (_, index) => `field-${index}`);
const NAMES_REQUIRED = NAMES.map((name) => `${name}-required`);

beforeAll(async () => {
  service = await startCustomFieldService();
  const created = await service.newType([
    ...NAMES.map((name) => ({ name, type: { case: "number", value: {} } }) as const),
    ...NAMES_REQUIRED.map((name) => ({ name, required: true, type: { case: "string", value: {} } }) as const),
  ]);
  [type, typeKey] = [byId(created.id), created.key];
  group = await newGroup(service.callers.binary);
});
afterAll(() => service.stop());

/** What is said of several fields at once. */
function faults(
  prefix: string,
  violations: readonly (readonly [name: string, rule: string, said: string])[],
) {
  const reason = violations[0]?.[1] === "required" ? "FIELD_REQUIRED" : "FIELD_INVALID";
  const told = violations.slice(0, 10).map(([name, , description]) => ({
    field: `${prefix}.${name}`,
    description,
    reason,
  }));
  const [[, rule = ""] = [], [first]] = [violations[0], told];
  if (!first) throw new Error("there must be a violation");
  const { field, description } = first;
  return failureStory(
    "InvalidArgument",
    reason,
    `${field}: ${description}`,
    { field, rule },
    badRequest(...told),
  );
}

describe.each(ENCODINGS)("in %s", (encoding) => {
  const both = (fields: JsonObject) => {
    const caller = service.callers[encoding];
    return [
      ["draft.custom.fields", () => newGroup(caller, { custom: { type, fields } })],
      [
        "actions[0].set_custom_type.fields",
        () => update(caller, group, [{ case: "setCustomType", value: { type, fields } }]),
      ],
    ] as const;
  };
  const all = (names: readonly string[], value: JsonValue) =>
    Object.fromEntries(names.map((name) => [name, value]));

  test("all faults are told, in the order of the request", async () => {
    const fields = { "field-3": "3", tier: 1, "field-1": true, "field-0-required": 1, "field-2": 2 };
    const said = [
      ["field-3", "custom_field.number", "must be a number"],
      ["tier", "custom_field.unknown", `the custom type "${typeKey}" has no such field`],
      ["field-1", "custom_field.number", "must be a number"],
      ["field-0-required", "custom_field.string", "must be text"],
    ] as const;
    for (const [path, call] of both(fields)) expect(await failureOf(call())).toEqual(faults(path, said));
  });

  test("of more than ten faults the first ten are told", async () => {
    const said = NAMES.map((name) => [name, "custom_field.number", "must be a number"] as const);
    for (const [path, call] of both(all(NAMES, "x"))) {
      expect(await failureOf(call())).toEqual(faults(path, said));
    }
  });

  test("every required field that is missing is told, up to ten", async () => {
    const left = NAMES_REQUIRED.map(
      (name) => [name, "required", `the custom field "${name}" is required`] as const,
    );
    for (const [path, call] of both(all(NAMES, 0)))
      expect(await failureOf(call())).toEqual(faults(path, left));
    const given = all(NAMES_REQUIRED.slice(0, 9), "");
    for (const [path, call] of both(given)) {
      expect(await failureOf(call())).toEqual(faults(path, left.slice(9)));
    }
    const nothing = all(NAMES_REQUIRED, null);
    for (const [path, call] of both(nothing)) expect(await failureOf(call())).toEqual(faults(path, left));
  });
});

describe("what can't be stored is refused by its path:", () => {
  const NUL = "must not contain a NUL character";
  const INTEGER = "must be an integer of at most 2^53 - 1, or a string";
  const DEEP = "must not be more than 8 levels deep";
  const deep = (levels: number): JsonValue => (levels === 0 ? 1 : { o: deep(levels - 1) });

  test.each<readonly [JsonValue, string, string]>([
    [Number.NaN, "", "must be a finite number"],
    [Number.POSITIVE_INFINITY, "", "must be a finite number"],
    [2 ** 53, "", INTEGER],
    [-1e300, "", INTEGER],
    [5e-324, "", "must be 0, or at least 1e-20 in size"],
    ["a\0", "", NUL],
    [["a", { b: "\0" }], "[1].b", NUL],
    [{ "a\0": 1 }, "", `the name of a member ${NUL}`],
    [deep(8), ".o".repeat(7), DEEP],
  ])("%j", async (value, at, description) => {
    const { binary } = service.callers;
    const custom = { type, fields: { "field-0": value } };
    const setType = { case: "setCustomType", value: custom } as const;
    const story = (path: string) => fieldInvalid(`${path}${at}`, "json", description);
    expect(await failureOf(newGroup(binary, { custom }))).toEqual(story("draft.custom.fields.field-0"));
    expect(await failureOf(update(binary, group, [{ case: "setKey", value: {} }, setType]))).toEqual(
      story("actions[1].set_custom_type.fields.field-0"),
    );
    expect(await failureOf(update(binary, group, [setField("field-0", value)]))).toEqual(
      story("actions[0].set_custom_field.value"),
    );
  });
});

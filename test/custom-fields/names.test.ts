import type { JsonValue } from "@bufbuild/protobuf";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { failureOf, fieldInvalid } from "../conformance/failure.ts";
import { byId, getGroup, newGroup, update } from "../conformance/groups.ts";
import { canonical } from "../input/wire.ts";
import { type CustomFieldService, ENCODINGS, setField, startCustomFieldService } from "./fixture.ts";

let service: CustomFieldService;

beforeAll(async () => {
  service = await startCustomFieldService();
});
afterAll(() => service.stop());

/** Names that every JavaScript object has. */
const NAMES = ["constructor", "toString", "__proto__", "hasOwnProperty", "valueOf", "__defineGetter__"];
/** An own member, whatever its name. */
const only = (name: string, value: JsonValue) => Object.fromEntries([[name, value]]);

describe.each(ENCODINGS)("in %s", (encoding) => {
  test.each(NAMES)("a field called %s holds values like any other", async (name) => {
    const caller = service.callers[encoding];
    const definition = { name, type: { case: "localizedString", value: {} } } as const;
    const created = await service.newType([{ ...definition, required: true }]);
    const type = byId(created.id);
    expect(created.fieldDefinitions.map((one) => one.name)).toEqual([name]);
    const fields = only(name, { en: "1" });

    const path = `draft.custom.fields.${name}`;
    const description = `the custom field "${name}" is required`;
    const missing = fieldInvalid(path, "required", description);
    expect(await failureOf(newGroup(caller, { custom: { type } }))).toEqual(missing);
    expect(await failureOf(newGroup(caller, { custom: { type, fields: only(name, null) } }))).toEqual(
      missing,
    );
    const wrong = fieldInvalid(`${path}.en`, "custom_field.string", "must be text");
    const twisted = { type, fields: only(name, { en: 1 }) };
    expect(await failureOf(newGroup(caller, { custom: twisted }))).toEqual(wrong);

    const drafted = await newGroup(caller, { custom: { type, fields } });
    expect(canonical(drafted.custom?.fields)).toBe(canonical(fields));
    expect(canonical((await getGroup(caller, drafted.id)).custom?.fields)).toBe(canonical(fields));

    const changed = await update(caller, drafted, [setField(name, { de: "2" })]);
    expect(canonical(changed.custom?.fields)).toBe(canonical(only(name, { de: "2" })));
    const again = await update(caller, changed, [
      { case: "setCustomField", value: { name } },
      { case: "setCustomType", value: { type, fields } },
    ]);
    expect(canonical((await getGroup(caller, again.id)).custom?.fields)).toBe(canonical(fields));

    const removal = update(caller, again, [{ case: "setCustomField", value: { name } }]);
    const unset = fieldInvalid("actions[0].set_custom_field.value", "required", description);
    expect(await failureOf(removal)).toEqual(unset);
  });

  test.each(NAMES)("a field called %s that the type doesn't have is unknown", async (name) => {
    const caller = service.callers[encoding];
    const { id, key } = await service.newType([{ name: "other", type: { case: "string", value: {} } }]);
    const type = byId(id);
    const unknown = (path: string) =>
      fieldInvalid(path, "custom_field.unknown", `the custom type "${key}" has no such field`);

    for (const value of ["x", null, {}]) {
      const custom = { type, fields: only(name, value) };
      expect(await failureOf(newGroup(caller, { custom }))).toEqual(unknown(`draft.custom.fields.${name}`));
    }
    const group = await newGroup(caller, { custom: { type, fields: { other: "x" } } });
    const setType = { case: "setCustomType", value: { type, fields: only(name, "x") } } as const;
    const path = `actions[0].set_custom_type.fields.${name}`;
    expect(await failureOf(update(caller, group, [setType]))).toEqual(unknown(path));
    const set = update(caller, group, [setField(name, "x")]);
    expect(await failureOf(set)).toEqual(unknown("actions[0].set_custom_field.name"));
    const unset = update(caller, group, [{ case: "setCustomField", value: { name } }]);
    expect(await failureOf(unset)).toEqual(unknown("actions[0].set_custom_field.name"));
    expect(await getGroup(caller, group.id)).toEqual(group);
  });
});

test("a name that is no name of a field is unknown, and cut where it is long", async () => {
  const { id, key } = await service.newType([{ name: "tier", type: { case: "string", value: {} } }]);
  for (const [name, said] of [
    ["Tier", "Tier"],
    ["", ""],
    ["tier ", "tier "],
    ["fields.tier", "fields.tier"],
    ["x".repeat(500), `${"x".repeat(63)}…`],
  ] as const) {
    const call = newGroup(service.callers.binary, { custom: { type: byId(id), fields: only(name, "x") } });
    const description = `the custom type "${key}" has no such field`;
    const story = fieldInvalid(`draft.custom.fields.${said}`, "custom_field.unknown", description);
    expect(await failureOf(call)).toEqual(story);
  }
});

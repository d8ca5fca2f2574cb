import type { JsonObject } from "@bufbuild/protobuf";
import { expect, test } from "vitest";
import { failureOf } from "../failure.ts";
import { byId, newGroup } from "../groups.ts";
import { limitReached, tooLarge } from "../stories.ts";
import type { Ground } from "../suite.ts";
import { custom, fields, getType, newType, typeJson, updateType } from "../types.ts";

const numbered = (count: number): JsonObject[] =>
  Array.from({ length: count }, (_, index) => ({ name: `number-${index}`, type: { number: {} } }));

const choices = (count: number): JsonObject => ({
  enum: { values: Array.from({ length: count }, (_, index) => ({ key: `${index}`, label: "L" })) },
});

const locales = (text: string): JsonObject =>
  Object.fromEntries(
    Array.from({ length: 50 }, (_, index) => [`en-${String(index).padStart(3, "0")}`, text]),
  );

export function customTypeLimitCases(ground: () => Ground): void {
  test.each<[title: string, draft: JsonObject]>([
    ["a name in 50 languages", { name: locales("ñ".repeat(256)) }],
    ["a description of 2,048 characters", { description: { en: "ñ".repeat(2048) } }],
    ["100 fields", { fieldDefinitions: numbered(100) }],
    ["an enum of 500 values", { fieldDefinitions: [{ name: "choice", type: choices(500) }] }],
    [
      "an enum's key of 256 characters",
      {
        fieldDefinitions: [
          { name: "tier", type: { enum: { values: [{ key: `${"ñ".repeat(255)} `, label: "L" }] } } },
        ],
      },
    ],
    [
      "names that JavaScript objects have",
      { fieldDefinitions: [{ name: "__proto__", type: { string: {} } }] },
    ],
  ])("takes %s", async (_, draft) => {
    const { types } = ground();
    const type = await newType(types, draft);
    expect(typeJson(type)).toMatchObject(draft);
    expect(await getType(types, type.id)).toEqual(type);
  });

  test("refuses a type more than the project may hold, and takes it when one is gone", async () => {
    const { types, sql } = ground();
    await sql`update projects set custom_type_limit = 2 where key = 'limits'`;
    await newType(types, {}, "limits");
    const { id, version } = await newType(types, {}, "limits");
    expect(await failureOf(newType(types, {}, "limits"))).toEqual(limitReached("custom_types", 2, 2));

    await types.deleteCustomType({ projectKey: "limits", ref: byId(id), expectedVersion: version });
    expect(await newType(types, {}, "limits")).toMatchObject({ version: 1n });
  });

  test("refuses more fields than a type may have, unless an action makes room", async () => {
    const { types } = ground();
    const type = await newType(types, { fieldDefinitions: numbered(100) });
    const adding = { addFieldDefinition: { fieldDefinition: { name: "one-more", type: { date: {} } } } };
    expect(await failureOf(updateType(types, type, adding))).toEqual(
      limitReached("field_definitions_of_a_custom_type", 100, 100),
    );
    const removing = { removeFieldDefinition: { fieldName: "number-0" } };
    expect((await updateType(types, type, adding, removing)).fieldDefinitions).toHaveLength(100);
  });

  test("refuses more values than an enum may have", async () => {
    const { types } = ground();
    const type = await newType(types, { fieldDefinitions: [{ name: "choice", type: choices(500) }] });
    const adding = { addEnumValue: { fieldName: "choice", value: { key: "new", label: "New" } } };
    expect(await failureOf(updateType(types, type, adding))).toEqual(
      limitReached("values_of_an_enum", 500, 500),
    );
  });

  test("refuses a type, and a group with custom fields, of more than 128 KiB", async () => {
    const { groups, types } = ground();
    const text = "x".repeat(128 * 1024);
    const typeFailure = await failureOf(newType(types, { metadata: { text } }));
    expect(typeFailure).toEqual(tooLarge("the custom type", 131072, typeFailure.message));

    const type = await newType(types, fields("note"));
    const groupFailure = await failureOf(newGroup(groups, { custom: custom(type, { note: text }) }));
    expect(groupFailure).toEqual(tooLarge("the customer group", 131072, groupFailure.message));
  });
}

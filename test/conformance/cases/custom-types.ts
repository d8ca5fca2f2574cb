import { randomUUID } from "node:crypto";
import type { JsonObject } from "@bufbuild/protobuf";
import { expect, test } from "vitest";
import { Mode } from "../../../gen/clientele/v1/mode_pb.ts";
import { failureOf } from "../failure.ts";
import { byId, byKey, PROJECT, TIMESTAMP, UUID_V7, unique } from "../groups.ts";
import type { Ground } from "../suite.ts";
import {
  FIELD_NAMES,
  FOR_GROUPS,
  field,
  fields,
  getType,
  newType,
  removeType,
  typeJson,
  typeOf,
  updateType,
} from "../types.ts";

export function customTypeCases(ground: () => Ground): void {
  test("creates a custom type with every field and every kind of field definition", async () => {
    const { types } = ground();
    const label = { en: "Field", "zh-Hant-TW": "欄位 🎁" };
    const draft = {
      key: unique("every"),
      name: { en: "Every kind", "de-AT": "Jede Art" },
      description: { "es-419": "Todo" },
      resourceTypes: [FOR_GROUPS, "RESOURCE_TYPE_CUSTOMER", "RESOURCE_TYPE_ADDRESS"],
      fieldDefinitions: [
        ...FIELD_NAMES.filter((name) => name !== "note").map((name) => field(name, { label })),
        field("note", { required: true, inputHint: "INPUT_HINT_MULTI_LINE" }),
      ],
      reference: "t-1",
      referenceOrigin: "pim",
      metadata: { owner: "crm", n: [1, null] },
    };
    const type = await newType(types, draft);
    expect(typeJson(type)).toEqual({
      ...draft,
      id: expect.stringMatching(UUID_V7),
      version: "1",
      createdAt: expect.stringMatching(TIMESTAMP),
      lastModifiedAt: typeJson(type).createdAt,
      mode: "MODE_TEST",
      self: `projects/demo/custom-types/${type.id}`,
    });
    expect(await getType(types, type.id)).toEqual(type);
  });

  test("leaves unset what a draft doesn't say, and shows text in one line", async () => {
    const { types } = ground();
    const fieldDefinitions = [
      { name: "note", type: { string: {} } },
      { name: "vip", type: { boolean: {} } },
    ];
    const type = await newType(types, { fieldDefinitions });
    expect(typeJson(type)).toEqual({
      id: type.id,
      version: "1",
      key: type.key,
      name: { en: "Type" },
      resourceTypes: [FOR_GROUPS],
      ...fields("note", "vip"),
      createdAt: expect.stringMatching(TIMESTAMP),
      lastModifiedAt: typeJson(type).createdAt,
      mode: "MODE_TEST",
      self: `projects/demo/custom-types/${type.id}`,
    });
  });

  test("gets a type by id, by an upper-case id and by key, and says whether it exists", async () => {
    const { types } = ground();
    const key = unique("Got");
    const type = await newType(types, { key });
    const exists = async (ref: ReturnType<typeof byId> | ReturnType<typeof byKey>, projectKey = PROJECT) =>
      (await types.existsCustomType({ projectKey, target: { case: "ref", value: ref } })).exists;

    for (const ref of [byId(type.id), byId(type.id.toUpperCase()), byKey(key)]) {
      expect(typeOf(await types.getCustomType({ projectKey: PROJECT, ref }))).toEqual(type);
      expect(await exists(ref)).toBe(true);
      expect(await exists(ref, "live")).toBe(false);
    }
    expect(await exists(byKey(key.toUpperCase()))).toBe(false);
    expect(await exists(byId(randomUUID()))).toBe(false);
  });

  test("keeps the types of two projects apart, even under one key and with other kinds of values", async () => {
    const { types } = ground();
    const key = unique("shared");
    const one = await newType(types, { key, ...fields("note") });
    const fieldDefinitions = [{ name: "note", type: { number: {} } }];
    const other = await newType(types, { key, fieldDefinitions }, "live");
    expect(other).toMatchObject({ key, version: 1n, mode: Mode.LIVE });
    expect(other.self).toBe(`projects/live/custom-types/${other.id}`);
    expect(await getType(types, one.id)).toEqual(one);
    expect(await failureOf(getType(types, other.id))).toMatchObject({ code: "NotFound" });
  });

  test("lets types of different kinds of resources give one name to different values", async () => {
    const { types } = ground();
    const name = unique("f");
    const drafts = [
      { fieldDefinitions: [{ name, type: { number: {} } }] },
      { resourceTypes: ["RESOURCE_TYPE_ADDRESS"], fieldDefinitions: [{ name, type: { date: {} } }] },
      // Enums may differ in their values.
      { resourceTypes: ["RESOURCE_TYPE_CUSTOMER"], fieldDefinitions: [choice(name, "a")] },
      { resourceTypes: ["RESOURCE_TYPE_CUSTOMER"], fieldDefinitions: [choice(name, "b")] },
    ];
    for (const draft of drafts) expect(typeJson(await newType(types, draft))).toMatchObject(draft);
  });

  test("updates a type by key, even to another key", async () => {
    const { types } = ground();
    const [key, next] = [unique("from"), unique("to")];
    const { id } = await newType(types, { key });
    const request = { projectKey: PROJECT, ref: byKey(key), expectedVersion: 1n };
    const actions = [{ action: { case: "changeKey" as const, value: { key: next } } }];
    const updated = typeOf(await types.updateCustomType({ ...request, actions }));
    expect(updated).toMatchObject({ id, key: next, version: 2n });
    expect(typeOf(await types.getCustomType({ projectKey: PROJECT, ref: byKey(next) }))).toEqual(updated);
  });

  test("returns a deleted type as it last was, and frees its key and the names of its fields", async () => {
    const { types } = ground();
    const key = unique("gone");
    // A name of its own: what it takes is to change.
    const name = unique("f");
    const created = await newType(types, { key, fieldDefinitions: [{ name, type: { date: {} } }] });
    const last = await updateType(types, created, { setDescription: { description: { en: "old" } } });
    expect(await removeType(types, last)).toEqual(last);
    expect(await failureOf(getType(types, last.id))).toMatchObject({ code: "NotFound" });

    const again = await newType(types, { key, fieldDefinitions: [{ name, type: { boolean: {} } }] });
    const request = { projectKey: PROJECT, ref: byKey(key), expectedVersion: 1n };
    expect(typeOf(await types.deleteCustomType(request))).toEqual(again);
  });

  test("says who created and who last changed a type", async () => {
    const { types } = ground();
    const as = (user: string) => ({ headers: { "x-external-user-id": user } });
    const { id } = await newType(types);
    const request = { projectKey: PROJECT, ref: byId(id), expectedVersion: 1n };
    const actions = [{ action: { case: "setReference" as const, value: { reference: "r" } } }];
    const updated = typeOf(await types.updateCustomType({ ...request, actions }, as("bob")));
    expect(updated.createdBy).toBeUndefined();
    expect(updated.lastModifiedBy).toMatchObject({ externalUserId: "bob" });
  });
}

function choice(name: string, key: string): JsonObject {
  return { name, type: { enum: { values: [{ key, label: key }] } } };
}

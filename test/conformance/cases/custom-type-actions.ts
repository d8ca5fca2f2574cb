import { expect, test } from "vitest";
import { failureOf } from "../failure.ts";
import { TIMESTAMP } from "../groups.ts";
import type { Ground } from "../suite.ts";
import { changes, full, idle } from "../type-changes.ts";
import { fields, getType, newType, typeJson, updateType } from "../types.ts";

export function customTypeActionCases(ground: () => Ground): void {
  test.each(changes)("applies %s to a type", async (_, actions, after) => {
    const { types } = ground();
    const before = await newType(types, full);
    const updated = await updateType(types, before, ...actions);
    expect(typeJson(updated)).toEqual({
      ...typeJson(before),
      ...after,
      version: "2",
      lastModifiedAt: expect.stringMatching(TIMESTAMP),
    });
    expect(await getType(types, before.id)).toEqual(updated);
  });

  test.each(idle)("leaves version and last_modified_at of a type alone with %s", async (_, actions) => {
    const { types } = ground();
    const draft = { ...fields("note", "tier"), name: { en: "A", de: "B" }, metadata: { a: [1], b: 2 } };
    const before = await newType(types, draft);
    expect(await updateType(types, before, ...actions)).toEqual(before);
    expect(await getType(types, before.id)).toEqual(before);
  });

  test("applies nothing to a type when one action can't be", async () => {
    const { types } = ground();
    const before = await newType(types, fields("note"));
    const removing = { removeFieldDefinition: { fieldName: "note" } };
    expect(await failureOf(updateType(types, before, removing, removing))).toMatchObject({
      code: "FailedPrecondition",
    });
    expect(await getType(types, before.id)).toEqual(before);
  });
}

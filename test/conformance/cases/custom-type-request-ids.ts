import { expect, test } from "vitest";
import { failureOf } from "../failure.ts";
import { byId, PROJECT, unique } from "../groups.ts";
import type { Ground } from "../suite.ts";
import { fields, newType, removeType, typeActions, typeDraft } from "../types.ts";
import { requestIdReused } from "./request-id.ts";

export function customTypeRequestIdCases(ground: () => Ground): void {
  test("answers a repeated creation of a type as the first time, even when it is gone", async () => {
    const { types } = ground();
    const request = {
      projectKey: PROJECT,
      draft: typeDraft({ ...fields("rank", "title"), name: { en: "Once", de: "Einmal" } }),
      requestId: unique("request"),
    };
    const first = await types.createCustomType(request);
    expect(await types.createCustomType(request)).toEqual(first);
    if (first.customType) await removeType(types, first.customType);
    expect(await types.createCustomType(request)).toEqual(first);

    const other = { ...request, draft: { ...request.draft, name: { en: "Twice" } } };
    expect(await failureOf(types.createCustomType(other))).toEqual(requestIdReused);
  });

  test("answers a repeated update and deletion of a type as the first time", async () => {
    const { types } = ground();
    const { id } = await newType(types, fields("note"));
    const request = { projectKey: PROJECT, ref: byId(id), requestId: unique("request") };
    const actions = typeActions({ removeFieldDefinition: { fieldName: "note" } });
    const updating = { ...request, expectedVersion: 1n, actions };
    const updated = await types.updateCustomType(updating);
    expect(updated.customType).toMatchObject({ version: 2n, fieldDefinitions: [] });
    expect(await types.updateCustomType(updating)).toEqual(updated);

    // The same id for another method is another request.
    const deleting = { ...request, expectedVersion: 2n };
    const deleted = await types.deleteCustomType(deleting);
    expect(deleted.customType).toEqual(updated.customType);
    expect(await types.deleteCustomType(deleting)).toEqual(deleted);
    expect(await types.updateCustomType(updating)).toEqual(updated);
  });
}

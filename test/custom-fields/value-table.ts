import type { JsonValue } from "@bufbuild/protobuf";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { CustomerGroup } from "../../gen/clientele/v1/customer_group_pb.ts";
import { type FailureStory, failureOf, fieldInvalid } from "../conformance/failure.ts";
import { byId, getGroup, newGroup, update } from "../conformance/groups.ts";
import { ENCODINGS, EVERY_FIELD, type FieldName, setField, startCustomFieldService } from "./fixture.ts";

/** Without a second value: it is stored as it comes. */
export type AcceptedRow = readonly [value: JsonValue, stored?: JsonValue];
/** `at`: where it is, from the value on. */
export type Fault = { readonly at: string; readonly rule: string; readonly description: string };

export function fault(at: string, rule: string, description: string): Fault {
  return { at, rule: `custom_field.${rule}`, description };
}

/**
 * Registers tests of single values, each said in all three places that a request can say it, and in a
 * draft both in binary and in JSON. To be called once in a file.
 */
export function valueTable() {
  let service: Awaited<ReturnType<typeof startCustomFieldService>>;
  let type: ReturnType<typeof byId>;
  /** For refusals: they never change. */
  let untyped: CustomerGroup;
  let typed: CustomerGroup;
  /** For values that are accepted: they are changed again and again. */
  let byType: CustomerGroup;
  let byField: CustomerGroup;

  beforeAll(async () => {
    service = await startCustomFieldService();
    const { binary } = service.callers;
    type = byId((await service.newType(EVERY_FIELD)).id);
    [untyped, byType, byField] = [await newGroup(binary), await newGroup(binary), await newGroup(binary)];
    typed = await newGroup(binary, { custom: { type } });
  });
  afterAll(async () => {
    const { binary } = service.callers;
    expect(await getGroup(binary, untyped.id)).toEqual(untyped);
    expect(await getGroup(binary, typed.id)).toEqual(typed);
    await service.stop();
  });

  return {
    /** For values that refer to one. */
    newGroup: () => newGroup(service.callers.binary),

    accepts(field: FieldName, rows: readonly AcceptedRow[]): void {
      const each = rows.map(([value, stored = value]) => [value, stored] as const);
      test.each(each)(`a field ${field} takes %j`, (value, stored) =>
        this.expectAccepted(field, value, stored),
      );
    },

    refuses(field: FieldName, { at, rule, description }: Fault, values: readonly JsonValue[]): void {
      const each = values.map((value) => [value] as const);
      test.each(each)(`a field ${field} refuses %j${at && `, at ${at}`}`, (value) =>
        this.expectRefused(field, value, (path) => fieldInvalid(`${path}${at}`, rule, description)),
      );
    },

    async expectAccepted(field: FieldName, value: JsonValue, stored: JsonValue): Promise<void> {
      const { binary, json } = service.callers;
      const custom = { type, fields: { [field]: value } };
      const inBinary = await newGroup(binary, { custom });
      const inJson = await newGroup(json, { custom });
      byType = await update(binary, byType, [{ case: "setCustomType", value: custom }]);
      byField = await update(binary, byField, [
        { case: "setCustomType", value: { type } },
        setField(field, value),
      ]);
      for (const group of [inBinary, inJson, byType, byField]) {
        expect(group.custom?.fields).toEqual({ [field]: stored });
        const reader = group === inJson ? binary : json;
        expect((await getGroup(reader, group.id)).custom?.fields).toEqual({ [field]: stored });
      }
    },

    /** @param storyOf tells of a value at this path. */
    async expectRefused(
      field: FieldName,
      value: JsonValue,
      storyOf: (path: string) => FailureStory,
    ): Promise<void> {
      const { binary } = service.callers;
      const custom = { type, fields: { [field]: value } };
      for (const encoding of ENCODINGS) {
        const call = newGroup(service.callers[encoding], { custom });
        expect(await failureOf(call)).toEqual(storyOf(`draft.custom.fields.${field}`));
      }
      const setType = update(binary, untyped, [{ case: "setCustomType", value: custom }]);
      expect(await failureOf(setType)).toEqual(storyOf(`actions[0].set_custom_type.fields.${field}`));
      const set = update(binary, typed, [setField(field, value)]);
      expect(await failureOf(set)).toEqual(storyOf("actions[0].set_custom_field.value"));
    },
  };
}

import { create } from "@bufbuild/protobuf";
import { describe, expect, test } from "vitest";
import { CustomTypeDraftSchema } from "../../gen/clientele/v1/custom_type_service_pb.ts";
import { FieldDefinitionSchema, InputHint } from "../../gen/clientele/v1/field_definition_pb.ts";
import { ResourceType } from "../../gen/clientele/v1/resource_type_pb.ts";
import { stateOfDraft } from "../../src/custom-types/actions.ts";
import { toDefinition, toDefinitionState } from "../../src/custom-types/definition.ts";
import { ELEMENT_NAMES, ELEMENTS, EVERY_FIELD, setOf } from "../custom-fields/fixture.ts";

test("a draft becomes a state with null where nothing was said", () => {
  const draft = create(CustomTypeDraftSchema, {
    key: "k1",
    name: { en: "Type" },
    resourceTypes: [ResourceType.CUSTOMER, ResourceType.CUSTOMER_GROUP, ResourceType.ADDRESS],
    metadata: { z: -0 },
  });
  expect(stateOfDraft(draft)).toEqual({
    key: "k1",
    name: { en: "Type" },
    description: {},
    resourceTypes: ["customer", "customer-group", "address"],
    fieldDefinitions: [],
    reference: null,
    referenceOrigin: null,
    metadata: { z: 0 },
  });
});

test.each(EVERY_FIELD)(
  "the definition of a field $name is the same after it was stored",
  ({ name, type }) => {
    const takesText = /^(localizedS|s)tring(Set)?$/.test(name);
    const definition = create(FieldDefinitionSchema, {
      name,
      type: { type },
      required: true,
      label: { en: "Label" },
      inputHint: takesText ? InputHint.MULTI_LINE : InputHint.UNSPECIFIED,
    });
    const stored: unknown = JSON.parse(JSON.stringify(toDefinitionState(definition)));
    expect(toDefinitionState(definition)).toEqual(stored);
    expect(create(FieldDefinitionSchema, toDefinition(toDefinitionState(definition)))).toEqual(definition);
  },
);

describe("without a hint", () => {
  test.each(ELEMENT_NAMES)("a field %s, or a set of it, is shown in one line if it takes text", (name) => {
    const inputHint = name === "string" || name === "localizedString" ? "singleLine" : null;
    for (const type of [ELEMENTS[name], setOf(ELEMENTS[name])]) {
      const definition = create(FieldDefinitionSchema, { name, type: { type } });
      expect(toDefinitionState(definition)).toMatchObject({ inputHint, required: false, label: {} });
    }
  });
});

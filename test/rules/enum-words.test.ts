import { create } from "@bufbuild/protobuf";
import { expect, test } from "vitest";
import {
  CreateCustomTypeRequestSchema,
  CustomTypeUpdateActionSchema,
} from "../../gen/clientele/v1/custom_type_service_pb.ts";
import {
  DeleteCustomerGroupRequestSchema,
  type OnMembers,
} from "../../gen/clientele/v1/customer_group_service_pb.ts";
import { OrderDraftSchema } from "../../gen/clientele/v1/customer_service_pb.ts";
import { InputHint } from "../../gen/clientele/v1/field_definition_pb.ts";
import { ResourceType } from "../../gen/clientele/v1/resource_type_pb.ts";
import { createCheck } from "../../src/interceptors/validate.ts";

const check = createCheck();

test("a value that an enum has not everywhere is told those that it may have", () => {
  const draft = { orderId: "1", total: { currencyCode: "EUR" } };
  expect(() => check(OrderDraftSchema, create(OrderDraftSchema, draft))).toThrow(
    "status: must be ORDER_STATUS_PENDING, ORDER_STATUS_PLACED or ORDER_STATUS_CANCELLED",
  );
});

test("so is one in a list", () => {
  const draft = {
    key: "type",
    name: { en: "Type" },
    resourceTypes: [ResourceType.CUSTOMER, ResourceType.UNSPECIFIED],
  };
  const request = create(CreateCustomTypeRequestSchema, { projectKey: "demo", draft });
  expect(() => check(CreateCustomTypeRequestSchema, request)).toThrow(
    "draft.resource_types[1]: must be RESOURCE_TYPE_CUSTOMER_GROUP, RESOURCE_TYPE_CUSTOMER or RESOURCE_TYPE_ADDRESS",
  );
});

test("so is one of two", () => {
  const value = { fieldName: "tier", inputHint: InputHint.UNSPECIFIED };
  const action = create(CustomTypeUpdateActionSchema, { action: { case: "changeInputHint", value } });
  expect(() => check(CustomTypeUpdateActionSchema, action)).toThrow(
    "change_input_hint.input_hint: must be INPUT_HINT_SINGLE_LINE or INPUT_HINT_MULTI_LINE",
  );
});

test("a value that an enum does not have is told all that it has", () => {
  const request = create(DeleteCustomerGroupRequestSchema, {
    projectKey: "demo",
    ref: { value: { case: "key", value: "gold" } },
    expectedVersion: 1n,
    onMembers: 3 as OnMembers,
  });
  expect(() => check(DeleteCustomerGroupRequestSchema, request)).toThrow(
    "on_members: must be ON_MEMBERS_UNSPECIFIED, ON_MEMBERS_REFUSE or ON_MEMBERS_DETACH",
  );
});

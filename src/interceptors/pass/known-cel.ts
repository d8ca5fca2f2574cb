import type {
  CustomerUpdateAction_SetCustomType,
  OrderDraft,
  QueryCustomersRequest,
} from "../../../gen/clientele/v1/customer_service_pb.ts";
import type { FieldDefinition, FieldType } from "../../../gen/clientele/v1/field_definition_pb.ts";
import { OrderStatus } from "../../../gen/clientele/v1/order_pb.ts";
import type { Pass } from "./pass.ts";

/** A pass for a rule in CEL, by its very text: where that changes, no pass is known until this is changed too. */
export function passOfCel(expression: string): Pass | undefined {
  return KNOWN.get(expression);
}

const KNOWN: ReadonlyMap<string, Pass> = new Map([
  of<Pick<QueryCustomersRequest, "offset" | "pageToken">>(
    "!(has(this.offset) && this.page_token != '')",
    ({ offset, pageToken }) => offset === undefined || pageToken === "",
  ),
  of<Pick<CustomerUpdateAction_SetCustomType, "type" | "fields">>(
    "has(this.type) || !has(this.fields)",
    ({ type, fields }) => type !== undefined || fields === undefined,
  ),
  of<OrderDraft>(
    "this.status == 2 ? has(this.placed_at) : this.status == 1 ? !has(this.placed_at) : true",
    ({ status, placedAt }) =>
      status === OrderStatus.PLACED
        ? placedAt !== undefined
        : status !== OrderStatus.PENDING || placedAt === undefined,
  ),
  of<FieldDefinition>(
    "this.input_hint == 0 || has(this.type.string) || has(this.type.localized_string)" +
      " || has(this.type.set.element_type.string) || has(this.type.set.element_type.localized_string)",
    ({ inputHint, type }) => inputHint === 0 || isText(type) || isText(elementType(type)),
  ),
  of<readonly { readonly key: string }[]>("this.map(value, value.key).unique()", (values) =>
    isEachOnce(values.map(({ key }) => key)),
  ),
  of<readonly { readonly name: string }[]>("this.map(definition, definition.name).unique()", (definitions) =>
    isEachOnce(definitions.map(({ name }) => name)),
  ),
  of<FieldType>("!has(this.set)", ({ type }) => type.case !== "set"),
]);

function of<Value>(expression: string, pass: (value: Value) => boolean): [string, Pass] {
  return [expression, (value) => pass(value as Value)];
}

function isText(fieldType: FieldType | undefined): boolean {
  return fieldType?.type.case === "string" || fieldType?.type.case === "localizedString";
}

function elementType(fieldType: FieldType | undefined): FieldType | undefined {
  return fieldType?.type.case === "set" ? fieldType.type.value.elementType : undefined;
}

function isEachOnce(texts: readonly string[]): boolean {
  return new Set(texts).size === texts.length;
}

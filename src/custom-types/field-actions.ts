import { failure } from "../errors.ts";
import type { FieldDefinitionState } from "./field-type.ts";
import type { CustomTypeState } from "./state.ts";

// What actions on the fields of a custom type share; pure.

/** @throws Failure OPERATION_NOT_ALLOWED at `path` when the type has no such field. */
export function requireField(
  { fieldDefinitions }: CustomTypeState,
  fieldName: string,
  path: string,
): FieldDefinitionState {
  const definition = fieldDefinitions.find(({ name }) => name === fieldName);
  if (!definition) throw failure.operationNotAllowed(path, "the type has no such field");
  return definition;
}

/** @throws Failure OPERATION_NOT_ALLOWED at `path` when the type has no such field. */
export function changeField(
  type: CustomTypeState,
  fieldName: string,
  path: string,
  change: (definition: FieldDefinitionState) => FieldDefinitionState,
): CustomTypeState {
  const changed = change(requireField(type, fieldName, path));
  const fieldDefinitions = type.fieldDefinitions.map((one) => (one.name === fieldName ? changed : one));
  return { ...type, fieldDefinitions };
}

/**
 * The same items in the order of `keys`.
 *
 * @throws Failure OPERATION_NOT_ALLOWED at `path` when the keys aren't exactly those of the items.
 */
export function reorder<Item>(
  items: readonly Item[],
  keyOf: (item: Item) => string,
  keys: readonly string[],
  path: string,
  what: string,
): Item[] {
  const byKey = new Map(items.map((item) => [keyOf(item), item]));
  const ordered = keys.flatMap((key) => byKey.get(key) ?? []);
  if (new Set(ordered).size !== items.length || keys.length !== items.length) {
    throw failure.operationNotAllowed(path, `must be the ${items.length} ${what} that there are, each once`);
  }
  return ordered;
}

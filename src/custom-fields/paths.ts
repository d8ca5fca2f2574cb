/** Which custom fields an action sets: one by its name, all of them, or none. */
export type TouchedFields = string | typeof EVERY_FIELD | undefined;

export const EVERY_FIELD = Symbol("every custom field");

/**
 * Where a request says the value of a custom field in the end: the last action that sets it. For a
 * field that none sets, the last one that sets any: it would have been the place.
 *
 * @param touched of each action of the request; one at least sets a field.
 */
export function customFieldPath(touched: readonly TouchedFields[], name: string): string {
  const last = touched.findLastIndex((fields) => fields === name || fields === EVERY_FIELD);
  if (last >= 0) {
    return `actions[${last}].${touched[last] === EVERY_FIELD ? `set_custom_type.fields.${name}` : "set_custom_field.value"}`;
  }
  return `actions[${touched.findLastIndex((fields) => fields !== undefined)}].set_custom_field`;
}

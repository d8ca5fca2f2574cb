import type { Fields, MapField } from "../predicates/field.ts";
import {
  column,
  columnField,
  HEADER_FIELDS,
  listColumn,
  mapColumn,
} from "../predicates/fields-of-columns.ts";
import { ELEMENT, elementsOf } from "../predicates/fields-of-elements.ts";
import { BOOLEAN, TEXT, words } from "../predicates/kinds.ts";

/** Texts by locale: where there are none, there is nothing. */
function localized(columnName: string): MapField {
  const texts = column(columnName);
  return { ...mapColumn(columnName), value: (scope, of) => scope.sql`nullif(${texts(scope, of)}, '{}')` };
}

/** What predicates and sorts of custom types can name. */
export const typeFields: Fields = {
  ...HEADER_FIELDS,
  key: columnField("key", TEXT, false),
  name: localized("name"),
  description: localized("description"),
  resourceTypes: listColumn(
    "resource_types",
    words("RESOURCE_TYPE_", ["customer", "customer-group", "address"]),
  ),
  fieldDefinitions: elementsOf(
    "field_definitions",
    { name: TEXT, required: BOOLEAN },
    {
      label: {
        form: "map",
        value: (scope, of) => scope.sql`(${ELEMENT(scope, of)} -> 'label')`,
        isEmpty: (scope, of) => scope.sql`coalesce(${ELEMENT(scope, of)} -> 'label', '{}') = '{}'`,
        keepsTimes: false,
      },
    },
  ),
  metadata: mapColumn("metadata"),
};

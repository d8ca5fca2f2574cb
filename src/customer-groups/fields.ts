import { customField } from "../custom-fields/fields.ts";
import type { Fields, ObjectListField } from "../predicates/field.ts";
import {
  columnField,
  HEADER_FIELDS,
  listColumn,
  mapColumn,
  textColumns,
} from "../predicates/fields-of-columns.ts";
import { elementsOf } from "../predicates/fields-of-elements.ts";
import { NUMBER, PART_ID, TEXT } from "../predicates/kinds.ts";

const attachments: ObjectListField = elementsOf("attachments", {
  id: PART_ID,
  name: TEXT,
  description: TEXT,
  url: TEXT,
  reference: TEXT,
});

/** What predicates and sorts of customer groups can name. */
export const groupFields: Fields = {
  ...HEADER_FIELDS,
  ...textColumns(["priceListId"]),
  name: columnField("name", TEXT, false),
  customerCount: columnField("customer_count", NUMBER, false),
  marketIds: listColumn("market_ids", TEXT),
  attachments,
  metadata: mapColumn("metadata"),
  custom: customField(),
};

import type { MessageInitShape } from "@bufbuild/protobuf";
import type {
  CustomerGroupDraftSchema,
  QueryCustomerGroupsRequestSchema,
} from "../../gen/clientele/v1/customer_group_service_pb.ts";
import { groupFields } from "../../src/customer-groups/fields.ts";
import { patternInWords } from "../../src/interceptors/pattern-words.ts";
import type { Action } from "./groups.ts";
import { noSuchSort } from "./sorts.ts";

/** A value that breaks a rule, and what is said of it. */
export type Row<Value> = readonly [value: Value, field: string, rule: string, description: string];
type Draft = MessageInitShape<typeof CustomerGroupDraftSchema>;
type Query = Omit<MessageInitShape<typeof QueryCustomerGroupsRequestSchema>, "$typeName">;

export const NAME = "^\\p{Z}*[^\\p{Cc}\\p{Z}]\\P{Cc}*$";
export const KEY = "^[A-Za-z0-9_-]{2,256}$";
const PROJECT_KEY = "^[a-z0-9][a-z0-9-]{1,62}$";
export const REQUEST_ID = "^[!-~]{0,128}$";
const URL = "^https?://[!-~]+$";
export const NUL = "must not contain a NUL character";
const deep = { 1: { 2: { 3: { 4: { 5: { 6: { 7: { 8: { 9: 1 } } } } } } } } };
export const full = Array.from({ length: 501 }, (_, index) => `m${index}`);

export const drafts: readonly Row<Draft>[] = [
  [{ name: "" }, "draft.name", "required", "value is required"],
  [{ name: " \u00a0 " }, "draft.name", "string.pattern", unlike(NAME)],
  [{ name: "a\tb" }, "draft.name", "string.pattern", unlike(NAME)],
  [{ name: "n".repeat(257) }, "draft.name", "string.max_len", "must be at most 256 characters"],
  [{ key: "k" }, "draft.key", "string.pattern", unlike(KEY)],
  [{ key: "key with blanks" }, "draft.key", "string.pattern", unlike(KEY)],
  [{ reference: "" }, "draft.reference", "string.min_len", "must be at least 1 characters"],
  [{ reference: "ä".repeat(129) }, "draft.reference", "string.max_bytes", "must be at most 256 bytes"],
  [{ referenceOrigin: "a\0b" }, "draft.reference_origin", "text", NUL],
  [{ priceListId: "p".repeat(257) }, "draft.price_list_id", "string.max_bytes", "must be at most 256 bytes"],
  [
    { marketIds: ["a", "b", "a"] },
    "draft.market_ids",
    "repeated.unique",
    "repeated value must contain unique items",
  ],
  [{ marketIds: ["a", ""] }, "draft.market_ids[1]", "string.min_len", "must be at least 1 characters"],
  [{ marketIds: ["a", "b\0"] }, "draft.market_ids[1]", "text", NUL],
  [{ marketIds: full }, "draft.market_ids", "repeated.max_items", "must contain no more than 500 item(s)"],
  [{ metadata: { a: ["b", { c: "\0" }] } }, "draft.metadata.a[1].c", "json", NUL],
  [
    { metadata: { a: deep } },
    "draft.metadata.a.1.2.3.4.5.6.7",
    "json",
    "must not be more than 8 levels deep",
  ],
  [
    { metadata: { n: -(2 ** 53) } },
    "draft.metadata.n",
    "json",
    "must be an integer of at most 2^53 - 1, or a string",
  ],
];

export const actions: readonly Row<Action>[] = [
  [{ case: "changeName", value: { name: "" } }, "change_name.name", "required", "value is required"],
  [{ case: "changeName", value: { name: "a\u0085" } }, "change_name.name", "string.pattern", unlike(NAME)],
  [{ case: "setKey", value: { key: "" } }, "set_key.key", "string.pattern", unlike(KEY)],
  [
    { case: "setReference", value: { reference: "" } },
    "set_reference.reference",
    "string.min_len",
    "must be at least 1 characters",
  ],
  [
    { case: "setMetadata", value: { metadata: { a: deep } } },
    "set_metadata.metadata.a.1.2.3.4.5.6.7",
    "json",
    "must not be more than 8 levels deep",
  ],
  [
    { case: "addMarkets", value: {} },
    "add_markets.market_ids",
    "repeated.min_items",
    "must contain at least 1 item(s)",
  ],
  [
    { case: "removeMarkets", value: { marketIds: ["a", "a"] } },
    "remove_markets.market_ids",
    "repeated.unique",
    "repeated value must contain unique items",
  ],
  [
    { case: "setMarkets", value: { marketIds: [""] } },
    "set_markets.market_ids[0]",
    "string.min_len",
    "must be at least 1 characters",
  ],
  [{ case: "addAttachment", value: {} }, "add_attachment.attachment", "required", "value is required"],
  [
    { case: "addAttachment", value: { attachment: { name: "a", url: "ftp://a" } } },
    "add_attachment.attachment.url",
    "string.pattern",
    unlike(URL),
  ],
  [
    { case: "changeAttachment", value: { id: "1", attachment: { name: "a" } } },
    "change_attachment.id",
    "string.uuid",
    "must be a valid UUID",
  ],
  [
    { case: "removeAttachment", value: { id: "" } },
    "remove_attachment.id",
    "string.uuid_empty",
    "value is empty, which is not a valid UUID",
  ],
];

export const queries: readonly Row<Query>[] = [
  [{ projectKey: "" }, "project_key", "required", "value is required"],
  [{ projectKey: "Demo" }, "project_key", "string.pattern", unlike(PROJECT_KEY)],
  [
    { limit: -1 },
    "limit",
    "int32.gte_lte",
    "must be greater than or equal to 0 and less than or equal to 500",
  ],
  [
    { limit: 501 },
    "limit",
    "int32.gte_lte",
    "must be greater than or equal to 0 and less than or equal to 500",
  ],
  [
    { offset: 10_001 },
    "offset",
    "int32.gte_lte",
    "must be greater than or equal to 0 and less than or equal to 10000",
  ],
  [
    { offset: 0, pageToken: "t" },
    "",
    "query.offset_or_page_token",
    "offset and page_token exclude each other",
  ],
  [{ sort: ["name", "shoe_size"] }, "sort[1]", "sort.field", noSuchSort("shoe_size", groupFields)],
  [{ sort: ["constructor"] }, "sort[0]", "sort.field", noSuchSort("constructor", groupFields)],
  [{ sort: ["name up"] }, "sort[0]", "sort.direction", 'must be a field, or a field and "asc" or "desc"'],
  [{ sort: ["name", "name desc"] }, "sort[1]", "sort.unique", '"name" is there twice'],
  [
    { sort: ["a", "b", "c", "d", "e", "f"] },
    "sort",
    "repeated.max_items",
    "must contain no more than 5 item(s)",
  ],
];

/** What is said of text that breaks a pattern. */
export function unlike(pattern: string): string {
  return patternInWords(`does not match regex pattern \`${pattern}\``);
}

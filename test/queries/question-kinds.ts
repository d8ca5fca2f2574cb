// Queries of every kind. In them ¤ stands for a name or a text, # for an integer, ~ for a decimal
// number, § for an id, ¶ for a time and ¥ for a day.

const TEXT_CONDITIONS = (field: string) => [
  `${field} = "¤"`,
  `${field} != "¤"`,
  `${field} < "¤"`,
  `${field} >= "¤"`,
  `${field} in ("¤", "x¤")`,
  `${field} not in ("¤")`,
  `${field} matches ignore case "¤"`,
  `${field} = :¤`,
  `${field} in :list¤`,
];

const HEADER = [
  'id = "§"',
  'id > "§"',
  'id in ("§", "§")',
  "version = #",
  "version < ~",
  "version in (#, #)",
  "version in (#, ~)",
  'createdAt = "¶"',
  'lastModifiedAt >= "¥"',
  'createdAt in ("¶", "¥")',
  'createdBy(clientId = "¤" or customerId > "¤")',
  'metadata(¤ = "¤")',
  "metadata(¤ is defined or ¤ is not empty)",
];

const JSON_CONDITIONS = [
  ...TEXT_CONDITIONS("¤"),
  "¤ = #",
  "¤ < ~",
  "¤ in (#, ~)",
  "¤ = true",
  '¤ contains all ("¤", #)',
  '¤ contains any ("¤", "¶")',
  '¤ = "10:00:00" and ¤ > "¶"',
  "¤ is not defined or ¤ is empty",
  "¤ within circle(1.#, 2.#, #)",
  '¤(¤ = "¤" and ¤ = #)',
  '¤(¤(¤ > "¤") or not ¤ in (#))',
];

export const customerPredicates: readonly string[] = [
  ...HEADER,
  ...TEXT_CONDITIONS("lastName"),
  ...TEXT_CONDITIONS("email"),
  ...TEXT_CONDITIONS("lowercaseEmail"),
  'dateOfBirth = "¥" or dateOfBirth > "¥"',
  "placedOrderCount > #",
  'tags in ("¤") or tags contains all ("¤", "¤") or tags contains any :list¤',
  'shippingAddressIds contains all ("¤") and billingAddressIds in ("¤")',
  'customerGroup(key = "¤" or id = "§" or key > "¤" or id in ("§", "§"))',
  'customerGroupAssignments(customerGroup(key = "¤"))',
  'customerGroupAssignments(customerGroup(key in :list¤)) or customerGroupAssignments(customerGroup(id in ("§")))',
  'customerGroupAssignments(customerGroup(key < "¤"))',
  'addresses(city = "¤" and country = "¤")',
  'addresses(city > "¤" or not(key = "¤"))',
  'addresses(custom(type(key = "¤") and fields(¤ = "¤")))',
  'paymentSources(token = "¤" and expiryYear > # and id = "§")',
  'subscriptions(startedAt < "¶" and reference != "¤")',
  'orders(orderId = "¤" and total(currencyCode = "¤" and centAmount < #) and placedAt > "¶")',
  'custom(type(key = "¤" or id = "§"))',
  "custom(fields is empty)",
  ...JSON_CONDITIONS.map((condition) => `metadata(${condition})`),
  ...JSON_CONDITIONS.map((condition) => `custom(fields(${condition}))`),
];

export const groupPredicates: readonly string[] = [
  ...HEADER,
  ...TEXT_CONDITIONS("name"),
  "customerCount in (#, #)",
  'marketIds contains any ("¤", "¤")',
  'attachments(id = "§" and url matches ignore case "¤")',
  ...JSON_CONDITIONS.map((condition) => `custom(fields(${condition}))`),
];

export const typePredicates: readonly string[] = [
  ...HEADER,
  ...TEXT_CONDITIONS("key"),
  'name(¤ = "¤") and description(¤ > "¤")',
  'fieldDefinitions(name = "¤" and label(¤ = "¤"))',
];

/** Of all resources, up to five at once. */
export const sorts: readonly (readonly string[])[] = [
  ["id"],
  ["createdAt desc", "version"],
  ["key", "reference desc"],
  ["metadata.¤", "metadata.¤.¤ desc"],
  ["createdBy.clientId", "metadata.a¤.b¤ asc", "metadata.c¤ DESC", "version", "id desc"],
];

export const customerSorts: readonly (readonly string[])[] = [
  ["email desc"],
  ["customerGroup.key", "custom.type.id", "custom.fields.¤ desc", "custom.fields.¤.¤"],
];

import { ConnectError } from "@connectrpc/connect";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { customerFields } from "../../src/customers/fields.ts";
import { parseSort } from "../../src/paging/sort.ts";
import { describeFailure } from "../support/failures.ts";

/** The order as `field asc` or `field desc`, the id's too. */
function orderOf(entries: readonly string[]): string[] {
  return parseSort(entries, customerFields).map(
    ({ field, descending }) => `${field} ${descending ? "desc" : "asc"}`,
  );
}

test.each([
  [[], ["id asc"]],
  [["title"], ["title asc", "id asc"]],
  [["title desc"], ["title desc", "id desc"]],
  [
    ["title desc", "key"],
    ["title desc", "key asc", "id asc"],
  ],
  [
    ["title", "key DESC"],
    ["title asc", "key desc", "id desc"],
  ],
  [["id"], ["id asc"]],
  [["id desc"], ["id desc"]],
  [
    ["id desc", "title"],
    ["id desc", "title asc"],
  ],
  [["  title   Asc "], ["title asc", "id asc"]],
  [["created_at"], ["createdAt asc", "id asc"]],
  [["customer_group.key desc"], ["customerGroup.key desc", "id desc"]],
  [["createdBy.client_id"], ["createdBy.clientId asc", "id asc"]],
  // Numbers, then texts.
  [["metadata.a_b"], ["metadata.a_b asc", "metadata.a_b asc", "id asc"]],
  [
    ["custom.fields.budget.centAmount desc"],
    ["custom.fields.budget.centAmount desc", "custom.fields.budget.centAmount desc", "id desc"],
  ],
] as const)("%j is the order %j", (entries, order) => {
  expect(orderOf(entries)).toEqual(order);
});

test("a field brings along what it is called among the columns, and what it is compared as", () => {
  const kept = (entries: readonly string[]) =>
    parseSort(entries, customerFields).map(({ output, type, nullable }) => ({ output, type, nullable }));
  expect(kept(["title", "email desc", "metadata.points"])).toEqual([
    { output: "title", type: "text", nullable: true },
    { output: "email_canonical", type: "text", nullable: false },
    { output: "sort2n", type: "numeric", nullable: true },
    { output: "sort2t", type: "text", nullable: true },
    { output: "id", type: "uuid", nullable: false },
  ]);
});

describe("is refused:", () => {
  const list = Object.keys(customerFields).join(", ");
  test.each([
    [
      ["nick"],
      "sort[0]",
      "sort.field",
      `"nick" can't be sorted by: there is no such field; these there are: ${list}`,
    ],
    [
      ["title", "Key"],
      "sort[1]",
      "sort.field",
      `"Key" can't be sorted by: there is no such field; these there are: ${list}`,
    ],
    [
      ["toString"],
      "sort[0]",
      "sort.field",
      `"toString" can't be sorted by: there is no such field; these there are: ${list}`,
    ],
    [
      ["__proto__"],
      "sort[0]",
      "sort.field",
      `"__proto__" can't be sorted by: there is no such field; these there are: ${list}`,
    ],
    [
      [""],
      "sort[0]",
      "sort.field",
      `"" can't be sorted by: there is no such field; these there are: ${list}`,
    ],
    [
      ["title\tdesc"],
      "sort[0]",
      "sort.field",
      `"title\tdesc" can't be sorted by: there is no such field; these there are: ${list}`,
    ],
    [["tags"], "sort[0]", "sort.field", `"tags" can't be sorted by: it is a list`],
    [["addresses"], "sort[0]", "sort.field", `"addresses" can't be sorted by: it is a list`],
    [
      ["addresses.city"],
      "sort[0]",
      "sort.field",
      `"addresses.city" can't be sorted by: there is no "city" in it, or it is in a list`,
    ],
    [
      ["title.en"],
      "sort[0]",
      "sort.field",
      `"title.en" can't be sorted by: there is no "en" in it, or it is in a list`,
    ],
    [
      ["customerGroup.name"],
      "sort[0]",
      "sort.field",
      `"customerGroup.name" can't be sorted by: there is no "name" in it, or it is in a list`,
    ],
    [["customerGroup"], "sort[0]", "sort.field", `"customerGroup" can't be sorted by: name something in it`],
    [["metadata"], "sort[0]", "sort.field", `"metadata" can't be sorted by: name something in it`],
    [
      ["metadata."],
      "sort[0]",
      "sort.field",
      `"metadata." can't be sorted by: there is no "" in it, or it is in a list`,
    ],
    [
      ["metadata.a'b"],
      "sort[0]",
      "sort.field",
      `"metadata.a'b" can't be sorted by: there is no "a'b" in it, or it is in a list`,
    ],
    [["title up"], "sort[0]", "sort.direction", 'must be a field, or a field and "asc" or "desc"'],
    [["title desc key"], "sort[0]", "sort.direction", 'must be a field, or a field and "asc" or "desc"'],
    [["title", "title desc"], "sort[1]", "sort.unique", '"title" is there twice'],
    [["created_at", "createdAt"], "sort[1]", "sort.unique", '"createdAt" is there twice'],
    [["metadata.a", "metadata.a desc"], "sort[1]", "sort.unique", '"metadata.a" is there twice'],
    [["id", "key", "id"], "sort[2]", "sort.unique", '"id" is there twice'],
  ])("%j", (entries, field, rule, description) => {
    expect(failureOf(entries)).toMatchObject({
      code: "InvalidArgument",
      reason: "FIELD_INVALID",
      metadata: { field, rule },
      message: `${field}: ${description}`,
    });
  });
});

test("any text is an order or refused, and every order ends at the id", () => {
  const rule = (entries: readonly string[]) => {
    try {
      const terms = parseSort(entries, customerFields);
      expect(terms.filter(({ field }) => field === "id")).toHaveLength(1);
    } catch (error) {
      expect(describeFailure(ConnectError.from(error)).reason).toBe("FIELD_INVALID");
    }
  };
  const word = fc.constantFrom(
    "id",
    "title",
    "metadata",
    "custom",
    "fields",
    ".",
    "asc",
    "desc",
    " ",
    "constructor",
  );
  const entry = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.array(word).map((words) => words.join("")),
    fc.array(word).map((words) => words.join(" ")),
  );
  fc.assert(fc.property(fc.array(entry, { maxLength: 5 }), rule));
});

function failureOf(entries: readonly string[]) {
  try {
    orderOf(entries);
  } catch (error) {
    return describeFailure(ConnectError.from(error));
  }
  return expect.unreachable("expected the sort to be refused");
}

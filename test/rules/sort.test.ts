import { ConnectError } from "@connectrpc/connect";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseSort, type SortColumn } from "../../src/paging/sort.ts";
import { describeFailure } from "../support/failures.ts";

const columns: Readonly<Record<string, SortColumn>> = {
  id: { column: "id", type: "uuid", nullable: false },
  name: { column: "name", type: "text", nullable: false },
  key: { column: "key_column", type: "text", nullable: true },
};

/** The order as `field asc` or `field desc`, the id's too. */
function orderOf(entries: readonly string[]): string[] {
  return parseSort(entries, columns).map(
    ({ field, descending }) => `${field} ${descending ? "desc" : "asc"}`,
  );
}

test.each([
  [[], ["id asc"]],
  [["name"], ["name asc", "id asc"]],
  [["name desc"], ["name desc", "id desc"]],
  [
    ["name desc", "key"],
    ["name desc", "key asc", "id asc"],
  ],
  [
    ["name", "key DESC"],
    ["name asc", "key desc", "id desc"],
  ],
  [["id"], ["id asc"]],
  [["id desc"], ["id desc"]],
  [
    ["id desc", "name"],
    ["id desc", "name asc"],
  ],
  [["  name   Asc "], ["name asc", "id asc"]],
] as const)("%j is the order %j", (entries, order) => {
  expect(orderOf(entries)).toEqual(order);
});

test("a field brings its column along", () => {
  expect(parseSort(["key desc"], columns)[0]).toEqual({ ...columns.key, field: "key", descending: true });
});

describe("is refused:", () => {
  test.each([
    [["nick"], "sort[0]", "sort.field", `"nick" can't be sorted by; these can: id, name, key`],
    [["name", "Key"], "sort[1]", "sort.field", `"Key" can't be sorted by; these can: id, name, key`],
    [["key_column"], "sort[0]", "sort.field", `"key_column" can't be sorted by; these can: id, name, key`],
    [["toString"], "sort[0]", "sort.field", `"toString" can't be sorted by; these can: id, name, key`],
    [["__proto__"], "sort[0]", "sort.field", `"__proto__" can't be sorted by; these can: id, name, key`],
    [[""], "sort[0]", "sort.field", `"" can't be sorted by; these can: id, name, key`],
    [["name,key"], "sort[0]", "sort.field", `"name,key" can't be sorted by; these can: id, name, key`],
    [["name\tdesc"], "sort[0]", "sort.field", `"name\tdesc" can't be sorted by; these can: id, name, key`],
    [["name up"], "sort[0]", "sort.direction", 'must be a field, or a field and "asc" or "desc"'],
    [["name desc key"], "sort[0]", "sort.direction", 'must be a field, or a field and "asc" or "desc"'],
    [["name", "name desc"], "sort[1]", "sort.unique", '"name" is there twice'],
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
      expect(parseSort(entries, columns).filter(({ field }) => field === "id")).toHaveLength(1);
    } catch (error) {
      expect(describeFailure(ConnectError.from(error)).reason).toBe("FIELD_INVALID");
    }
  };
  const word = fc.constantFrom("id", "name", "key", "asc", "desc", " ", "constructor");
  const entry = fc.oneof(
    fc.string({ unit: "binary" }),
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

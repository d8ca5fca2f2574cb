import type { JsonObject } from "@bufbuild/protobuf";

export type Where = { readonly where: readonly string[]; readonly variables?: JsonObject };

/** The most of something that a query may hold, and one more. */
export type Bomb = {
  readonly title: string;
  /** The limit, as the error names it. */
  readonly limit: string;
  readonly most: number;
  readonly of: (size: number) => Where;
};

export const bombs: readonly Bomb[] = [
  bomb("parentheses", "levels", 32, (n) => one(inside("(", n, 'key = "a"'))),
  bomb("nots", "levels", 32, (n) => one(`${"not ".repeat(n)}key = "a"`)),
  bomb("fields", "levels", 32, (n) => one(inside("metadata(", 1, inside("a(", n - 1, "a < 1")))),
  bomb("levels of lists, negated", "levels", 32, (n) =>
    one(inside("metadata(", 1, inside("not a(", Math.floor((n - 1) / 2), inside("(", (n - 1) % 2, "a = 1")))),
  ),
  bomb("conditions", "conditions", 200, (n) =>
    one(times(n, 'metadata(a(b matches ignore case "x"))', " or ")),
  ),
  bomb("conditions on elements", "conditions", 200, (n) => one(times(n, 'addresses(city > "x")', " and "))),
  bomb("conditions of several entries", "conditions", 200, (n) => ({
    where: [times(100, "version > 0", " and "), times(n - 100, "not(key is defined)", " or ")],
  })),
  bomb("texts", "values_in_a_list", 500, (n) => one(`key in (${times(n, '"v2"', ",")})`)),
  bomb("numbers in JSON", "values_in_a_list", 500, (n) =>
    one(`metadata(a contains all (${times(n, "1", ",")}))`),
  ),
  bomb("times in JSON", "values_in_a_list", 500, (n) =>
    one(`custom(fields(a contains all (${times(n, '"10:00:00"', ",")})))`),
  ),
  bomb("elements of a variable", "values_in_a_list", 500, (n) => list("tags contains any :v", n)),
  bomb("elements of a variable, for groups", "values_in_a_list", 500, (n) =>
    list("customerGroupAssignments(customerGroup(key in :v))", n),
  ),
  bomb("values in several lists", "values", 2000, (n) => one(lists(n))),
  bomb("values of several entries", "values", 2000, (n) => ({ where: [lists(1000), lists(n - 1000)] })),
  bomb("values of a variable used over and over", "values", 2000, (n) => ({
    ...list(times(4, "customerGroupAssignments(customerGroup(key in :v))", " or "), 500),
    ...(n > 2000 && { where: [times(4, "metadata(a in :v)", " or "), "version = 1"] }),
  })),
  bomb("digits", "digits_of_a_number", 400, (n) => one(`version < ${"9".repeat(n)}`)),
  bomb("decimal places", "digits_of_a_number", 400, (n) => one(`metadata(a < 0.${"9".repeat(n - 2)})`)),
  bomb("digits that an exponent makes", "digits_of_a_number", 400, (n) => one(`version < 1e${n - 5}`)),
  bomb("decimal places that an exponent makes", "digits_of_a_number", 400, (n) =>
    one(`metadata(a > -1e-${n - 7})`),
  ),
  bomb("bytes", "bytes", 16_384, (n) => ({ where: [filled(8192), filled(n - 8192)] })),
  bomb("bytes of 20 entries", "bytes", 16_384, (n) => ({
    where: [...Array.from({ length: 19 }, () => filled(800)), filled(n - 19 * 800, "ä")],
  })),
];

function bomb(title: string, limit: string, most: number, of: Bomb["of"]): Bomb {
  return { title, limit, most, of };
}

function one(text: string): Where {
  return { where: [text] };
}

/** A term within as many of what ends in a parenthesis. */
function inside(opening: string, count: number, term: string): string {
  return `${opening.repeat(count)}${term}${")".repeat(count)}`;
}

function times(count: number, text: string, glue: string): string {
  return Array.from({ length: count }, () => text).join(glue);
}

function list(text: string, count: number): Where {
  return { where: [text], variables: { v: Array.from({ length: count }, (_, index) => `v${index}`) } };
}

/** Lists of up to 500 values. */
function lists(count: number): string {
  const counts = Array.from({ length: Math.ceil(count / 500) }, (_, index) =>
    Math.min(500, count - index * 500),
  );
  return counts.map((size) => `version in (${times(size, "1", ",")})`).join(" and ");
}

/** A predicate of so many bytes. */
function filled(bytes: number, filling = "a"): string {
  const [start, end] = ['key != "', '"'];
  const room = bytes - start.length - end.length;
  return `${start}${filling.repeat(room / Buffer.byteLength(filling))}${"a".repeat(room % Buffer.byteLength(filling))}${end}`;
}

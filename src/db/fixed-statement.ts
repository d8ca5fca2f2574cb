import type { Statement } from "./connection.ts";

/** A part of a statement: the text around its places, and whose values they take. */
export type Part = { readonly texts: readonly string[]; readonly places: readonly string[] };

/**
 * What makes parts of statements, the driver's `sql` or the one below: with values, or names of values to come.
 */
export type Tag<Part> = (texts: TemplateStringsArray, ...holes: readonly (Part | string)[]) => Part;

/** Writes a part that holds no values yet: `${"name"}` is the place of one. `sql("name")` is a name of the schema. */
export type PartTag = ((name: string) => Part) & Tag<Part>;

/**
 * Writes a statement once, for values that come at every call: put together by the driver each time, a
 * short statement takes as long there as its row.
 */
export function fixedStatement<Row extends object, Place extends string>(
  write: (sql: PartTag) => Part,
): (values: Readonly<Record<Place, string | null>>) => Statement<Row> {
  const { texts, places } = write(sql);
  const whole = texts.reduce((before, behind, index) => `${before}$${index}${behind}`);
  const strings = [whole];
  const origin = new Error("the statement was written here");
  return (values) => {
    const parameters = places.map((place) => values[place as Place]);
    return (driver) => {
      const query = driver.unsafe<Row[]>(whole, parameters, OPTIONS);
      noteOrigin(query, strings, origin);
      return query;
    };
  };
}

const OPTIONS = { prepare: true, simple: false };

/**
 * Where a statement was written is told by what goes wrong with it. The driver remembers that for each array of strings, for
 * ever; it makes a new one for each statement that is a whole text, and knows nothing of where that was written.
 */
function noteOrigin(query: object, strings: readonly string[], origin: Error): void {
  originOf ??= Object.getOwnPropertySymbols(query).find(({ description }) => description === "OriginError");
  if (!originOf) throw new Error("unreachable: the driver notes on every query where it was made");
  const noted = query as { strings: readonly string[]; [originOf: symbol]: Error };
  noted.strings = strings;
  noted[originOf] = origin;
}

let originOf: symbol | undefined;

function sql(name: string): Part;
function sql(texts: TemplateStringsArray, ...holes: readonly (Part | string)[]): Part;
function sql(first: TemplateStringsArray | string, ...holes: readonly (Part | string)[]): Part {
  if (typeof first === "string") return text(`"${first.replaceAll(".", '"."')}"`);
  const [begin = "", ...rest] = first;
  return rest.reduce<Part>((part, end, index) => {
    const hole = holes[index] ?? "";
    const place = typeof hole === "string" ? { texts: ["", ""], places: [hole] } : hole;
    return [place, text(end)].reduce(join, part);
  }, text(begin));
}

function text(words: string): Part {
  return { texts: [words], places: [] };
}

function join(left: Part, right: Part): Part {
  const [first = "", ...rest] = right.texts;
  const texts = [...left.texts.slice(0, -1), `${left.texts.at(-1)}${first}`, ...rest];
  return { texts, places: [...left.places, ...right.places] };
}

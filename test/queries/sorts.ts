import type { JsonObject } from "@bufbuild/protobuf";
import fc from "fast-check";
import { compareNumbers } from "./decimals.ts";
import type { Resource } from "./documents.ts";
import type { Kind } from "./fields.ts";
import { memberOf, membersOf, namesOf } from "./members.ts";
import { toNanoseconds } from "./times.ts";
import { canonical, compareBigInts, compareTexts, type Stored } from "./values.ts";

/** One step of an order: where it looks, and what is there. */
export type Sort = { readonly path: readonly string[]; readonly isDescending: boolean };

/** How a request says it. */
export function printSort({ path, isDescending }: Sort): string {
  return isDescending ? `${path.join(".")} desc` : path.join(".");
}

/** Up to four sorts, each by another field. */
export function sortLists({ kind, documents }: Resource): fc.Arbitrary<readonly Sort[]> {
  const paths = Object.values(Object.groupBy(pathsIn(kind, documents), ([top = ""]) => top));
  const path = fc.constantFrom(...paths).chain((some) => fc.constantFrom(...(some ?? [])));
  return fc.uniqueArray(fc.record({ path, isDescending: fc.boolean() }), {
    minLength: 1,
    maxLength: 4,
    selector: ({ path: one }) => one.join("."),
  });
}

/** The ids of the documents in order. The id breaks ties, in the direction of the last sort. */
export function idsInOrder(sorts: readonly Sort[], { kind, documents }: Resource): readonly string[] {
  const steps = [...sorts, { path: ["id"], isDescending: sorts.at(-1)?.isDescending ?? false }];
  const keys = new Map(documents.map((one) => [one, steps.map(({ path }) => keyOf(kind, one, path))]));
  const compare = (a: JsonObject, b: JsonObject): number => {
    for (const [index, { isDescending }] of steps.entries()) {
      const order = compareKeys(keys.get(a)?.[index] ?? MISSING, keys.get(b)?.[index] ?? MISSING);
      if (order !== 0) return isDescending ? -order : order;
    }
    return 0;
  };
  return documents.toSorted(compare).map(({ id }) => String(id));
}

/** What is compared: the rank of its kind first. */
type Key = { readonly rank: number; readonly value: string | bigint | number };

const MISSING: Key = { rank: 9, value: 0 };

function keyOf(kind: Kind, value: Stored, path: readonly string[]): Key {
  const [name, ...rest] = path;
  if (name === undefined) return keyOfValue(kind, value);
  return keyOf(kindOf(kind, name), memberOf(value, name), rest);
}

function keyOfValue(kind: Kind, value: Stored): Key {
  if (value === undefined || value === null) return MISSING;
  switch (kind.kind) {
    case "number":
      return { rank: 0, value: String(value) };
    case "time":
      return { rank: 1, value: toNanoseconds(String(value)) };
    case "boolean":
      return { rank: 3, value: Number(value) };
    case "email":
    case "lowercaseEmail":
      return { rank: 2, value: canonical(String(value)) };
    case "free":
      return keyOfFree(value);
    default:
      return { rank: 2, value: String(value) };
  }
}

function keyOfFree(value: Stored): Key {
  if (typeof value === "number") return { rank: 0, value: String(value) };
  if (typeof value === "string") return { rank: 2, value: [...value].slice(0, 256).join("") };
  // Among the texts, as they're written.
  if (typeof value === "boolean") return { rank: 2, value: String(value) };
  return MISSING;
}

function compareKeys(a: Key, b: Key): number {
  if (a.rank !== b.rank) return a.rank - b.rank;
  if (typeof a.value === "bigint" && typeof b.value === "bigint") return compareBigInts(a.value, b.value);
  if (a.rank === 0) return compareNumbers(String(a.value), String(b.value));
  if (a.rank === 2) return compareTexts(String(a.value), String(b.value));
  return Number(a.value) - Number(b.value);
}

/** Every field that is in no list, of metadata and custom fields those that some document has. */
function pathsIn(kind: Kind, values: readonly Stored[]): readonly (readonly string[])[] {
  switch (kind.kind) {
    case "list":
    case "objects":
      return [];
    case "object":
    case "localized":
    case "free": {
      const isFree = kind.kind === "free";
      const names = kind.kind === "object" ? Object.keys(kind.fields) : [...new Set(values.flatMap(namesOf))];
      return names.flatMap((name) => {
        const members = membersOf(values, name);
        const inside = pathsIn(kindOf(kind, name), members).map((path) => [name, ...path]);
        return isFree ? [[name], ...inside] : inside;
      });
    }
    default:
      return [[]];
  }
}

function kindOf(kind: Kind, name: string): Kind {
  if (kind.kind === "object") return kind.fields[name] as Kind;
  return kind.kind === "localized" ? { kind: "text" } : kind;
}

import type { JsonObject, JsonValue } from "@bufbuild/protobuf";
import fc from "fast-check";
import { LONG_TEXTS, NUMBERS, PLACES, TEXTS } from "./odd-values.ts";

const NAMES = ["a", "b", "points", "in", "not", "de-DE", "2nd", "__proto__", "snake_case", "type"];

const scalar: fc.Arbitrary<JsonValue> = fc.oneof(
  fc.constantFrom(...TEXTS, ...LONG_TEXTS),
  fc.constantFrom(...NUMBERS, -0),
  fc.boolean(),
  fc.constant(null),
);

/** Points, and what almost is one. */
const place: fc.Arbitrary<JsonValue> = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...PLACES).map((at) => ({ type: "Point", coordinates: [...at] })) },
  fc.constantFrom<JsonValue>(
    { type: "Point", coordinates: [13.4, 52.5, 34] },
    { coordinates: [13.4, 52.5], type: "Point", name: "Berlin" },
    { type: "point", coordinates: [13.4, 52.5] },
    { type: "Point", coordinates: [13.4] },
    { type: "Point", coordinates: [181, 0] },
    { type: "Point", coordinates: [-(2 ** 53 - 1), 2 ** 53 - 1] },
    { type: "Point", coordinates: ["13.4", "52.5"] },
    { type: "Point", coordinates: { 0: 13.4, 1: 52.5 } },
    { type: "Point" },
    { type: "LineString", coordinates: [[13.4, 52.5]] },
    [13.4, 52.5],
    "POINT(13.4 52.5)",
  ),
);

const tree = fc.letrec<{ value: JsonValue; object: JsonObject }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 2, depthIdentifier: "metadata" },
    { weight: 4, arbitrary: scalar },
    { weight: 1, arbitrary: place },
    { weight: 2, arbitrary: fc.array(tie("value"), { maxLength: 4 }) },
    { weight: 2, arbitrary: tie("object") },
  ),
  object: objectOf(tie("value"), 4),
}));

/** Objects with values of clashing kinds under few names. */
export const metadata: fc.Arbitrary<JsonObject> = fc
  .tuple(objectOf(tree.value, 6), fc.option(place, { nil: undefined }))
  .map(([object, location]) => (location === undefined ? object : { ...object, location }));

function objectOf(value: fc.Arbitrary<JsonValue>, maxLength: number): fc.Arbitrary<JsonObject> {
  return fc
    .uniqueArray(fc.tuple(fc.constantFrom(...NAMES), value), { maxLength, selector: ([name]) => name })
    .map((entries) => Object.fromEntries(entries));
}

import { create, type DescField, type JsonObject, type JsonValue, ScalarType } from "@bufbuild/protobuf";
import { ListValueSchema, ValueSchema } from "@bufbuild/protobuf/wkt";
import fc from "fast-check";

/** Values of the type of a field, many of which no rule allows. */
export function oddValue(field: DescField): fc.Arbitrary<unknown> {
  switch (field.fieldKind) {
    case "list":
      return fc
        .array(oddItem(field), { maxLength: 3 })
        .chain((items) => fc.constantFrom(items, [...items, ...items]));
    case "map":
      return fc.dictionary(oddText, oddItem(field), { maxKeys: 3 });
    default:
      return oddItem(field);
  }
}

/** Of one item of a list, one value of a map, or one value. */
export function oddItem({ scalar, enum: descEnum, message }: DescField): fc.Arbitrary<unknown> {
  if (descEnum) return fc.integer({ min: -1, max: 5 });
  if (!message) return oddScalar(scalar);
  switch (message.typeName) {
    case "google.protobuf.Struct":
      return oddObject;
    case "google.protobuf.Value":
      return oddKind.map((kind) => create(ValueSchema, { kind } as never));
    default:
      return fc.constant(create(message));
  }
}

function oddScalar(scalar: ScalarType | undefined): fc.Arbitrary<unknown> {
  switch (scalar) {
    case ScalarType.STRING:
      return oddText;
    case ScalarType.INT32:
      return fc.oneof(fc.integer(), fc.integer({ min: -2, max: 510 }));
    case ScalarType.INT64:
      return fc.oneof(
        fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
        fc.bigInt({ min: -1n, max: 2n }),
      );
    default:
      return fc.boolean();
  }
}

const oddText = fc.oneof(
  fc.string({ unit: "binary", maxLength: 300 }),
  fc.stringMatching(/^[a-z0-9][a-z0-9-]{1,62}$/),
  fc.constantFrom("", "\0", "a\0", "\ud800", "a\udc00", "🎁".repeat(256), "a".repeat(257), "0198c5a0-1234"),
  fc.constantFrom("0198c5a0-1234-7abc-8def-0123456789ab", "de-AT", "a@b.test", "1970-12-31", "__proto__"),
);

const oddNumber = fc.oneof(fc.double(), fc.constantFrom(Number.NaN, Infinity, 2 ** 53, 1e-21, -0, 1e-20));

const { json } = fc.letrec<{ json: JsonValue }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 9, withCrossShrink: true },
    fc.constantFrom(null, true),
    oddNumber,
    oddText,
    fc.array(tie("json"), { maxLength: 2 }),
    fc.dictionary(oddText, tie("json"), { maxKeys: 2 }),
  ),
}));

const deep = fc.integer({ min: 6, max: 10 }).map((levels) => nested(levels));

const oddObject: fc.Arbitrary<JsonObject> = fc.oneof(fc.dictionary(oddText, json, { maxKeys: 3 }), deep);

const oddKind = fc.oneof(
  fc.constant({ case: undefined }),
  oddText.map((value) => ({ case: "stringValue", value })),
  oddNumber.map((value) => ({ case: "numberValue", value })),
  fc.constant({ case: "listValue", value: create(ListValueSchema, { values: [create(ValueSchema)] }) }),
);

function nested(levels: number): JsonObject {
  return levels === 0 ? {} : { o: nested(levels - 1) };
}

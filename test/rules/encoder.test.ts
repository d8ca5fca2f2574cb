import {
  create,
  type DescField,
  type DescMessage,
  type JsonObject,
  type JsonValue,
  type Message,
  ScalarType,
  toBinary,
} from "@bufbuild/protobuf";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { encoderOf } from "../../src/encoding/encoder.ts";
import { SERVICES } from "../../src/routes.ts";

const OUTPUTS = SERVICES.flatMap(({ methods }) => methods).map(({ output }) => output);

describe("encodes the same bytes as the library:", () => {
  test.each(OUTPUTS.map((output) => [output.name, output] as const))("%s", (_, output) => {
    const { encode } = encoderOf(output);
    const rule = (message: Message) => {
      const expected = Buffer.from(toBinary(output, message));
      expect(encode(message).equals(expected)).toBe(true);
      expect(encode(message, 5).subarray(5).equals(expected)).toBe(true);
    };
    fc.assert(fc.property(anyMessage(output, 4), rule), { numRuns: 60 });
  });
});

test("takes what the library would fill up", () => {
  for (const output of OUTPUTS)
    expect(encoderOf(output).encode({ $typeName: output.typeName } as never)).toHaveLength(0);
});

test.each([0, 0x7f, 0x80, 0x3fff, 0x4000, 0x1fffff, 0x200000])(
  "a list of texts of %i bytes in all",
  (size) => {
    const [output] = OUTPUTS.filter(({ name }) => name === "GetCustomerGroupResponse");
    if (!output) throw new Error("unreachable: it is there");
    for (const text of ["x".repeat(size), "ä".repeat(size / 2), "🎁".repeat(size / 4)]) {
      const message = create(output, {
        customerGroup: { marketIds: [text], metadata: { [text]: text } },
      } as never);
      expect(
        encoderOf(output)
          .encode(message)
          .equals(Buffer.from(toBinary(output, message))),
      ).toBe(true);
    }
  },
);

function anyMessage(desc: DescMessage, depth: number): fc.Arbitrary<Message> {
  const members = desc.fields
    .filter((field) => depth > 0 || field.message === undefined)
    .map((field) =>
      fc.option(
        anyValue(field, depth - 1).map((value) => [field, value] as const),
        { nil: undefined },
      ),
    );
  return fc.tuple(...members).map((pairs) => {
    const init: Record<string, unknown> = {};
    for (const pair of pairs) {
      if (!pair) continue;
      const [{ localName, oneof }, value] = pair;
      if (oneof) init[oneof.localName] = { case: localName, value };
      else init[localName] = value;
    }
    return create(desc, init as never);
  });
}

function anyValue(field: DescField, depth: number): fc.Arbitrary<unknown> {
  switch (field.fieldKind) {
    case "scalar":
      return anyScalar(field.scalar);
    case "enum":
      return fc.constantFrom(...field.enum.values.map((value) => value.number));
    case "message":
      return anyInner(field.message, depth);
    case "list": {
      const element =
        field.listKind === "message"
          ? anyInner(field.message, depth)
          : field.listKind === "enum"
            ? fc.constantFrom(...field.enum.values.map((value) => value.number))
            : anyScalar(field.scalar);
      return fc.array(element, { maxLength: 3 });
    }
    case "map": {
      const value =
        field.mapKind === "message" ? anyInner(field.message, depth) : fc.string({ unit: "grapheme" });
      return fc.dictionary(fc.string({ unit: "grapheme" }), value, { maxKeys: 3 });
    }
    default:
      return field satisfies never;
  }
}

function anyInner(desc: DescMessage, depth: number): fc.Arbitrary<unknown> {
  return desc.typeName === "google.protobuf.Struct" ? anyObject : anyMessage(desc, depth);
}

const anyText = fc.oneof(fc.string({ unit: "binary" }), fc.string({ minLength: 40, maxLength: 200 }));
const anyObject: fc.Arbitrary<JsonObject> = fc.dictionary(
  anyText.map(wellFormed),
  fc.letrec<{ json: JsonValue }>((tie) => ({
    json: fc.oneof(
      { maxDepth: 4 },
      fc.constant(null),
      fc.boolean(),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      anyText.map(wellFormed),
      fc.array(tie("json"), { maxLength: 3 }),
      fc.dictionary(anyText.map(wellFormed), tie("json"), { maxKeys: 3 }),
    ),
  })).json,
  { maxKeys: 4 },
);

function wellFormed(text: string): string {
  return text.toWellFormed();
}

function anyScalar(scalar: ScalarType): fc.Arbitrary<unknown> {
  switch (scalar) {
    case ScalarType.STRING:
      return anyText.map(wellFormed);
    case ScalarType.BYTES:
      return fc.uint8Array({ maxLength: 200 });
    case ScalarType.BOOL:
      return fc.boolean();
    case ScalarType.INT32:
      return fc.integer();
    case ScalarType.INT64:
      return fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
    case ScalarType.DOUBLE:
      return fc.double({ noNaN: true });
    default:
      throw new Error(`no field of this API is of type ${ScalarType[scalar]}`);
  }
}

import type { JsonObject } from "@bufbuild/protobuf";
import { fromBinary } from "@bufbuild/protobuf";
import { StructSchema } from "@bufbuild/protobuf/wkt";
import fc from "fast-check";
import { expect, test } from "vitest";
import { writeStructText, writeTextList } from "../../src/encoding/json-text.ts";
import { writeStruct } from "../../src/encoding/json-values.ts";
import { Writer } from "../../src/encoding/writer.ts";

const anyText = fc.oneof(
  fc.string({ unit: "binary" }).map((text) => text.toWellFormed()),
  fc.string({ maxLength: 100 }),
);
const anyObject = fc.dictionary(
  anyText,
  fc.letrec((tie) => ({
    json: fc.oneof(
      { maxDepth: 4 },
      fc.constant(null),
      fc.boolean(),
      fc.integer(),
      // JSON knows no -0.
      fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0),
      anyText,
      fc.array(tie("json"), { maxLength: 3 }),
      fc.dictionary(anyText, tie("json"), { maxKeys: 3 }),
    ),
  })).json,
  { maxKeys: 4 },
);

test("JSON in text makes the same Struct as the value that it says", () => {
  const rule = (object: Record<string, unknown>) => {
    const expected = written((out) => writeStruct(object, out));
    for (const text of [JSON.stringify(object), spaced(object)]) {
      const made = written((out) => writeStructText(Buffer.from(text), 0, out));
      expect(fromBinary(StructSchema, made)).toEqual(fromBinary(StructSchema, expected));
    }
  };
  fc.assert(fc.property(anyObject, rule));
});

test.each(["1e+22", "-0.5", "123456789012345", "1234567890123456", "-7", "1.5e-7", "900719925474099100"])(
  "the number %s",
  (digits) => {
    const made = written((out) => writeStructText(Buffer.from(`{"n": ${digits}}`), 0, out));
    expect(made).toEqual(written((out) => writeStruct({ n: Number(digits) }, out)));
  },
);

test("a list of texts is its items, each behind the tag", () => {
  const tag = 0x6a;
  const rule = (texts: string[]) => {
    const made = written((out) => writeTextList(Buffer.from(spaced(texts)), 0, tag, out));
    const expected = written((out) => {
      for (const text of texts) {
        out.tag(tag);
        out.text(text);
      }
    });
    expect(made).toEqual(expected);
  };
  fc.assert(fc.property(fc.array(anyText, { maxLength: 4 }), rule));
});

function written(write: (out: Writer) => void): Buffer {
  const out = new Writer();
  out.begin(0);
  write(out);
  return out.finish();
}

/** As PostgreSQL prints it: a space behind each colon and comma. */
function spaced(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(spaced).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = Object.entries(value as JsonObject);
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}: ${spaced(member)}`).join(", ")}}`;
}

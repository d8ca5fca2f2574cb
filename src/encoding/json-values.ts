import type { JsonObject, JsonValue } from "@bufbuild/protobuf";
import type { Writer } from "./writer.ts";

// google/protobuf/struct.proto: the tags of its fields, number << 3 | wire type.
const FIELD = 0x0a;
const KEY = 0x0a;
const VALUE = 0x12;
const ELEMENT = 0x0a;
const NULL = 0x08;
const NUMBER = 0x11;
const TEXT = 0x1a;
const BOOLEAN = 0x20;
const STRUCT = 0x2a;
const LIST = 0x32;

/** A JSON object as the content of a `google.protobuf.Struct`. */
export function writeStruct(object: unknown, out: Writer): void {
  for (const [key, value] of Object.entries(object as JsonObject)) {
    out.tag(FIELD);
    const entry = out.fork();
    out.tag(KEY);
    out.text(key);
    writeDelimitedJson(VALUE, value, out);
    out.join(entry);
  }
}

function writeDelimitedJson(tag: number, value: JsonValue, out: Writer): void {
  out.tag(tag);
  const start = out.fork();
  writeJson(value, out);
  out.join(start);
}

/** The content of a `google.protobuf.Value`. */
function writeJson(value: JsonValue, out: Writer): void {
  switch (typeof value) {
    case "string":
      out.tag(TEXT);
      out.text(value);
      return;
    case "number":
      out.tag(NUMBER);
      out.double(value);
      return;
    case "boolean":
      out.tag(BOOLEAN);
      out.uint32(value ? 1 : 0);
      return;
  }
  if (value === null) {
    out.tag(NULL);
    out.uint32(0);
    return;
  }
  out.tag(Array.isArray(value) ? LIST : STRUCT);
  const start = out.fork();
  if (Array.isArray(value)) for (const item of value) writeDelimitedJson(ELEMENT, item, out);
  else writeStruct(value, out);
  out.join(start);
}

import type { JsonObject, JsonValue } from "@bufbuild/protobuf";
import { BOOLEAN, ELEMENT, FIELD, KEY, LIST, NULL, NUMBER, STRUCT, TEXT, VALUE } from "./json-tags.ts";
import type { Writer } from "./writer.ts";

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

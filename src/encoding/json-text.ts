import { BOOLEAN, ELEMENT, FIELD, KEY, LIST, NULL, NUMBER, STRUCT, TEXT, VALUE } from "./json-tags.ts";
import type { Writer } from "./writer.ts";

// JSON as PostgreSQL prints jsonb: well-formed, in UTF-8.

/** A JSON object that begins at `begin` as the content of a `google.protobuf.Struct`. */
export function writeStructText(json: Uint8Array, begin: number, out: Writer): void {
  writeMembers(json, begin + 1, out);
}

/** The items of a JSON list of texts that begins at `begin`, each behind `tag`. */
export function writeTextList(json: Uint8Array, begin: number, tag: number, out: Writer): void {
  let at = begin + 1;
  while (json[at] === QUOTE) {
    out.tag(tag);
    at = nextItem(json, writeText(json, at, out));
  }
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const SPACE = 0x20;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const [T, F, N] = [0x74, 0x66, 0x6e];
const [ZERO, NINE] = [0x30, 0x39];

// All that follow write what begins at `at`, and return where what comes behind it begins.

/** @param at behind the bracket. */
function writeMembers(json: Uint8Array, at: number, out: Writer): number {
  let next = at;
  while (json[next] === QUOTE) {
    out.tag(FIELD);
    const entry = out.fork();
    out.tag(KEY);
    next = writeText(json, next, out);
    while (json[next] === COLON || json[next] === SPACE) next += 1;
    next = nextItem(json, writeDelimited(VALUE, json, next, out));
    out.join(entry);
  }
  return next + 1;
}

function writeDelimited(tag: number, json: Uint8Array, at: number, out: Writer): number {
  out.tag(tag);
  const start = out.fork();
  const next = writeValue(json, at, out);
  out.join(start);
  return next;
}

/** The content of a `google.protobuf.Value`. */
function writeValue(json: Uint8Array, at: number, out: Writer): number {
  switch (json[at]) {
    case QUOTE:
      out.tag(TEXT);
      return writeText(json, at, out);
    case OPEN_OBJECT: {
      out.tag(STRUCT);
      const start = out.fork();
      const next = writeMembers(json, at + 1, out);
      out.join(start);
      return next;
    }
    case OPEN_LIST: {
      out.tag(LIST);
      const start = out.fork();
      let next = at + 1;
      while (json[next] !== CLOSE_LIST) next = nextItem(json, writeDelimited(ELEMENT, json, next, out));
      out.join(start);
      return next + 1;
    }
    case T:
      out.tag(BOOLEAN);
      out.uint32(1);
      return at + "true".length;
    case F:
      out.tag(BOOLEAN);
      out.uint32(0);
      return at + "false".length;
    case N:
      out.tag(NULL);
      out.uint32(0);
      return at + "null".length;
    default:
      return writeNumber(json, at, out);
  }
}

function writeNumber(json: Uint8Array, at: number, out: Writer): number {
  let end = at;
  let value = 0;
  let isShortInteger = true;
  for (; end < json.length && !endsNumber(json[end]); end += 1) {
    const byte = json[end] as number;
    if (byte < ZERO || byte > NINE || end - at === MAX_DIGITS) isShortInteger = false;
    else value = value * 10 + byte - ZERO;
  }
  out.tag(NUMBER);
  out.double(isShortInteger ? value : Number(textOf(json, at, end)));
  return end;
}

/** An integer of so many digits is a double. */
const MAX_DIGITS = 15;

function endsNumber(byte: number | undefined): boolean {
  return byte === COMMA || byte === CLOSE_OBJECT || byte === CLOSE_LIST || byte === SPACE;
}

/** @param at of the quote. */
function writeText(json: Uint8Array, at: number, out: Writer): number {
  const begin = at + 1;
  let end = begin;
  while (json[end] !== QUOTE) {
    if (json[end] === BACKSLASH) return writeEscapedText(json, at, out);
    end += 1;
  }
  out.textBytes(json, begin, end);
  return end + 1;
}

function writeEscapedText(json: Uint8Array, at: number, out: Writer): number {
  let end = at + 1;
  for (; json[end] !== QUOTE; end += 1) if (json[end] === BACKSLASH) end += 1;
  out.text(JSON.parse(textOf(json, at, end + 1)) as string);
  return end + 1;
}

/** Behind a comma, if there is one. */
function nextItem(json: Uint8Array, at: number): number {
  let next = at;
  while (json[next] === COMMA || json[next] === SPACE) next += 1;
  return next;
}

export function textOf(json: Uint8Array, begin: number, end: number): string {
  return Buffer.from(json.buffer, json.byteOffset + begin, end - begin).toString();
}

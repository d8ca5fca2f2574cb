import { type DescField, type DescMessage, ScalarType } from "@bufbuild/protobuf";
import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import { readTime } from "../db/values.ts";
import { compileField, DELIMITED, tagOf, VARINT } from "./encoder.ts";
import { textOf, writeStructText, writeTextList } from "./json-text.ts";
import type { Writer } from "./writer.ts";

/** Writes what a column holds, as PostgreSQL prints it from `begin` on, before `end`, as a field of a message. */
export type ColumnWriter = (bytes: Uint8Array, begin: number, end: number, out: Writer) => void;

/** A column that holds just what the field does; of JSON, a list of texts or the content of a Struct. */
export function columnWriter(field: DescField): ColumnWriter {
  const { number } = field;
  if (field.fieldKind === "list" && field.scalar === ScalarType.STRING) {
    const tag = tagOf(number, DELIMITED);
    return (bytes, begin, _, out) => writeTextList(bytes, begin, tag, out);
  }
  if (field.fieldKind === "scalar" && field.scalar === ScalarType.STRING) {
    const tag = tagOf(number, DELIMITED);
    return (bytes, begin, end, out) => {
      out.tag(tag);
      out.textBytes(bytes, begin, end);
    };
  }
  if (field.fieldKind === "scalar") return integerWriter(field);
  switch (field.message?.typeName) {
    case "google.protobuf.Timestamp":
      return timeWriter(field);
    case "google.protobuf.Struct": {
      const tag = tagOf(number, DELIMITED);
      return (bytes, begin, _, out) => {
        out.tag(tag);
        const start = out.fork();
        writeStructText(bytes, begin, out);
        out.join(start);
      };
    }
    default:
      throw new Error(`no column holds just what ${field} does`);
  }
}

/** A column of JSON that a message, or a list of them, is made of. */
export function jsonWriter<Json, Value>(field: DescField, toValue: (json: Json) => Value): ColumnWriter {
  const write = compileField(field);
  return (bytes, begin, end, out) => {
    const isEmptyList = bytes[begin] === OPEN_LIST && end === begin + "[]".length;
    if (!isEmptyList) write(toValue(JSON.parse(textOf(bytes, begin, end)) as Json), out);
  };
}

const OPEN_LIST = 0x5b;

export function fieldOf({ field }: DescMessage, name: string): DescField {
  const found = field[name];
  if (!found) throw new Error(`there is no field ${name}`);
  return found;
}

/** Without a field's presence: 0 is not written. */
function integerWriter({ number }: DescField): ColumnWriter {
  const tag = tagOf(number, VARINT);
  return (bytes, begin, end, out) => {
    const value = integerOf(bytes, begin, end);
    if (value === 0) return;
    out.tag(tag);
    if (value !== undefined) out.uint32(value);
    else out.int64(BigInt(textOf(bytes, begin, end)));
  };
}

/** An integer of few digits without a sign; undefined when it is another. */
export function integerOf(bytes: Uint8Array, begin: number, end: number): number | undefined {
  return end - begin <= SHORT_INTEGER ? digitsOf(bytes, begin, end) : undefined;
}

/** Each of them is less than 2 ** 31. */
const SHORT_INTEGER = 9;

function timeWriter(field: DescField): ColumnWriter {
  const tag = tagOf(field.number, DELIMITED);
  const write = compileField(field);
  return (bytes, begin, end, out) => {
    const ms = millisecondsOf(bytes, begin, end);
    if (ms === undefined) {
      write(timestampFromDate(readTime(textOf(bytes, begin, end))), out);
      return;
    }
    const seconds = Math.floor(ms / 1000);
    const nanos = (ms - seconds * 1000) * 1_000_000;
    out.tag(tag);
    const start = out.fork();
    if (seconds !== 0) {
      out.tag(SECONDS);
      out.uint32(seconds);
    }
    if (nanos !== 0) {
      out.tag(NANOS);
      out.uint32(nanos);
    }
    out.join(start);
  };
}

// google/protobuf/timestamp.proto
const SECONDS = tagOf(1, VARINT);
const NANOS = tagOf(2, VARINT);

/** A time between 1970 and 2038 in UTC, to the millisecond, like `2026-11-23 10:00:00.5+00`; undefined when it is another. */
function millisecondsOf(bytes: Uint8Array, begin: number, end: number): number | undefined {
  const isUtc = bytes[end - 3] === PLUS && bytes[end - 2] === ZERO && bytes[end - 1] === ZERO;
  const digits = end - begin - TO_SECONDS - "+00".length - 1;
  if (!isUtc || digits > 3 || bytes[begin + TO_DAYS] !== SPACE) return undefined;
  const year = digitsOf(bytes, begin, begin + 4);
  const month = digitsOf(bytes, begin + 5, begin + 7);
  const day = digitsOf(bytes, begin + 8, begin + 10);
  const hour = digitsOf(bytes, begin + 11, begin + 13);
  const minute = digitsOf(bytes, begin + 14, begin + 16);
  const second = digitsOf(bytes, begin + 17, begin + TO_SECONDS);
  const toFraction = begin + TO_SECONDS + 1;
  const fraction = digits > 0 ? digitsOf(bytes, toFraction, toFraction + digits) : 0;
  if (year === undefined || month === undefined || day === undefined) return undefined;
  if (hour === undefined || minute === undefined || second === undefined) return undefined;
  if (fraction === undefined || year < 1970 || year >= 2038) return undefined;
  return Date.UTC(year, month - 1, day, hour, minute, second) + fraction * (THOUSANDTHS[digits] ?? 0);
}

const PLUS = 0x2b;
const ZERO = 0x30;
const SPACE = 0x20;
const TO_DAYS = "2026-11-23".length;
const TO_SECONDS = "2026-11-23 10:00:00".length;
const THOUSANDTHS = [0, 100, 10, 1];

function digitsOf(text: Uint8Array, begin: number, end: number): number | undefined {
  let value = 0;
  for (let at = begin; at < end; at += 1) {
    const digit = (text[at] as number) - ZERO;
    if (digit < 0 || digit > 9) return undefined;
    value = value * 10 + digit;
  }
  return value;
}

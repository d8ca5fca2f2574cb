import type { JsonValue } from "@bufbuild/protobuf";
import { accepted, type Checked, refused } from "./checked.ts";

// ISO 8601, in one form each, so that the order of texts is the order of times.

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const TIME = /^(\d{2}:\d{2})(?:(:\d{2})(\.\d{1,9})?)?$/;
const DATE_TIME = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}:\d{2})(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/;

export function checkDate(value: JsonValue, path: string): Checked {
  if (typeof value === "string" && DATE.test(value) && isDay(value)) return accepted(value);
  return refused(path, "date", 'must be a day that exists, like "2026-02-28"');
}

export function checkTime(value: JsonValue, path: string): Checked {
  const [, minutes, seconds = ":00", fraction = ""] = (typeof value === "string" && TIME.exec(value)) || [];
  const milliseconds = toMilliseconds(fraction);
  if (minutes !== undefined && milliseconds !== undefined && isTimeOfDay(minutes + seconds)) {
    return accepted(`${minutes}${seconds}.${milliseconds}`);
  }
  return refused(path, "time", 'must be a time of day to the millisecond, like "14:30" or "14:30:00.000"');
}

export function checkDateTime(value: JsonValue, path: string): Checked {
  const [, day = "", time = "", fraction = "", offset = ""] =
    (typeof value === "string" && DATE_TIME.exec(value)) || [];
  const milliseconds = toMilliseconds(fraction);
  if (milliseconds !== undefined && isDay(day) && isTimeOfDay(time) && isOffset(offset)) {
    const utc = new Date(`${day}T${time}.${milliseconds}${offset}`);
    // An offset may lead out of the years that four digits can say.
    if (utc.getUTCFullYear() >= 1 && utc.getUTCFullYear() <= 9999) return accepted(utc.toISOString());
  }
  return refused(
    path,
    "date_time",
    'must be a point in time to the millisecond with "Z" or an offset, like "2026-02-28T14:30:00.000Z"',
  );
}

/** Three digits; undefined when there is more than milliseconds can say. */
function toMilliseconds(fraction: string): string | undefined {
  const digits = fraction.slice(1);
  return /^0*$/.test(digits.slice(3)) ? digits.slice(0, 3).padEnd(3, "0") : undefined;
}

export function isDay(day: string): boolean {
  const date = new Date(`${day}T00:00:00.000Z`);
  // Date counts on from February 30 to March 2.
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day) && !day.startsWith("0000");
}

function isTimeOfDay(time: string): boolean {
  const [hours = 0, minutes = 0, seconds = 0] = time.split(":").map(Number);
  return hours < 24 && minutes < 60 && seconds < 60;
}

function isOffset(offset: string): boolean {
  return offset === "Z" || isTimeOfDay(offset.slice(1));
}

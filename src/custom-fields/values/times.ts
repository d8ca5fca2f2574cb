import type { JsonValue } from "@bufbuild/protobuf";
import { isDay, normalDateTime, normalTime } from "../../times.ts";
import { accepted, type Checked, refused } from "./checked.ts";

export function checkDate(value: JsonValue, path: string): Checked {
  if (typeof value === "string" && isDay(value)) return accepted(value);
  return refused(path, "date", 'must be a day that exists, like "2026-02-28"');
}

export function checkTime(value: JsonValue, path: string): Checked {
  const time = typeof value === "string" ? normalTime(value) : undefined;
  if (time !== undefined) return accepted(time);
  return refused(path, "time", 'must be a time of day to the millisecond, like "14:30" or "14:30:00.000"');
}

export function checkDateTime(value: JsonValue, path: string): Checked {
  const time = typeof value === "string" ? normalDateTime(value) : undefined;
  if (time !== undefined) return accepted(time);
  return refused(
    path,
    "date_time",
    'must be a point in time to the millisecond with "Z" or an offset, like "2026-02-28T14:30:00.000Z"',
  );
}

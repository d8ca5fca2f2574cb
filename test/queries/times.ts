const DAY = /^\d{4}-\d{2}-\d{2}$/;
const POINT = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))?(Z|[+-]\d{2}:\d{2})$/;
const TIME_OF_DAY = /^([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:\.(\d{1,9}))?)?$/;

/** Nanoseconds since 1970 of a point in time, or of the beginning of a day. */
export function toNanoseconds(text: string): bigint {
  if (DAY.test(text)) return toNanoseconds(`${text}T00:00:00Z`);
  const [, seconds, fraction = "", zone] = POINT.exec(text) ?? [];
  if (seconds === undefined) throw new Error(`not a time: ${text}`);
  return BigInt(Date.parse(seconds + zone)) * 1_000_000n + BigInt(fraction.padEnd(9, "0"));
}

/** The form in which custom fields keep a point in time or a time of day; the text itself if it is neither. */
export function asKept(text: string): string {
  const [, hours, minutes, seconds = "00", fraction = ""] = TIME_OF_DAY.exec(text) ?? [];
  if (hours !== undefined) return `${hours}:${minutes}:${seconds}.${fraction.padEnd(3, "0").slice(0, 3)}`;
  const [day = ""] = text.split("T");
  const isTime = POINT.test(text) && !Number.isNaN(Date.parse(text)) && isDay(day);
  if (!isTime) return text;
  return new Date(Number(toNanoseconds(text) / 1_000_000n)).toISOString();
}

/** Date counts on from February 30 to March 2. */
function isDay(day: string): boolean {
  return new Date(`${day}T00:00:00Z`).toISOString().startsWith(day);
}

// ISO 8601, in one form each, so that the order of texts is the order of times.

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const TIME = /^(\d{2}:\d{2})(?:(:\d{2})(\.\d{1,9})?)?$/;
const DATE_TIME = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}:\d{2})(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/;

/** Whether it is a day that exists, like `2026-02-28`. */
export function isDay(text: string): boolean {
  if (!DATE.test(text) || text.startsWith("0000")) return false;
  const date = new Date(`${text}T00:00:00.000Z`);
  // Date counts on from February 30 to March 2.
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

/** `14:30` as `14:30:00.000`; undefined unless it is a time of day to the millisecond. */
export function normalTime(text: string): string | undefined {
  const [, minutes, seconds = ":00", fraction = ""] = TIME.exec(text) ?? [];
  const milliseconds = toMilliseconds(fraction);
  if (minutes === undefined || milliseconds === undefined || !isTimeOfDay(minutes + seconds))
    return undefined;
  return `${minutes}${seconds}.${milliseconds}`;
}

/** `2026-02-28T14:30:00+01:00` as `2026-02-28T13:30:00.000Z`; undefined unless it is a point in time to the millisecond. */
export function normalDateTime(text: string): string | undefined {
  const [, day = "", time = "", fraction = "", offset = ""] = DATE_TIME.exec(text) ?? [];
  const milliseconds = toMilliseconds(fraction);
  if (milliseconds === undefined || !isDay(day) || !isTimeOfDay(time) || !isOffset(offset)) return undefined;
  const utc = new Date(`${day}T${time}.${milliseconds}${offset}`);
  // An offset may lead out of the years that four digits can say.
  return utc.getUTCFullYear() >= 1 && utc.getUTCFullYear() <= 9999 ? utc.toISOString() : undefined;
}

/**
 * What `toISOString` gives, in a quarter of its time where it is remembered: writes that come together have the same time, and ask for it
 * again when the next ones follow them.
 */
export function isoText(time: Date): string {
  const ms = time.getTime();
  const place = Math.abs(ms % remembered.length);
  const last = remembered[place];
  if (last?.ms === ms) return last.text;
  const text = time.toISOString();
  remembered[place] = { ms, text };
  return text;
}

const remembered = Array.from({ length: 1024 }, (): { ms: number; text: string } | undefined => undefined);

/** Three digits; undefined when there is more than milliseconds can say. */
function toMilliseconds(fraction: string): string | undefined {
  const digits = fraction.slice(1);
  return /^0*$/.test(digits.slice(3)) ? digits.slice(0, 3).padEnd(3, "0") : undefined;
}

function isTimeOfDay(time: string): boolean {
  const [hours = 0, minutes = 0, seconds = 0] = time.split(":").map(Number);
  return hours < 24 && minutes < 60 && seconds < 60;
}

function isOffset(offset: string): boolean {
  return offset === "Z" || isTimeOfDay(offset.slice(1));
}

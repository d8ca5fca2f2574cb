// Days and times by counting, without Date.

const MS_OF_DAY = 24 * 60 * 60 * 1000;

/** Days since 0001-01-01; undefined for a day that does not exist. */
export function dayOf(text: string | undefined): number | undefined {
  const parts = text?.split("-") ?? [];
  if (`${parts.map(({ length }) => length)}` !== "4,2,2" || !parts.every(isDigits)) return undefined;
  const [year = 0, month = 0, day = 0] = parts.map(Number);
  const days = daysOfMonths(year)[month - 1];
  if (year === 0 || days === undefined || day === 0 || day > days) return undefined;
  return firstOf(year, month) + day - 1;
}

/** In the form that is stored. */
export function timeOf(text: string | undefined): string | undefined {
  const padded = text?.length === 5 ? `${text}:00` : (text ?? "");
  const milliseconds = millisecondsOf(padded);
  return milliseconds === undefined ? undefined : formatTime(milliseconds);
}

/** In the form that is stored. */
export function instantOf(text: string | undefined): string | undefined {
  const [date, rest = "", ...more] = text?.split("T") ?? [];
  const zoneAt = [...rest].findIndex((one) => "Z+-".includes(one));
  const [time, zone] = zoneAt < 0 ? [rest, ""] : [rest.slice(0, zoneAt), rest.slice(zoneAt)];
  const [day, milliseconds, offset] = [dayOf(date), millisecondsOf(time), offsetOf(zone)];
  if (day === undefined || milliseconds === undefined || offset === undefined || more.length > 0) {
    return undefined;
  }
  const instant = day * MS_OF_DAY + milliseconds - offset;
  if (instant < 0 || instant >= firstOf(10_000, 1) * MS_OF_DAY) return undefined;
  const left = Math.floor(instant / MS_OF_DAY);
  return `${formatDay(left)}T${formatTime(instant - left * MS_OF_DAY)}Z`;
}

/** Of hh:mm:ss and up to nine decimal places, those behind the third 0. */
function millisecondsOf(text: string): number | undefined {
  const [clock = "", fraction = "0", ...more] = text.split(".");
  const parts = clock.split(":");
  if (`${parts.map(({ length }) => length)}` !== "2,2,2" || ![...parts, fraction].every(isDigits)) {
    return undefined;
  }
  const [hours = 0, minutes = 0, seconds = 0] = parts.map(Number);
  const nanoseconds = Number(fraction.padEnd(9, "0"));
  const isTime = hours <= 23 && minutes <= 59 && seconds <= 59 && more.length === 0;
  if (!isTime || fraction.length > 9 || nanoseconds % 1_000_000 !== 0) return undefined;
  return ((hours * 60 + minutes) * 60 + seconds) * 1000 + nanoseconds / 1_000_000;
}

function offsetOf(zone: string): number | undefined {
  if (zone === "Z") return 0;
  const size = zone.length === 6 ? millisecondsOf(`${zone.slice(1)}:00`) : undefined;
  return size === undefined ? undefined : zone.startsWith("-") ? -size : size;
}

function formatTime(milliseconds: number): string {
  const two = (unit: number, modulus: number) =>
    `${Math.floor(milliseconds / unit) % modulus}`.padStart(2, "0");
  const rest = `${milliseconds % 1000}`.padStart(3, "0");
  return `${two(3_600_000, 24)}:${two(60_000, 60)}:${two(1000, 60)}.${rest}`;
}

function formatDay(days: number): string {
  let year = 1 + Math.floor(days / 366);
  while (firstOf(year + 1, 1) <= days) year += 1;
  let month = 1;
  while (month < 12 && firstOf(year, month + 1) <= days) month += 1;
  const day = days - firstOf(year, month) + 1;
  return `${`${year}`.padStart(4, "0")}-${`${month}`.padStart(2, "0")}-${`${day}`.padStart(2, "0")}`;
}

/** Days from 0001-01-01 to the first of a month. */
function firstOf(year: number, month: number): number {
  const past = year - 1;
  const leapDays = Math.floor(past / 4) - Math.floor(past / 100) + Math.floor(past / 400);
  const months = daysOfMonths(year).slice(0, month - 1);
  return past * 365 + leapDays + months.reduce((sum, days) => sum + days, 0);
}

function daysOfMonths(year: number): readonly number[] {
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
}

function isDigits(text: string): boolean {
  return text !== "" && [...text].every((one) => "0123456789".includes(one));
}

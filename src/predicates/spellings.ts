import { normalDateTime, normalTime } from "../times.ts";
import { jsonOf, type Literal } from "./literals.ts";

/**
 * A literal, as JSON, in all the forms in which a value that is equal to it may be kept. Custom fields keep
 * times in one form; as it was typed, it may be in a field of plain text.
 */
export function spellingsOf(literal: Literal, keepsTimes: boolean): readonly string[] {
  const time = keepsTimes && literal.kind === "text" ? timeIn(literal.text) : undefined;
  const typed = jsonOf(literal);
  return time === undefined || JSON.stringify(time) === typed ? [typed] : [JSON.stringify(time), typed];
}

/** The text that is compared with texts. */
export function comparedText(text: string, keepsTimes: boolean): string {
  return (keepsTimes ? (timeIn(text) ?? finerTimeIn(text)) : undefined) ?? text;
}

/** A time between two milliseconds, as a text between the texts of these two. */
function finerTimeIn(text: string): string | undefined {
  const [, toMilliseconds, rest, zone] = /^(.{10}T.{8}\.\d{3})(\d{1,6})(\D.*)$/.exec(text) ?? [];
  const before = normalDateTime(`${toMilliseconds}${zone}`);
  return before && `${before}${rest}`;
}

/** A time as custom fields keep it; undefined for what is none. */
function timeIn(text: string): string | undefined {
  return normalDateTime(text) ?? normalTime(text);
}

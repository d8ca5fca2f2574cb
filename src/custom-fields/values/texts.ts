import type { JsonValue } from "@bufbuild/protobuf";
import { shortened } from "../../json-data.ts";
import { accepted, type Checked, refused } from "./checked.ts";

/** A language, perhaps a script, perhaps a country or region; as field_definition.proto has it. */
export const LOCALE = /^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$/;

export function checkText(value: JsonValue, path: string): Checked {
  return typeof value === "string" ? accepted(value) : refused(path, "string", "must be text");
}

export function checkLocalizedText(value: JsonValue, path: string): Checked {
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  const entries = isObject ? Object.entries(value) : [];
  if (entries.length === 0) {
    return refused(path, "localized_string", 'must be an object of texts by locale, like {"en-GB": "text"}');
  }
  for (const [locale, text] of entries) {
    const at = `${path}.${shortened(locale)}`;
    if (!LOCALE.test(locale))
      return refused(at, "locale", 'is no locale; must be like "en", "de-AT" or "zh-Hant-TW"');
    if (typeof text !== "string") return refused(at, "string", "must be text");
  }
  return accepted(value);
}

export function checkEnum(
  value: JsonValue,
  path: string,
  values: readonly { readonly key: string }[],
): Checked {
  if (typeof value === "string" && values.some(({ key }) => key === value)) return accepted(value);
  const some = values.slice(0, MAX_NAMED).map(({ key }) => `"${shortened(key, MAX_KEY)}"`);
  const more = values.length > MAX_NAMED ? ` and ${values.length - MAX_NAMED} more` : "";
  return refused(path, "enum", `must be one of ${some.join(", ")}${more}`);
}

/** So many keys of an enum are named to whoever sends another one: ten such faults go into one header. */
const MAX_NAMED = 5;
const MAX_KEY = 16;

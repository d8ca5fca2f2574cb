import type { JsonValue } from "@bufbuild/protobuf";
import type { ElementType, FieldType } from "../../custom-types/field-type.ts";
import { canonical } from "../../json-data.ts";
import { accepted, type Checked, refused } from "./checked.ts";
import { checkMoney } from "./money.ts";
import { checkReference } from "./reference.ts";
import { checkEnum, checkLocalizedText, checkText } from "./texts.ts";
import { checkDate, checkDateTime, checkTime } from "./times.ts";

/**
 * Checks a value against its field's type; says what is stored. Whether a reference leads anywhere is
 * not asked here.
 *
 * @param value JSON within the bounds of `jsonFault`, and not null.
 */
export function checkValue(type: FieldType, value: JsonValue, path: string): Checked {
  return type.kind === "set" ? checkSet(type.element, value, path) : checkElement(type, value, path);
}

function checkElement(type: ElementType, value: JsonValue, path: string): Checked {
  switch (type.kind) {
    case "boolean":
      return typeof value === "boolean" ? accepted(value) : refused(path, "boolean", "must be true or false");
    case "number":
      // Adding 0 leaves no negative zero.
      return typeof value === "number" ? accepted(value + 0) : refused(path, "number", "must be a number");
    case "string":
      return checkText(value, path);
    case "localizedString":
      return checkLocalizedText(value, path);
    case "enum":
    case "localizedEnum":
      return checkEnum(value, path, type.values);
    case "money":
      return checkMoney(value, path);
    case "date":
      return checkDate(value, path);
    case "time":
      return checkTime(value, path);
    case "dateTime":
      return checkDateTime(value, path);
    case "reference":
      return checkReference(value, path, type.typeId);
    default:
      return type satisfies never;
  }
}

function checkSet(type: ElementType, value: JsonValue, path: string): Checked {
  if (!Array.isArray(value)) return refused(path, "set", "must be a list");
  const values: JsonValue[] = [];
  const seen = new Set<string>();
  for (const [index, item] of value.entries()) {
    const at = `${path}[${index}]`;
    if (item === null) return refused(at, "set", "must not be null");
    const checked = checkElement(type, item, at);
    if ("violation" in checked) return checked;
    const text = canonical(checked.value);
    if (seen.has(text)) return refused(at, "unique", "is in the set already");
    seen.add(text);
    values.push(checked.value);
  }
  return accepted(values);
}

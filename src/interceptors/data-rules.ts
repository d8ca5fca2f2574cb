import {
  type DescField,
  type DescMessage,
  type JsonValue,
  type Message,
  ScalarType,
} from "@bufbuild/protobuf";
import type { Value } from "@bufbuild/protobuf/wkt";
import type { FieldViolation } from "../errors.ts";
import { jsonFault, jsonOfValue, keyInPath, textFault } from "../json-data.ts";

/** Yields the fields of a message that hold what can't be stored. */
export type DataRules = (message: Message) => FieldViolation[];

/**
 * The rules that no proto can state: text without NUL and lone surrogates, JSON within the bounds of
 * `jsonFault`. Compiled once for a message type, and remembered.
 */
export function compileDataRules(schema: DescMessage): DataRules {
  const walk = compileMessage(schema);
  return (message) => {
    const violations: FieldViolation[] = [];
    walk(message, "", (field, rule, description) => violations.push({ field, rule, description }));
    return violations;
  };
}

type Report = (field: string, rule: string, description: string) => void;
type Walk = (value: unknown, path: string, report: Report) => void;

const compiled = new Map<DescMessage, Walk>();

function compileMessage(schema: DescMessage): Walk {
  const known = compiled.get(schema);
  if (known) return known;
  const members: Walk[] = [];
  const walk: Walk = (message, path, report) => {
    const prefix = path === "" ? "" : `${path}.`;
    for (const member of members) member(message, prefix, report);
  };
  // Before its members, so that a recursive type finds itself.
  compiled.set(schema, walk);
  for (const field of schema.fields) {
    const value = compileField(field);
    if (value) members.push(memberWalk(field, value));
  }
  return walk;
}

/** Reads the field off its message and walks it, when it is set. */
function memberWalk({ name, localName, oneof }: DescField, walk: Walk): Walk {
  type Oneof = { readonly case: string | undefined; readonly value?: unknown };
  if (oneof) {
    const oneofName = oneof.localName;
    return (message, prefix, report) => {
      const member = (message as Record<string, Oneof>)[oneofName];
      if (member?.case === localName) walk(member.value, prefix + name, report);
    };
  }
  return (message, prefix, report) => {
    const value = (message as Record<string, unknown>)[localName];
    if (value !== undefined) walk(value, prefix + name, report);
  };
}

function compileField(field: DescField): Walk | undefined {
  if (field.fieldKind === "map") return walkMap(field);
  if (field.scalar === ScalarType.STRING) return field.fieldKind === "list" ? walkList(walkText) : walkText;
  if (field.fieldKind === "message") return walkOfMessage(field.message);
  return field.fieldKind === "list" && field.message ? walkList(walkOfMessage(field.message)) : undefined;
}

function walkOfMessage(schema: DescMessage): Walk {
  switch (schema.typeName) {
    case "google.protobuf.Struct":
      return walkJson;
    case "google.protobuf.Value":
      return walkJsonValue;
    default:
      return compileMessage(schema);
  }
}

/** Keys are text in every map of the API, and values text or messages. */
function walkMap(field: DescField & { fieldKind: "map" }): Walk {
  const walkValue = field.message ? walkOfMessage(field.message) : walkText;
  return (map, path, report) => {
    for (const [key, value] of Object.entries(map as Readonly<Record<string, unknown>>)) {
      const entry = path + keyInPath(key);
      walkText(key, entry, report);
      walkValue(value, entry, report);
    }
  };
}

function walkList(item: Walk): Walk {
  return (list, path, report) => {
    (list as readonly unknown[]).forEach((value, index) => {
      item(value, `${path}[${index}]`, report);
    });
  };
}

function walkText(value: unknown, path: string, report: Report): void {
  const fault = textFault(value as string);
  if (fault) report(path, "text", fault);
}

function walkJson(value: unknown, path: string, report: Report): void {
  const fault = jsonFault(value as JsonValue, path);
  if (fault) report(fault.path, "json", fault.description);
}

/** Of a value that will stand in an object: that is one level more. */
function walkJsonValue(value: unknown, path: string, report: Report): void {
  const json = jsonOfValue(value as Value);
  const fault =
    json === undefined
      ? { path, description: "must have a kind, and so must all that it holds" }
      : jsonFault(json, path, 1);
  if (fault) report(fault.path, "json", fault.description);
}

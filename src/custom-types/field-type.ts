/** Texts by locale. */
export type LocalizedText = { readonly [locale: string]: string };

export type EnumValueState = { readonly key: string; readonly label: string };
export type LocalizedEnumValueState = { readonly key: string; readonly label: LocalizedText };

/** What values a field takes, as it is stored. */
export type ElementType =
  | { readonly kind: PlainKind }
  | { readonly kind: "enum"; readonly values: readonly EnumValueState[] }
  | { readonly kind: "localizedEnum"; readonly values: readonly LocalizedEnumValueState[] }
  | { readonly kind: "reference"; readonly typeId: string };
export type FieldType = ElementType | { readonly kind: "set"; readonly element: ElementType };

/** The kinds that say all by their names. */
export type PlainKind =
  | "boolean"
  | "string"
  | "localizedString"
  | "number"
  | "money"
  | "date"
  | "time"
  | "dateTime";

/** The kind of values, in one word: types of one kind of resource agree on it for each field name. */
export function signatureOf(type: FieldType): string {
  switch (type.kind) {
    case "set":
      return `set(${signatureOf(type.element)})`;
    case "reference":
      return `reference(${type.typeId})`;
    default:
      return type.kind;
  }
}

/** The type of a value, or of each value of a set. */
export function elementOf(type: FieldType): ElementType {
  return type.kind === "set" ? type.element : type;
}

/** Whether a form shows it as text, of one line or several. */
export function isText(type: FieldType): boolean {
  const { kind } = elementOf(type);
  return kind === "string" || kind === "localizedString";
}

export type InputHintState = "singleLine" | "multiLine";

/** A field of a custom type, as it is stored. */
export type FieldDefinitionState = {
  readonly name: string;
  readonly type: FieldType;
  readonly required: boolean;
  readonly label: LocalizedText;
  /** Null where the field takes no text. */
  readonly inputHint: InputHintState | null;
};

/** What a ref of a request says, once validated. */
export type Ref = { readonly by: "id" | "key" | "email"; readonly value: string };

/** A ref as a request holds it: CustomerGroupRef and its like. */
export type RefMessage = {
  readonly value: { readonly case: Ref["by"]; readonly value: string } | { readonly case: undefined };
};

/** Narrows a validated ref; an id in the spelling that the database uses. */
export function parseRef(ref: RefMessage | undefined): Ref {
  if (ref?.value.case === undefined) throw new Error("unreachable: the validator requires a ref");
  const { case: by, value } = ref.value;
  return { by, value: by === "id" ? value.toLowerCase() : value };
}

/** A ref in one text, for telling it from others. */
export function refText(message: RefMessage): string {
  const { by, value } = parseRef(message);
  return `${by} ${value}`;
}

/** Narrows what the validator requires. */
export function required<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error("unreachable: the validator requires this field");
  return value;
}

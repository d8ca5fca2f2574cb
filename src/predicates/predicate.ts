/** A predicate of the query language, as it was written; docs/queries.md tells what each means. */
export type Predicate =
  | { readonly kind: "and" | "or"; readonly terms: readonly [Predicate, Predicate, ...Predicate[]] }
  | { readonly kind: "not"; readonly term: Predicate }
  | Condition;

export type Condition =
  /** `field(...)` */
  | { readonly kind: "inside"; readonly field: Name; readonly term: Predicate }
  | {
      readonly kind: "compare";
      readonly field: Name;
      readonly operator: ComparisonOperator;
      readonly value: Value;
    }
  | { readonly kind: "in"; readonly field: Name; readonly isNegated: boolean; readonly values: Values }
  | {
      readonly kind: "contains";
      readonly field: Name;
      readonly quantifier: "all" | "any";
      readonly values: Values;
    }
  | {
      readonly kind: "is";
      readonly field: Name;
      readonly isNegated: boolean;
      readonly state: "defined" | "empty";
    }
  | {
      readonly kind: "within";
      readonly field: Name;
      readonly longitude: Value;
      readonly latitude: Value;
      readonly metres: Value;
    }
  | { readonly kind: "matches"; readonly field: Name; readonly value: Value };

/** `<>` is read as `!=`. */
export type ComparisonOperator = "=" | "!=" | "<" | "<=" | ">" | ">=";

/** `at`: where it stands in the text, in UTF-16 units. */
export type Name = { readonly name: string; readonly at: number };

/** A number keeps its text: it may have more digits than a double. */
export type Value =
  | { readonly kind: "text"; readonly text: string; readonly at: number }
  | { readonly kind: "number"; readonly digits: string; readonly at: number }
  | { readonly kind: "boolean"; readonly isTrue: boolean; readonly at: number }
  | Variable;

export type Variable = { readonly kind: "variable"; readonly name: string; readonly at: number };

/** A variable may hold a list. */
export type Values = { readonly kind: "list"; readonly items: readonly [Value, ...Value[]] } | Variable;

import type { Expression, Fragment, Scope } from "../db/expression.ts";
import type { Context } from "./context.ts";
import type { Kind } from "./kinds.ts";
import type { Predicate } from "./predicate.ts";

/** The fields that predicates and sorts can name, as JSON spells them. */
export type Fields = { readonly [name: string]: Field };

export type Field = ScalarField | ObjectField | ListField | ObjectListField | MapField | JsonField;

/** A value of a known kind. */
export type ScalarField = {
  readonly form: "scalar";
  readonly kind: Kind;
  readonly value: Expression;
  readonly isNullable: boolean;
  /** The column that holds it, of those that rows are listed with. */
  readonly column?: string;
  /** The member that holds it, of an element of JSON. */
  readonly member?: string;
  /** Whether it is one of the texts, where comparing `value` would find no index. */
  readonly isAny?: (texts: readonly string[]) => Expression;
  /** What `<`, its like and sorts compare, where that is another form of the value. */
  readonly ordering?: { readonly value: Expression; readonly column: string; formOf(text: string): string };
};

/** An object of known fields, in the same row. */
export type ObjectField = {
  readonly form: "object";
  readonly fields: Fields;
  readonly isDefined: Expression;
};

/** A list of texts, in JSON. */
export type ListField = {
  readonly form: "list";
  readonly kind: Kind;
  readonly value: Expression;
  /** The list as an index holds it: see `inProject`. */
  readonly index?: Expression;
};

/** A list of objects of known fields. */
export type ObjectListField = {
  readonly form: "objects";
  readonly fields: Fields;
  /** `from ... where ...` of the elements, each as `alias`. */
  readonly elements: (scope: Scope, of: string, alias: string) => Fragment;
  readonly isEmpty: Expression;
  /** The list as an index holds it, where elements are JSON: see `inProject`. */
  readonly index?: Expression;
  /** The condition that an element satisfies the term, where there is a faster way than to look at each. */
  readonly find?: (term: Predicate, context: Context) => Expression | undefined;
};

/** Members of any names, in a JSON object. */
export type MapField = {
  readonly form: "map";
  readonly value: Expression;
  /** The object as an index holds it: see `inProject`. */
  readonly index?: Expression;
  /** Whether a member of this name may be seen. Default: yes. */
  readonly isShown?: (name: string) => Expression;
  readonly isEmpty: Expression;
  /** Whether times in it are kept in the forms of custom fields. */
  readonly keepsTimes: boolean;
};

/** What a member of a map holds, or a part of that. */
export type JsonField = {
  readonly form: "json";
  readonly value: Expression;
  readonly keepsTimes: boolean;
  /** Whether the value contains any of these JSON texts, found by an index. */
  readonly containsAny?: (jsons: readonly string[]) => Expression;
};

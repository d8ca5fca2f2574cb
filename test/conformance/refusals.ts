import { customFieldRefusals } from "./custom-field-refusals.ts";
import { customValueRefusals } from "./custom-value-refusals.ts";
import { customerCallRefusals } from "./customer-call-refusals.ts";
import { customerFieldRefusals } from "./customer-field-refusals.ts";
import { customerReferenceRefusals } from "./customer-reference-refusals.ts";
import { customerRefusals } from "./customer-refusals.ts";
import { fieldRefusals } from "./field-refusals.ts";
import { groupRefusals } from "./group-refusals.ts";
import type { Refusal } from "./obstacles.ts";
import { otherPredicateRefusals, predicateRefusals } from "./predicate-refusals.ts";
import { projectRefusals } from "./project-refusals.ts";
import { typeActionRefusals } from "./type-action-refusals.ts";
import { typeFieldRefusals } from "./type-field-refusals.ts";
import { typeRefusals } from "./type-refusals.ts";

/** What the stored state refuses, a failure of every kind: for slow ways too. */
export const essentialRefusals: readonly Refusal[] = [
  ...groupRefusals,
  ...typeRefusals,
  ...customFieldRefusals,
  ...customerRefusals,
  ...projectRefusals,
  ...predicateRefusals,
];

/** One long table of rules: the others differ from it in words, not in what travels. */
export const ruleRefusals: readonly Refusal[] = fieldRefusals;

/** The long tables of rules, all of them. */
export const allRuleRefusals: readonly Refusal[] = [
  ...ruleRefusals,
  ...typeFieldRefusals,
  ...typeActionRefusals,
  ...customValueRefusals,
  ...customerReferenceRefusals,
  ...customerCallRefusals,
  ...customerFieldRefusals,
  ...otherPredicateRefusals,
];

import { customFieldRefusals } from "./custom-field-refusals.ts";
import { customValueRefusals } from "./custom-value-refusals.ts";
import { fieldRefusals } from "./field-refusals.ts";
import { groupRefusals } from "./group-refusals.ts";
import type { Refusal } from "./obstacles.ts";
import { typeActionRefusals } from "./type-action-refusals.ts";
import { typeFieldRefusals } from "./type-field-refusals.ts";
import { typeRefusals } from "./type-refusals.ts";

/** One at least of every kind of failure: for slow ways too. */
export const essentialRefusals: readonly Refusal[] = [
  ...groupRefusals,
  ...typeRefusals,
  ...customFieldRefusals,
];

/** The long tables of rules. */
export const furtherRefusals: readonly Refusal[] = [
  ...fieldRefusals,
  ...typeFieldRefusals,
  ...typeActionRefusals,
  ...customValueRefusals,
];

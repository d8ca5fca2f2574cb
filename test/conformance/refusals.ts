import { customFieldRefusals } from "./custom-field-refusals.ts";
import { customValueRefusals } from "./custom-value-refusals.ts";
import { fieldRefusals } from "./field-refusals.ts";
import { groupRefusals } from "./group-refusals.ts";
import type { Refusal } from "./obstacles.ts";
import { typeFieldRefusals } from "./type-field-refusals.ts";
import { typeRefusals } from "./type-refusals.ts";

/** What the stored state refuses. */
export const stateRefusals: readonly Refusal[] = [...groupRefusals, ...typeRefusals, ...customFieldRefusals];

/** What a request is refused for by itself, or by the types that its custom fields have. */
export const requestRefusals: readonly Refusal[] = [
  ...fieldRefusals,
  ...typeFieldRefusals,
  ...customValueRefusals,
];

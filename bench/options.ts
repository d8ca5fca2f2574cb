/** What every bench can be told. */
export type CaseOptions<Workload extends string> = {
  readonly windows: number;
  readonly windowMs: number;
  readonly warmUpMs: number;
  readonly workloads: readonly Workload[];
  readonly callers: readonly number[];
  /** Where everything that was measured is written, as JSON. */
  readonly jsonFile: string | undefined;
};

export type CallerBounds = { readonly defaultCallers: readonly number[]; readonly maxCallers: number };

/** How they are spelled, for `parseArgs`. */
export const caseArgs = {
  quick: { type: "boolean", default: false },
  only: { type: "string" },
  callers: { type: "string" },
  json: { type: "string" },
} as const;

/**
 * @param names the workloads that there are, in the order in which they are measured.
 * @throws Error that says what is wrong.
 */
export function toCaseOptions<Workload extends string>(
  values: {
    readonly quick: boolean;
    readonly only?: string;
    readonly callers?: string;
    readonly json?: string;
  },
  names: readonly Workload[],
  { defaultCallers, maxCallers }: CallerBounds,
): CaseOptions<Workload> {
  const only = values.only?.split(",");
  const unknown = only?.find((text) => !names.some((name) => name === text));
  if (unknown !== undefined) throw new Error(`--only: no workload is called "${unknown}"`);
  return {
    ...(values.quick ? QUICK : FULL),
    workloads: names.filter((name) => only?.includes(name) ?? true),
    callers: values.callers?.split(",").map((text) => callerCount(text, maxCallers)) ?? defaultCallers,
    jsonFile: values.json,
  };
}

const FULL = { windows: 5, windowMs: 1500, warmUpMs: 1500 };
const QUICK = { windows: 3, windowMs: 700, warmUpMs: 500 };

function callerCount(text: string, most: number): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1 || count > most) {
    throw new Error(`--callers: "${text}" is not a whole number from 1 to ${most}`);
  }
  return count;
}

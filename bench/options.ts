import { callersOf, type LoadShape } from "./call.ts";

/** What every bench can be told. */
export type CaseOptions<Workload extends string> = {
  /** Of each contestant in each case. */
  readonly windows: number;
  /** How many more there may be in place of those that others' CPU made void. */
  readonly extraRounds: number;
  readonly windowMs: number;
  /** How many each window is measured in. */
  readonly parts: number;
  /** Of each contestant, before the first window. */
  readonly warmUpCalls: number;
  /** At most, for each workload of each contestant at the fullest load; half of it at each other. */
  readonly warmUpMs: number;
  readonly workloads: readonly Workload[];
  readonly loads: readonly LoadShape[];
  /** Where everything that was measured is written, as JSON. */
  readonly jsonFile: string | undefined;
};

export type LoadBounds = { readonly defaultLoads: string; readonly maxCallers: number };

/** How they are spelled, for `parseArgs`. */
export const caseArgs = {
  quick: { type: "boolean", default: false },
  only: { type: "string" },
  loads: { type: "string" },
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
    readonly loads?: string;
    readonly json?: string;
  },
  names: readonly Workload[],
  { defaultLoads, maxCallers }: LoadBounds,
): CaseOptions<Workload> {
  return {
    ...(values.quick ? QUICK : FULL),
    workloads: chosen("--only", values.only, names),
    loads: (values.loads ?? defaultLoads).split(",").map((text) => loadShape(text, maxCallers)),
    jsonFile: values.json,
  };
}

/**
 * Those of the names that a list names, all without one.
 *
 * @throws Error that says what is wrong.
 */
export function chosen<Name extends string>(
  option: string,
  text: string | undefined,
  names: readonly Name[],
): readonly Name[] {
  const only = text?.split(",");
  const unknown = only?.find((one) => !names.some((name) => name === one));
  if (unknown !== undefined) {
    throw new Error(`${option}: "${unknown}" is none of ${names.join(", ")}`);
  }
  return names.filter((name) => only?.includes(name) ?? true);
}

const FULL = { windows: 7, extraRounds: 3, windowMs: 1000, parts: 4, warmUpCalls: 25_000, warmUpMs: 60_000 };
const QUICK = { windows: 2, extraRounds: 0, windowMs: 300, parts: 1, warmUpCalls: 3000, warmUpMs: 800 };

function loadShape(text: string, most: number): LoadShape {
  const [, connections = 0, streams = 0] = /^(\d{1,4})x(\d{1,4})$/.exec(text)?.map(Number) ?? [];
  const shape = { connections, streams };
  if (connections < 1 || streams < 1 || streams > MAX_STREAMS || callersOf(shape) > most) {
    throw new Error(
      `--loads: "${text}" is not like 4x64, connections and streams of each: at most ${MAX_STREAMS} streams, and ${most} callers in all`,
    );
  }
  return shape;
}

/** What ours lets a connection have. */
const MAX_STREAMS = 100;

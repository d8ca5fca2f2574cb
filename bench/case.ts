import type { LoadShape } from "./call.ts";
import type { Contestant } from "./contestants/contestant.ts";
import type { BenchDatabase } from "./database.ts";
import { callFor, type Load } from "./load-process.ts";
import { isClean, measurePart, type Part, toWindow, type Window } from "./measure.ts";
import type { CaseOptions } from "./options.ts";

export type BenchCase<Workload extends string> = {
  readonly workload: Workload;
  readonly load: LoadShape;
  /** Which of the targets of a contestant is called; absent: the one with its name. */
  readonly target?: (name: string) => string;
};

/** Windows by who they are of; those with the same index were measured side by side. */
export type Rounds<Name extends string> = {
  /** How many of each are to be without others' CPU. */
  readonly windowsWanted: number;
  /** Of those who took part. */
  readonly windows: Readonly<Partial<Record<Name, readonly Window[]>>>;
};

/** The windows of one case, by contestant. */
export type CaseResult<Name extends string, Workload extends string> = Rounds<Name> & {
  readonly workload: Workload;
  readonly load: LoadShape;
  /** Calls for each transaction of PostgreSQL's, about; of those who have a database. */
  readonly callsPerTransaction: Readonly<Partial<Record<Name, number>>>;
};

export type RoundOptions = Pick<CaseOptions<string>, "windows" | "extraRounds" | "parts">;

/** The contestants take turns. */
export async function measureCase<Name extends string, Workload extends string>(
  load: Load,
  contestants: readonly Contestant<Name>[],
  database: BenchDatabase,
  { workload, load: shape, target = (name) => name }: BenchCase<Workload>,
  options: RoundOptions & Pick<CaseOptions<Workload>, "windowMs">,
): Promise<CaseResult<Name, Workload>> {
  const transactions = () => Promise.all(contestants.map(({ name }) => database.countTransactions(name)));
  const before = await transactions();
  const calls = new Map<Name, number>();
  const windows = await takeTurns(contestants, options, async (contestant) => {
    const { name } = contestant;
    const call = async (ms: number) => {
      const order = { workload, load: shape, ms, calls: ALL };
      const window = await (contestant.callItself?.(order) ?? callFor(load, target(name), order));
      calls.set(name, (calls.get(name) ?? 0) + window.calls);
      return window;
    };
    if (!contestant.callItself) await call(LEAD_IN_MS);
    return measurePart(database, contestant, () => call(options.windowMs / options.parts));
  });
  const after = await transactions();
  const callsPerTransaction = contestants.flatMap(({ name }, index) => {
    const count = (after[index] ?? 0) - (before[index] ?? 0);
    return count === 0 ? [] : [[name, (calls.get(name) ?? 0) / count] as const];
  });
  return {
    workload,
    load: shape,
    windowsWanted: options.windows,
    windows,
    callsPerTransaction: Object.fromEntries(callsPerTransaction) as Partial<Record<Name, number>>,
  };
}

/**
 * Those that are measured take turns, and take turns in being first. In a round each has a window, in parts between which
 * the others have theirs: what is side by side is the closer, for the machine's speed changes within seconds. While
 * there are too few clean windows, they go on for a while.
 */
export async function takeTurns<Taker extends { readonly name: string }>(
  takers: readonly Taker[],
  { windows, extraRounds, parts }: RoundOptions,
  measure: (taker: Taker) => Promise<Part>,
): Promise<Partial<Record<Taker["name"], readonly Window[]>>> {
  const measured = new Map<Taker["name"], Window[]>(takers.map(({ name }) => [name, []]));
  const isEnough = () => [...measured.values()].every((all) => all.filter(isClean).length >= windows);
  for (let round = 0; round < windows + (isEnough() ? 0 : extraRounds); round += 1) {
    const ofRound = new Map<Taker["name"], Part[]>(takers.map(({ name }) => [name, []]));
    for (let turn = 0; turn < parts * takers.length; turn += 1) {
      const taker = takers[(round + turn) % takers.length];
      if (!taker) throw new Error("unreachable: there are those who take turns");
      ofRound.get(taker.name)?.push(await measure(taker));
    }
    for (const [name, all] of ofRound) measured.get(name)?.push(toWindow(all));
  }
  return Object.fromEntries(measured) as Partial<Record<Taker["name"], Window[]>>;
}

/**
 * While others had their turn they took the caches of the machine, which says something of the bench and nothing of a
 * contestant that is called all the time. Long enough to have them again.
 */
const LEAD_IN_MS = 100;

/** No bound on the number of calls. */
const ALL = Number.MAX_SAFE_INTEGER;

import type { LoadShape } from "../call.ts";
import type { Contestant } from "../contestants/contestant.ts";
import type { BenchDatabase } from "../database.ts";
import { callFor, type Load } from "../load-process.ts";
import { isClean, measureOnce, type Window } from "../measure.ts";
import type { SoakOptions } from "./options.ts";

/** Ours under the mix for a while, and how its memory grows. */
export type SoakResult = SoakOptions & {
  /** One after the other, without a pause to speak of. */
  readonly measured: readonly Window[];
  /** Calls/s of the last window, in proportion to that of the first. */
  readonly lastToFirst: number;
  /** Whether others left the machine alone in both. */
  readonly isConclusive: boolean;
  readonly firstRssBytes: number;
  readonly lastRssBytes: number;
};

export async function measureSoak(
  load: Load,
  ours: Contestant,
  database: BenchDatabase,
  shape: LoadShape,
  options: SoakOptions,
): Promise<SoakResult> {
  const order = { workload: "mix", load: shape };
  await callFor(load, ours.name, { ...order, ms: MAX_MS, calls: options.firstCalls });
  const firstRssBytes = (await ours.usage()).rssBytes;
  let calls = options.firstCalls;
  const measured: Window[] = [];
  while (measured.length < options.windows) {
    const window = await measureOnce(database, ours, () =>
      callFor(load, ours.name, { ...order, ms: options.windowMs, calls: MAX_CALLS }),
    );
    measured.push(window);
    calls += window.calls;
  }
  if (calls < options.lastCalls) {
    await callFor(load, ours.name, { ...order, ms: MAX_MS, calls: options.lastCalls - calls });
  }
  const [first, last] = [measured[0], measured.at(-1)];
  if (!first || !last) throw new Error("unreachable: a soak has windows");
  return {
    ...options,
    measured,
    lastToFirst: last.callsPerSecond / first.callsPerSecond,
    isConclusive: isClean(first) && isClean(last),
    firstRssBytes,
    lastRssBytes: (await ours.usage()).rssBytes,
  };
}

const MAX_MS = 300_000;
const MAX_CALLS = Number.MAX_SAFE_INTEGER;

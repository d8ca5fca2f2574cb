import type { Statement } from "../db/connection.ts";
import type { Reads } from "../db/reads.ts";
import { describeError } from "../describe-error.ts";
import type { Log } from "../log.ts";
import { type Repetition, repeat } from "../repeat.ts";
import type { CallLimits } from "./call-limiter.ts";

/** Other instances' changes are known after so long. */
const INTERVAL_MS = 2000;

/** The limits on the calls of each project, as they were read last: no call waits for them. */
export type KnownCallLimits = {
  of(projectKey: string): CallLimits;
  /** Reads them anew; keeps those that are known where they can't be read. */
  refresh(): Promise<void>;
  /** Begins to read them again and again. */
  keepFresh(): Repetition;
};

/** @param defaults of projects without limits of their own. */
export function openCallLimits(reads: Pick<Reads, "get">, defaults: CallLimits, log: Log): KnownCallLimits {
  let own: ReadonlyMap<string, CallLimits> = new Map();
  let begun = 0;
  let known = 0;
  let isFailing = false;
  return {
    of: (projectKey) => own.get(projectKey) ?? defaults,
    refresh,
    keepFresh: () => repeat(refresh, INTERVAL_MS, "unreachable: what fails is told by the refresh", log),
  };

  async function refresh(): Promise<void> {
    begun += 1;
    const mine = begun;
    try {
      const rows = await reads.get("", listCallLimits());
      isFailing = false;
      // What was asked later may have been answered first.
      if (mine < known) return;
      known = mine;
      own = new Map(rows.map((row) => [row.key, toLimits(row)]));
    } catch (error) {
      if (!isFailing)
        log.warn(describeError(error), "limits of projects could not be read; the last ones hold");
      isFailing = true;
    }
  }

  function toLimits({ concurrentCallLimit, callsPerSecondLimit }: CallLimitsRow): CallLimits {
    return {
      concurrentCalls: concurrentCallLimit ?? defaults.concurrentCalls,
      callsPerSecond: callsPerSecondLimit ?? defaults.callsPerSecond,
    };
  }
}

type CallLimitsRow = {
  readonly key: string;
  readonly concurrentCallLimit: number | null;
  readonly callsPerSecondLimit: number | null;
};

/** Of the projects that have limits of their own. For background work: no request reads across projects. */
function listCallLimits(): Statement<CallLimitsRow> {
  return (sql) => sql<CallLimitsRow[]>`
    select key, concurrent_call_limit, calls_per_second_limit
    from projects
    where (concurrent_call_limit is not null or calls_per_second_limit is not null) and state = 'active'`;
}

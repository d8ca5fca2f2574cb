import type { Contestant, ContestantName } from "../contestants/contestant.ts";
import type { Load } from "../measure.ts";

export const MEMORY_CALLS = 10_000;

/** Resident bytes of each contestant after 10,000 Gets by 64 callers, soon after its start. */
export async function measureMemory(
  load: Load,
  contestants: readonly Contestant[],
): Promise<Partial<Record<ContestantName, number>>> {
  const rss: Partial<Record<ContestantName, number>> = {};
  for (const { name, usage } of contestants) {
    await load.order({
      do: "window",
      target: name,
      workload: "get-by-id",
      callers: 64,
      ms: MAX_MS,
      calls: MEMORY_CALLS,
    });
    rss[name] = (await usage()).rssBytes;
  }
  return rss;
}

const MAX_MS = 60_000;

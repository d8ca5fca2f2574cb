import type { Contestant } from "../contestants/contestant.ts";
import { callFor, type Load } from "../load-process.ts";
import type { SlowReading } from "../wire/connection.ts";

/** What a server may have to do besides. */
export const neighbourNames = ["alone", "pages of 500", "a slow client", "argon2id"] as const;
export type NeighbourName = (typeof neighbourNames)[number];

/**
 * Starts what keeps a server busy for about so long; to be awaited at the end of it. Resolves to how many pages
 * or hashes a second it made.
 */
export async function startNeighbour(
  neighbour: NeighbourName,
  load: Load,
  { name, hash, rest }: Contestant<string>,
  ms: number,
): Promise<() => Promise<number>> {
  switch (neighbour) {
    case "alone":
      return async () => Number.NaN;
    case "pages of 500":
      return takePages(load, name, { load: ONE, ms });
    case "a slow client":
      return takePages(load, name, { load: ONE, ms, slowly: SLOWLY });
    case "argon2id": {
      if (!hash || !rest) throw new Error(`unreachable: ${name} is a server`);
      const beganAt = performance.now();
      await hash();
      return async () => (await rest()) / ((performance.now() - beganAt) / 1000);
    }
    default:
      return neighbour satisfies never;
  }
}

const ONE = { connections: 1, streams: 1 };
/** At most 400 KiB/s: a page takes it about half a second. */
const SLOWLY: SlowReading = { bytes: 4096, pauseMs: 10 };

function takePages(
  load: Load,
  target: string,
  order: Pick<Parameters<typeof callFor>[2], "load" | "ms" | "slowly">,
): () => Promise<number> {
  const taken = callFor(load, target, {
    ...order,
    workload: "query-page-500",
    calls: Number.MAX_SAFE_INTEGER,
  });
  // What goes wrong is told to who awaits the end.
  taken.catch(() => {});
  return async () => {
    const { calls, seconds } = await taken;
    return calls / seconds;
  };
}

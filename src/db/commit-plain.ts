import type { CommitOutcome } from "./commit-function.ts";
import type { Connection, Rows } from "./connection.ts";
import type { FlightOutcome, PlainBatch, PlainWrites } from "./plain-writes.ts";
import type { Batch } from "./write-queues.ts";

/** From so many on, to do all of them at once costs less than one after the other. */
const MANY = { ofOne: 8, ofSeveral: 4 } as const;

/** Commits the writes of those projects that have only plain ones: their outcomes by project. Of the others nothing is written. */
export async function commitPlain(
  batches: readonly Batch[],
  plain: PlainWrites,
  run: Connection["run"],
): Promise<ReadonlyMap<string, Rows<CommitOutcome>>> {
  const outcomes = new Map<string, Rows<CommitOutcome>>();
  const plainBatches = batches.flatMap(toPlain);
  const [first] = plainBatches;
  const [only, ...others] = first?.writes ?? [];
  if (!first || !only) return outcomes;
  const isOfOne = batches.length === 1;
  if (isOfOne && others.length === 0) {
    const [row] = await run(plain.lone(first.projectId, only));
    if (row && row.sequence !== null) outcomes.set(first.projectId, [made(row.sequence)]);
    return outcomes;
  }
  const count = plainBatches.reduce((sum, { writes }) => sum + writes.length, 0);
  if (count < (plainBatches.length > 1 ? MANY.ofSeveral : MANY.ofOne)) return outcomes;
  // Who waits for a project on a flight of several holds the others up.
  for (const outcome of await run(plain.flight(plainBatches, isOfOne)))
    outcomes.set(outcome.projectId, outcomesOf(outcome));
  return outcomes;
}

/** None if one of the writes surely isn't plain: none of them would be made. */
function toPlain({ projectId, writes }: Batch): readonly PlainBatch[] {
  const plain = writes.flatMap((write) => write.plain ?? []);
  return plain.length < writes.length ? [] : [{ projectId, writes: plain }];
}

function outcomesOf({ sequences, versions }: FlightOutcome): Rows<CommitOutcome> {
  const before = elementsOf(versions);
  return elementsOf(sequences).map((sequence, index): CommitOutcome => {
    if (sequence !== undefined) return made(sequence);
    const currentVersion = before[index];
    return currentVersion === undefined
      ? { outcome: "not_found" }
      : { outcome: "version_mismatch", currentVersion };
  });
}

function made(sequence: bigint): CommitOutcome {
  return { outcome: "ok", sequence, answer: null };
}

/** Of an array of bigint, as PostgreSQL writes it. */
function elementsOf(literal: string): readonly (bigint | undefined)[] {
  const elements = literal.slice(1, -1).split(",");
  return elements.map((element) => (element === "NULL" ? undefined : BigInt(element)));
}

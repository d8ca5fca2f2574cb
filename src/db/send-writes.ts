import type { CommitOutcome, JsonBatch, Placed } from "./commit-function.ts";
import type { Connection, Rows } from "./connection.ts";
import { type PendingWrite, unsettled } from "./pending-write.ts";
import type { Batch } from "./write-queues.ts";

/**
 * Sends what is unsettled, and settles what gets an outcome: of several batches, which are of one
 * commit function, some may get none.
 *
 * @param recheck whether an earlier attempt may have been committed: of a single batch only.
 * @returns what went wrong; undefined if nothing did.
 */
export async function sendWrites(
  batches: readonly Batch[],
  recheck: boolean,
  { run }: Connection,
): Promise<unknown> {
  const left = batches
    .map(({ projectId, writes }) => ({ projectId, writes: unsettled(writes) }))
    .filter(({ writes }) => writes.length > 0);
  const [first, ...others] = left;
  const commitFunction = first?.writes[0]?.commitFunction;
  if (!commitFunction) return undefined;
  for (const { writes } of left) for (const write of writes) write.sent = true;
  try {
    if (others.length === 0) {
      const { projectId, writes } = first;
      const outcomes = recheck ? undefined : await commitLone(first, run);
      const all = () => commitFunction(projectId, `[${textsOf(first).writes}]`, recheck);
      settle(writes, outcomes ?? (await run(all())));
      return undefined;
    }
    const outcomes = byProject(await run(commitFunction.together(left.map(textsOf))));
    for (const { projectId, writes } of left) {
      const own = outcomes.get(projectId);
      if (own) settle(writes, own);
    }
    return undefined;
  } catch (error) {
    return error ?? new Error("rejected without a reason");
  }
}

/** Undefined if nothing was written. */
async function commitLone(
  { projectId, writes: [only, ...others] }: Batch,
  run: Connection["run"],
): Promise<Rows<CommitOutcome> | undefined> {
  if (!only || others.length > 0) return undefined;
  const statement = only.commitFunction.lone(projectId, only.write);
  const [row] = statement ? await run(statement) : [];
  return row && row.sequence !== null ? [{ outcome: "ok", sequence: row.sequence, answer: null }] : undefined;
}

function textsOf({ projectId, writes }: Batch): JsonBatch {
  return { projectId, writes: writes.map(({ text }) => text) };
}

/** The outcomes of each project that has any, in the order of its writes. */
function byProject(outcomes: Rows<Placed<object>>): ReadonlyMap<string, Rows<object>> {
  const projects = new Map<string, object[]>();
  for (const outcome of outcomes) {
    const own = projects.get(outcome.projectId) ?? [];
    projects.set(outcome.projectId, own);
    own[Number(outcome.write) - 1] = outcome;
  }
  return projects;
}

function settle(writes: readonly PendingWrite[], outcomes: Rows<object>): void {
  if (outcomes.length !== writes.length) {
    throw new Error(`the commit function gave ${outcomes.length} outcomes for ${writes.length} writes`);
  }
  for (const [index, write] of writes.entries()) write.resolve(outcomes[index] ?? {});
}

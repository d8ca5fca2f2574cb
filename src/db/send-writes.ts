import type { JsonBatch, Placed } from "./commit-function.ts";
import { commitPlain } from "./commit-plain.ts";
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
  const commitFunction = left[0]?.writes[0]?.commitFunction;
  if (!commitFunction) return undefined;
  for (const { writes } of left) for (const write of writes) write.sent = true;
  try {
    const { plain } = commitFunction;
    const done = plain && !recheck ? await commitPlain(left, plain, run) : new Map();
    settleEach(left, done);
    const others = left.filter(({ projectId }) => !done.has(projectId));
    const [only] = others;
    if (!only) return undefined;
    if (left.length === 1) {
      const json = `[${textsOf(only).writes}]`;
      settle(only.writes, await run(commitFunction(only.projectId, json, recheck)));
    } else {
      // One that is left of several isn't waited for either: the next writes of those that are done would wait, too.
      settleEach(others, byProject(await run(commitFunction.together(others.map(textsOf)))));
    }
    return undefined;
  } catch (error) {
    return error ?? new Error("rejected without a reason");
  }
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

/** Of projects without outcomes it settles none. */
function settleEach(batches: readonly Batch[], outcomes: ReadonlyMap<string, Rows<object>>): void {
  for (const { projectId, writes } of batches) {
    const own = outcomes.get(projectId);
    if (own) settle(writes, own);
  }
}

function settle(writes: readonly PendingWrite[], outcomes: Rows<object>): void {
  if (outcomes.length !== writes.length) {
    throw new Error(`the commit function gave ${outcomes.length} outcomes for ${writes.length} writes`);
  }
  for (const [index, write] of writes.entries()) write.resolve(outcomes[index] ?? {});
}

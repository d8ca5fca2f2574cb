import { Failure } from "../failure.ts";
import { type Batch, createWaitingReads } from "./waiting-reads.ts";

/** Reads one row of a project by a unique value; undefined when there is none. */
export type Gather<Row> = (projectId: string, value: string) => Promise<Row | undefined>;

/** Values by the projects that they are asked for of. */
export type Wanted = ReadonlyMap<string, readonly string[]>;

export type OfProject = { readonly projectId: string };

/**
 * Lets concurrent reads share a statement, of several projects too: those that arrive in one turn of the
 * event loop, and those that arrive while earlier statements are under way. Each still sees every write
 * acknowledged before it was asked, since its statement is sent afterwards. A row goes to those who asked for
 * its value of its project, whatever a statement returns.
 *
 * @param load finds rows, in any order.
 */
export function createGather<Row>(
  load: (wanted: Wanted) => Promise<readonly Row[]>,
  projectOf: (row: Row) => string,
  wantedBy: (row: Row) => string,
): Gather<Row> {
  const waiting = createWaitingReads<Row>(() => performance.now());
  /** Projects that have a statement under way: what they ask for meanwhile makes up their next one. */
  const busy = new Set<string>();
  const mayHaveTurn = (projectId: string) => !busy.has(projectId);
  let underWay = 0;
  let isAboutToSend = false;
  let isLoadLow = true;
  let watch: NodeJS.Timeout | undefined;

  return (projectId, value) => {
    const row = waiting.add(projectId, value);
    if (underWay < MAX_UNDER_WAY) sendSoon();
    else if (!watch) watch = setTimeout(refuseLate, MAX_WAIT_MS);
    return row;
  };

  function sendSoon(): void {
    if (isAboutToSend) return;
    isAboutToSend = true;
    // A read that seems to be alone waits for no others. setImmediate gathers the requests of one turn, which are
    // decoded one by one; nextTick gathers too little, and so would going on as soon as a statement is answered.
    if (isLoadLow && underWay === 0) queueMicrotask(send);
    else setImmediate(send);
  }

  function send(): void {
    isAboutToSend = false;
    while (underWay < MAX_UNDER_WAY) {
      const batch = waiting.take(mayHaveTurn);
      if (!batch) return;
      void run(batch);
    }
    // Those of one turn that two statements have no room for.
    if (!watch && !waiting.isEmpty()) watch = setTimeout(refuseLate, MAX_WAIT_MS);
  }

  async function run(batch: Batch<Row>): Promise<void> {
    const projectIds = [...batch.keys()];
    isLoadLow = projectIds.length === 1 && batch.get(projectIds[0] ?? "")?.size === 1;
    underWay += 1;
    for (const projectId of projectIds) busy.add(projectId);
    await answer(batch);
    for (const projectId of projectIds) busy.delete(projectId);
    underWay -= 1;
    // Those that come in this turn, behind the answer, go along.
    if (!waiting.isEmpty()) sendSoon();
  }

  async function answer(batch: Batch<Row>): Promise<void> {
    try {
      handOut(batch, await load(wantedOf(batch)));
    } catch (error) {
      if (batch.size === 1 || error instanceof Failure) return reject(batch, error);
      // What PostgreSQL refuses of one project is no other's fault.
      for (const part of batch) await answer(new Map([part]));
    }
  }

  function handOut(batch: Batch<Row>, rows: readonly Row[]): void {
    for (const row of rows) {
      const ofProject = batch.get(projectOf(row));
      const value = wantedBy(row);
      for (const reader of ofProject?.get(value) ?? []) reader.resolve(row);
      ofProject?.delete(value);
    }
    for (const values of batch.values())
      for (const readers of values.values()) for (const reader of readers) reader.resolve(undefined);
  }

  function refuseLate(): void {
    waiting.refuse(performance.now() - MAX_WAIT_MS, mayHaveTurn);
    watch = waiting.isEmpty() ? undefined : setTimeout(refuseLate, MAX_WAIT_MS);
  }
}

/** As many as there are connections for short reads. */
const MAX_UNDER_WAY = 2;
/** A project that had no turn for so long is refused. */
const MAX_WAIT_MS = 250;

function wantedOf<Row>(batch: Batch<Row>): Wanted {
  const wanted = new Map<string, readonly string[]>();
  for (const [projectId, values] of batch) wanted.set(projectId, [...values.keys()]);
  return wanted;
}

function reject<Row>(batch: Batch<Row>, error: unknown): void {
  for (const values of batch.values())
    for (const readers of values.values()) for (const reader of readers) reader.reject(error);
}

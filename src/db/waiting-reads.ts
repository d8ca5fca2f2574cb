import { failure } from "../errors.ts";
import { RenewedMap } from "../renewed-map.ts";

/** Reads that wait for their statement. Projects take turns. */
export type WaitingReads<Row> = {
  /** @throws Failure OVERLOADED, as a rejection, when too many of the project wait already. */
  add(projectId: string, value: string): Promise<Row | undefined>;
  /** Takes what the next statement is to ask for; undefined when nobody waits, or only for those that may not. */
  take(mayHaveTurn: (projectId: string) => boolean): Batch<Row> | undefined;
  /** Refuses the reads of projects that have waited for their turn since before `time`. */
  refuse(time: number, mayHaveTurn: (projectId: string) => boolean): void;
  isEmpty(): boolean;
};

/** Who reads, by project and value. */
export type Batch<Row> = Map<string, Map<string, Reader<Row>[]>>;
export type Reader<Row> = { resolve(row: Row | undefined): void; reject(error: unknown): void };

/** @param now the time, in milliseconds. */
export function createWaitingReads<Row>(now: () => number): WaitingReads<Row> {
  // The first one is next.
  const projects = new Map<string, ProjectReads<Row>>();

  return {
    add(projectId, value) {
      let project = projects.get(projectId);
      if (!project) {
        project = { values: new RenewedMap(), readers: 0, since: now() };
        projects.set(projectId, project);
      }
      return addTo(project, value);
    },
    take(mayHaveTurn) {
      const batch: Batch<Row> = new Map();
      let room = MAX_BATCH;
      for (const [projectId, project] of projects) {
        if (room === 0) break;
        if (!mayHaveTurn(projectId)) continue;
        const isShared = project.values.size <= MAX_SHARED;
        if (batch.size > 0 && (!isShared || project.values.size > room)) continue;
        batch.set(projectId, takeFrom(project, room));
        projects.delete(projectId);
        project.since = now();
        if (project.values.size > 0) projects.set(projectId, project);
        if (!isShared) break;
        room -= batch.get(projectId)?.size ?? 0;
      }
      return batch.size > 0 ? batch : undefined;
    },
    refuse(time, mayHaveTurn) {
      for (const [projectId, project] of projects) {
        if (project.since > time || !mayHaveTurn(projectId)) continue;
        projects.delete(projectId);
        for (const readers of takeFrom(project, Number.POSITIVE_INFINITY).values())
          for (const reader of readers) reader.reject(failure.overloaded());
      }
    },
    isEmpty: () => projects.size === 0,
  };
}

/** `since`: when it last had a turn, or came. */
type ProjectReads<Row> = {
  readonly values: RenewedMap<string, Reader<Row>[]>;
  since: number;
  readers: number;
};

/** Of the largest resources, about 12 MB a statement. */
const MAX_BATCH = 100;
/** A project that asks for more has a statement of its own: others need not wait for all of its rows. */
const MAX_SHARED = 10;
/** Of one project. */
const MAX_READERS = 20_000;

function addTo<Row>(project: ProjectReads<Row>, value: string): Promise<Row | undefined> {
  // Never thrown: whoever asks for many at once would leave the others' promises to nobody.
  if (project.readers >= MAX_READERS) return Promise.reject(failure.overloaded());
  project.readers += 1;
  return new Promise((resolve, reject) => {
    const readers = project.values.get(value);
    if (readers) readers.push({ resolve, reject });
    else project.values.set(value, [{ resolve, reject }]);
  });
}

function takeFrom<Row>(project: ProjectReads<Row>, most: number): Map<string, Reader<Row>[]> {
  const taken = new Map<string, Reader<Row>[]>();
  for (const [value, readers] of project.values) {
    if (taken.size === most) break;
    taken.set(value, readers);
    project.values.delete(value);
    project.readers -= readers.length;
  }
  return taken;
}

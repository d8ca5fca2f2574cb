import { MAX_WRITES } from "./flight-size.ts";
import type { PendingWrite } from "./pending-write.ts";

/** Writes of one project, of one commit function, that are committed together. */
export type Batch = { readonly projectId: string; readonly writes: readonly PendingWrite[] };

/** The writes that wait, and those under way: of each project, at most one batch. */
export type WriteQueues = {
  /** False when there is no room. */
  add(projectId: string, write: PendingWrite): boolean;
  /** Whether a project waits of which nothing is under way. */
  isAnyWaiting(): boolean;
  /** How many writes wait of those projects. */
  countReady(): number;
  /** That of the write which is next. */
  nextFunction(): PendingWrite["commitFunction"] | undefined;
  /**
   * Takes the next batches, of one commit function and different projects; none when none waits. Projects take
   * turns: the first in turn always gets in, and no one takes more than a share of the room from those that want in too.
   *
   * @param maxWrites of all of them; absent: as many as a statement may have.
   */
  takeBatches(maxProjects: number, maxWrites?: number): readonly Batch[];
  /** Takes all that waits behind a batch. */
  takeBehind(batch: Batch): readonly PendingWrite[];
  /** All writes of the batch are answered: the next of its project may be taken. */
  finish(batch: Batch): void;
};

export function openWriteQueues(): WriteQueues {
  const queues = new Map<string, Queue>();
  /** The first one is next. */
  const waiting = new Set<Queue>();
  let heldCharacters = 0;
  let ready = 0;

  return {
    add(projectId, write) {
      // The first of all isn't in anybody's way: it needn't be measured.
      if (queues.size > 0) write.held = write.characters;
      const queue = queues.get(projectId) ?? { projectId, writes: [], heldCharacters: 0 };
      if (isFull(queue, write)) return false;
      queue.writes.push(write);
      queue.heldCharacters += write.held;
      heldCharacters += write.held;
      if (!queues.has(projectId)) waiting.add(queue);
      if (waiting.has(queue)) ready += 1;
      queues.set(projectId, queue);
      return true;
    },
    isAnyWaiting: () => waiting.size > 0,
    countReady: () => ready,
    nextFunction() {
      const [queue] = waiting;
      return queue?.writes[0]?.commitFunction;
    },
    takeBatches(maxProjects, maxWrites = MAX_WRITES) {
      const next = nextOfOneFunction(waiting, Math.min(maxProjects, maxWrites));
      const batches = takeShares(next, maxWrites);
      for (const { queue, writes } of batches) {
        waiting.delete(queue);
        ready -= writes.length + queue.writes.length;
      }
      return batches;
    },
    takeBehind({ projectId }) {
      const queue = known(projectId);
      const behind = queue.writes.splice(0);
      release(queue, behind);
      return behind;
    },
    finish({ projectId, writes }) {
      const queue = known(projectId);
      release(queue, writes);
      if (queue.writes.length === 0) queues.delete(projectId);
      else {
        waiting.add(queue);
        ready += queue.writes.length;
      }
    },
  };

  function isFull(queue: Queue, { held }: PendingWrite): boolean {
    return (
      heldCharacters + held > MAX_HELD_CHARACTERS ||
      queue.heldCharacters + held > MAX_HELD_BY_ONE ||
      queue.writes.length >= MAX_QUEUED
    );
  }

  function known(projectId: string): Queue {
    const queue = queues.get(projectId);
    if (!queue) throw new Error("unreachable: a queue stays while a batch of it is under way");
    return queue;
  }

  function release(queue: Queue, writes: readonly PendingWrite[]): void {
    for (const { held } of writes) {
      queue.heldCharacters -= held;
      heldCharacters -= held;
    }
  }
}

/** Of one project. */
const MAX_QUEUED = 2000;
/** Of all projects: some 200 MB. One project leaves most of it to the others. */
const MAX_HELD_CHARACTERS = 64 * 1024 * 1024;
const MAX_HELD_BY_ONE = MAX_HELD_CHARACTERS / 4;
/** Of one statement. */
const MAX_CHARACTERS = 4 * 1024 * 1024;

type Queue = { readonly projectId: string; readonly writes: PendingWrite[]; heldCharacters: number };

/** Those whose next write is of the same commit function as the first one's; the others keep their turn. */
function nextOfOneFunction(waiting: Iterable<Queue>, most: number): readonly Queue[] {
  const next: Queue[] = [];
  for (const queue of waiting) {
    if (next.length === most) break;
    if (queue.writes[0]?.commitFunction === (next[0] ?? queue).writes[0]?.commitFunction) next.push(queue);
  }
  return next;
}

/** A share for each, then more for those that have more. The first one gets in, however large its write is. */
function takeShares(queues: readonly Queue[], maxWrites: number) {
  const [first, ...others] = queues;
  // One alone is within every bound, and needn't be measured.
  if (first?.writes.length === 1 && others.length === 0) {
    return [{ queue: first, projectId: first.projectId, writes: first.writes.splice(0) }];
  }
  const batches = queues.map((queue) => ({
    queue,
    projectId: queue.projectId,
    writes: [] as PendingWrite[],
  }));
  const left = { writes: maxWrites, characters: MAX_CHARACTERS };
  const share = {
    writes: Math.floor(left.writes / queues.length),
    characters: left.characters / queues.length,
  };
  for (const batch of batches) load(batch, least(share, left));
  for (const batch of batches) load(batch, left);
  return batches.filter(({ writes }) => writes.length > 0);

  function load(batch: (typeof batches)[number], room: typeof left): void {
    const { queue, writes } = batch;
    const next = writes[0] ?? queue.writes[0];
    const atLeast = batch === batches[0] && writes.length === 0 ? 1 : 0;
    const count = Math.max(atLeast, countOf(queue.writes, next?.commitFunction, room));
    for (const write of queue.writes.splice(0, count)) {
      writes.push(write);
      left.writes -= 1;
      left.characters -= write.characters;
    }
  }
}

type Room = { readonly writes: number; readonly characters: number };

function least(one: Room, other: Room): Room {
  return {
    writes: Math.min(one.writes, other.writes),
    characters: Math.min(one.characters, other.characters),
  };
}

/** How many of the next writes have this commit function and find room. */
function countOf(
  writes: readonly PendingWrite[],
  commitFunction: PendingWrite["commitFunction"] | undefined,
  room: Room,
): number {
  let { characters } = room;
  const end = writes.findIndex((write, index) => {
    characters -= write.characters;
    return index >= room.writes || write.commitFunction !== commitFunction || characters < 0;
  });
  return end < 0 ? writes.length : end;
}

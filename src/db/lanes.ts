import type { Ending } from "../ending.ts";
import { failure } from "../errors.ts";
import { type Connection, type DatabaseAddress, openConnection, type Planning } from "./connection.ts";
import { createFairQueue } from "./fair-queue.ts";

/** Several connections of one purpose, each with one statement in flight. */
export type Lanes = {
  /**
   * Lends a connection to `work`. Waits for a free one at most `maxWaitMs`.
   *
   * @param projectId for whom: where several projects wait, they take turns.
   * @param over ends when nobody wants the work to be done any more: who waits then leaves. Absent: somebody always does.
   * @throws Failure OVERLOADED when too many of the project wait already, or the wait was too long; why it is over, once it is.
   */
  withConnection<Result>(
    projectId: string,
    work: (connection: Connection) => Promise<Result>,
    over?: Ending,
  ): Promise<Result>;
  /** Opens all connections, so that the first callers don't wait for that. */
  open(): Promise<void>;
  close(): Promise<void>;
};

export type LanesOptions = {
  readonly connections: number;
  /** The most that one project has at once; all when absent. */
  readonly ofOneProject?: number;
  readonly statementTimeoutMs: number;
  readonly maxWaitMs: number;
  /** Of all projects; beyond, the one with most of them waits with less. */
  readonly maxWaiting: number;
  readonly planning?: Planning;
};

/** Connections are opened when first used. postgres.js with `max` above 1 slows down under load, hence one client each. */
export function openLanes(address: DatabaseAddress, options: LanesOptions): Lanes {
  const all = Array.from({ length: options.connections }, () =>
    openConnection(address, options.statementTimeoutMs, options.planning),
  );
  const free = [...all];
  const waiting = createFairQueue<Waiter>();
  /** How many connections each project has. */
  const lent = new Map<string, number>();
  const { ofOneProject = options.connections } = options;

  return {
    async withConnection(projectId, work, over) {
      if (over?.reason) throw over.reason;
      const connection = take(projectId) ?? (await nextFree(projectId, over));
      try {
        return await work(connection);
      } finally {
        release(projectId, connection);
      }
    },
    async open() {
      await Promise.all(all.map((connection) => connection.run((sql) => sql<object[]>`select 1`)));
    },
    async close() {
      for (const waiter of waiting.clear()) waiter.reject(failure.overloaded());
      await Promise.all(all.map((connection) => connection.close()));
    },
  };

  function take(projectId: string): Connection | undefined {
    const connection = mayHaveMore(projectId) ? free.pop() : undefined;
    if (connection) lent.set(projectId, lentTo(projectId) + 1);
    return connection;
  }

  function nextFree(projectId: string, over: Ending | undefined): Promise<Connection> {
    if (waiting.size() >= options.maxWaiting) {
      const last = waiting.takeFromLongest(projectId);
      if (!last) throw failure.overloaded();
      last.reject(failure.overloaded());
    }
    return new Promise((resolve, reject) => {
      let turn: NodeJS.Immediate | undefined;
      const leave = (reason: Error) => {
        waiting.remove(projectId, waiter);
        waiter.reject(reason);
      };
      const giveUp = () => leave(failure.overloaded());
      // After the process stood still, timers come before the answers that are there by then.
      const timer = setTimeout(() => {
        turn = setImmediate(giveUp);
      }, options.maxWaitMs);
      const stopWaiting = () => {
        clearTimeout(timer);
        clearImmediate(turn);
        over?.forget(leave);
      };
      const waiter: Waiter = {
        projectId,
        resolve(connection) {
          stopWaiting();
          resolve(connection);
        },
        reject(error) {
          stopWaiting();
          reject(error);
        },
      };
      waiting.add(projectId, waiter);
      over?.whenEnded(leave);
    });
  }

  function release(projectId: string, connection: Connection): void {
    const left = lentTo(projectId) - 1;
    if (left === 0) lent.delete(projectId);
    else lent.set(projectId, left);
    free.push(connection);
    const waiter = waiting.take(mayHaveMore);
    const next = waiter && take(waiter.projectId);
    if (next) waiter.resolve(next);
  }

  function mayHaveMore(projectId: string): boolean {
    return lentTo(projectId) < ofOneProject;
  }

  function lentTo(projectId: string): number {
    return lent.get(projectId) ?? 0;
  }
}

type Waiter = {
  readonly projectId: string;
  resolve(connection: Connection): void;
  reject(error: Error): void;
};

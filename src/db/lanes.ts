import { failure } from "../errors.ts";
import { type Connection, type DatabaseAddress, openConnection } from "./connection.ts";

/** Several connections of one purpose, each with one statement in flight. */
export type Lanes = {
  /**
   * Lends a connection to `work`. Waits for a free one at most `maxWaitMs`.
   *
   * @throws Failure OVERLOADED when too many wait already, or the wait was too long.
   */
  withConnection<Result>(work: (connection: Connection) => Promise<Result>): Promise<Result>;
  /** Opens all connections, so that the first callers don't wait for that. */
  open(): Promise<void>;
  close(): Promise<void>;
};

export type LanesOptions = {
  readonly connections: number;
  readonly statementTimeoutMs: number;
  readonly maxWaitMs: number;
  readonly maxWaiting: number;
  /** Whether each statement is planned for its own values, however often it was run. */
  readonly plansAnew?: boolean;
};

/** Connections are opened when first used. postgres.js with `max` above 1 slows down under load, hence one client each. */
export function openLanes(address: DatabaseAddress, options: LanesOptions): Lanes {
  const all = Array.from({ length: options.connections }, () =>
    openConnection(address, options.statementTimeoutMs, options.plansAnew),
  );
  const free = [...all];
  const waiting: Waiter[] = [];

  return {
    async withConnection(work) {
      const connection = free.pop() ?? (await nextFree());
      try {
        return await work(connection);
      } finally {
        release(connection);
      }
    },
    async open() {
      await Promise.all(all.map((connection) => connection.run((sql) => sql<object[]>`select 1`)));
    },
    async close() {
      for (const waiter of waiting.splice(0)) waiter.reject(failure.overloaded());
      await Promise.all(all.map((connection) => connection.close()));
    },
  };

  function nextFree(): Promise<Connection> {
    if (waiting.length >= options.maxWaiting) throw failure.overloaded();
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        waiting.splice(waiting.indexOf(waiter), 1);
        reject(failure.overloaded());
      }, options.maxWaitMs);
      const waiter: Waiter = {
        resolve(connection) {
          clearTimeout(timer);
          resolve(connection);
        },
        reject(error) {
          clearTimeout(timer);
          reject(error);
        },
      };
      waiting.push(waiter);
    });
  }

  function release(connection: Connection): void {
    const waiter = waiting.shift();
    if (waiter) waiter.resolve(connection);
    else free.push(connection);
  }
}

type Waiter = { resolve(connection: Connection): void; reject(error: Error): void };

import type { DatabaseAddress } from "../../db/connection.ts";

// Between the processes go messages of others, too: a bench's, a debugger's. Hence the guards.

/** What a worker tells the primary: where it is. */
export type FromWorker =
  | { readonly worker: "asks-for-orders" | "is-warm" }
  | { readonly worker: "serves"; readonly at: Place };

/** Where a service listens. */
export type Place = { readonly host: string; readonly port: number };

/** What the primary tells a worker. */
export type FromPrimary =
  | { readonly primary: "orders"; readonly orders: Orders }
  | { readonly primary: "listen" }
  | { readonly primary: "stop" };

export type Orders = {
  /** From 1; that of a worker whose place it takes. */
  readonly number: number;
  readonly port: number;
  readonly address: DatabaseAddress;
  /** Of page tokens. */
  readonly secret: Uint8Array;
};

export function isFromWorker(message: unknown): message is FromWorker {
  return typeof message === "object" && message !== null && "worker" in message;
}

export function isFromPrimary(message: unknown): message is FromPrimary {
  return typeof message === "object" && message !== null && "primary" in message;
}

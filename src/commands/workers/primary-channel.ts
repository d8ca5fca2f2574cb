import { type FromWorker, isFromPrimary, type Orders } from "./messages.ts";

/** The primary, as a worker sees it. */
export type Primary = {
  orders(): Promise<Orders>;
  /** Says that all is ready but the port; resolves when it may be listened on. */
  mayListen(): Promise<void>;
  readonly saysStop: Promise<void>;
  /** Resolves when the primary ended without a word, after this worker listened. */
  readonly isGone: Promise<void>;
  tell(message: FromWorker): void;
  /** To be called at the end: it would keep the process up. */
  close(): void;
};

/** @param onGoneEarly is called when the primary ends before this worker listens. */
export function openPrimary({ onGoneEarly }: { readonly onGoneEarly: () => void }): Primary {
  const orders = Promise.withResolvers<Orders>();
  const listen = Promise.withResolvers<void>();
  const stop = Promise.withResolvers<void>();
  const gone = Promise.withResolvers<void>();
  let mayListen = false;
  process.on("message", onMessage);
  process.once("disconnect", onDisconnect);
  return {
    orders() {
      tell({ worker: "asks-for-orders" });
      return orders.promise;
    },
    async mayListen() {
      tell({ worker: "is-warm" });
      await listen.promise;
    },
    saysStop: stop.promise,
    isGone: gone.promise,
    tell,
    close() {
      process.off("disconnect", onDisconnect);
      if (process.connected) process.disconnect();
    },
  };

  function onMessage(message: unknown): void {
    if (!isFromPrimary(message)) return;
    switch (message.primary) {
      case "orders":
        orders.resolve(message.orders);
        break;
      case "listen":
        mayListen = true;
        listen.resolve();
        break;
      case "stop":
        stop.resolve();
        break;
      default:
        message satisfies never;
    }
  }

  function onDisconnect(): void {
    if (mayListen) gone.resolve();
    else onGoneEarly();
  }
}

/** What can't be told any more is found out by the channel's end. */
function tell(message: FromWorker): void {
  if (process.connected) process.send?.(message, undefined, undefined, () => {});
}

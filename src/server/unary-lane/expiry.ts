/** Things that have to be done with in time. */
export type Expiry<Item> = {
  add(item: Item): void;
  /** It is done with. */
  delete(item: Item): void;
};

/**
 * Calls `expire` for each item that is not done with after `ms`, or up to a tenth later. A timer for each
 * would take three times as long, and nearly none ever fires.
 */
export function createExpiry<Item>(ms: number, expire: (item: Item) => void): Expiry<Item> {
  // In the order in which they came.
  const addedAt = new Map<Item, number>();
  let timer: NodeJS.Timeout | undefined;
  return {
    add(item) {
      addedAt.set(item, performance.now());
      timer ??= setInterval(check, Math.max(1, ms / 10)).unref();
    },
    delete(item) {
      addedAt.delete(item);
    },
  };

  function check(): void {
    const latest = performance.now() - ms;
    for (const [item, at] of addedAt) {
      if (at > latest) break;
      addedAt.delete(item);
      expire(item);
    }
    if (addedAt.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  }
}

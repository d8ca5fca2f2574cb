/** Items of several owners, who take turns: one of each, in the order in which he added them. */
export type FairQueue<Item> = {
  size(): number;
  add(owner: string, item: Item): void;
  /** Takes the next item of those owners whose turn it may be; undefined when there is none. */
  take(mayHaveTurn: (owner: string) => boolean): Item | undefined;
  /** Takes the last item of the owner who has most, unless nobody has more than `owner`. */
  takeFromLongest(owner: string): Item | undefined;
  remove(owner: string, item: Item): void;
  /** Takes all. */
  clear(): readonly Item[];
};

export function createFairQueue<Item>(): FairQueue<Item> {
  // The first one is next.
  const queues = new Map<string, Item[]>();
  let size = 0;

  return {
    size: () => size,
    add(owner, item) {
      size += 1;
      const queue = queues.get(owner);
      if (queue) queue.push(item);
      else queues.set(owner, [item]);
    },
    take(mayHaveTurn) {
      for (const [owner, queue] of queues) {
        if (!mayHaveTurn(owner)) continue;
        const item = queue.shift();
        queues.delete(owner);
        if (queue.length > 0) queues.set(owner, queue);
        size -= 1;
        return item;
      }
      return undefined;
    },
    takeFromLongest(owner) {
      let [longest, length] = [owner, queues.get(owner)?.length ?? 0];
      for (const [other, queue] of queues) {
        if (queue.length > length) [longest, length] = [other, queue.length];
      }
      if (longest === owner) return undefined;
      const item = queues.get(longest)?.at(-1);
      if (item !== undefined) remove(longest, item);
      return item;
    },
    remove,
    clear() {
      const items = [...queues.values()].flat();
      queues.clear();
      size = 0;
      return items;
    },
  };

  function remove(owner: string, item: Item): void {
    const queue = queues.get(owner);
    const index = queue?.indexOf(item) ?? -1;
    if (!queue || index < 0) return;
    queue.splice(index, 1);
    size -= 1;
    if (queue.length === 0) queues.delete(owner);
  }
}

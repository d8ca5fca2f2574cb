import { LinkedList, ListItem } from "./linked-list.ts";

/** Things that have to be done with in time. */
export type Expiry<Item> = {
  add(item: Item): Due;
};

/** A thing that is waited for. */
export type Due = {
  /** It is done with, if it hasn't expired. */
  done(): void;
};

/**
 * Calls `expire` for each item that is not done with after `ms`. A timer for each would take three times as long, and
 * nearly none ever fires.
 */
export function createExpiry<Item>(ms: number, expire: (item: Item) => void): Expiry<Item> {
  const waiting = new LinkedList<Waiting<Item>>();
  let isTimed = false;
  return {
    add(item) {
      const due = new Waiting(item, waiting);
      waiting.add(due);
      if (!isTimed) checkIn(ms);
      return due;
    },
  };

  function checkIn(delayMs: number): void {
    isTimed = true;
    setTimeout(check, delayMs).unref();
  }

  function check(): void {
    const now = performance.now();
    try {
      for (let due = waiting.first; due && due.since + ms <= now; due = waiting.first) {
        due.done();
        expire(due.item);
      }
    } finally {
      isTimed = false;
      if (waiting.first) checkIn(Math.max(0, Math.ceil(waiting.first.since + ms - now)));
    }
  }
}

class Waiting<Item> extends ListItem<Waiting<Item>> implements Due {
  readonly item: Item;
  readonly since = performance.now();
  readonly #all: LinkedList<Waiting<Item>>;

  constructor(item: Item, all: LinkedList<Waiting<Item>>) {
    super();
    this.item = item;
    this.#all = all;
  }

  done(): void {
    this.#all.remove(this);
  }
}

/** Can be in one list at a time. */
export class ListItem<Self> {
  /** Of the list that it is in. */
  previous: Self | undefined;
  next: Self | undefined;
}

/**
 * Items in the order in which they were added, any of which can be taken out at once.
 *
 * For what comes and goes with each call, rather than a Set or Map: of those V8 replaces the table again and
 * again, and an old table refers to the next one. As soon as one is among the objects that only a full collection
 * looks through, it keeps all later ones alive until then, and with them what was in each when it was replaced.
 */
export class LinkedList<Item extends ListItem<Item>> {
  #first: Item | undefined;
  #last: Item | undefined;

  get first(): Item | undefined {
    return this.#first;
  }

  /** @param item that is in no list. */
  add(item: Item): void {
    const last = this.#last;
    item.previous = last;
    if (last) last.next = item;
    else this.#first = item;
    this.#last = item;
  }

  /** Takes an item out; one that isn't in the list any more is left as it is. */
  remove(item: Item): void {
    const { previous, next } = item;
    if (!previous && this.#first !== item) return;
    if (previous) previous.next = next;
    else this.#first = next;
    if (next) next.previous = previous;
    else this.#last = previous;
    item.previous = undefined;
    item.next = undefined;
  }

  /** An item may be taken out while it has its turn; were the one behind it taken out then, that were the end. */
  *[Symbol.iterator](): Generator<Item> {
    let item = this.#first;
    while (item) {
      const { next } = item;
      yield item;
      item = next;
    }
  }
}

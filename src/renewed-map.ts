/** A Map for what comes and goes: it is made anew now and then, and so loses what leads from its old tables to later ones. See LinkedList. */
export class RenewedMap<Key, Value> {
  #map: Map<Key, Value>;
  #additions = 0;

  constructor(entries: Iterable<readonly [Key, Value]> = []) {
    this.#map = new Map(entries);
  }

  get size(): number {
    return this.#map.size;
  }

  get(key: Key): Value | undefined {
    return this.#map.get(key);
  }

  has(key: Key): boolean {
    return this.#map.has(key);
  }

  set(key: Key, value: Value): this {
    this.#additions += 1;
    if (this.#additions > ADDITIONS + this.size) {
      this.#map = new Map(this.#map);
      this.#additions = 1;
    }
    this.#map.set(key, value);
    return this;
  }

  delete(key: Key): boolean {
    return this.#map.delete(key);
  }

  clear(): void {
    this.#map.clear();
  }

  /** As of a Map, and so are those below; but what is added or taken out meanwhile may be left out, or be there still. */
  forEach(each: (value: Value, key: Key, map: this) => void, self?: unknown): void {
    for (const [key, value] of this.#map) each.call(self, value, key, this);
  }

  keys(): MapIterator<Key> {
    return this.#map.keys();
  }

  values(): MapIterator<Value> {
    return this.#map.values();
  }

  entries(): MapIterator<[Key, Value]> {
    return this.#map.entries();
  }

  [Symbol.iterator](): MapIterator<[Key, Value]> {
    return this.#map.entries();
  }
}

/** And as many as there are entries: seldom enough to cost next to nothing. */
const ADDITIONS = 64;

import type { Http2Session } from "node:http2";
import { types } from "node:util";

/**
 * Lets the streams of a session go when they are closed. Node keeps the open ones in a Map, which makes V8 keep
 * closed ones, with all that hangs on them, until its next full collection: see `LinkedList`. A fifth of
 * what a call allocates was moved to the old objects for it.
 *
 * It changes what Node holds for itself, and nothing where a version of Node doesn't hold it so.
 */
export function renewStreamTable(session: Http2Session): void {
  const state = stateOf(session);
  if (state && types.isMap(state.streams)) state.streams = new RenewedMap(state.streams);
}

type State = { streams?: unknown };

function stateOf(session: object): State | undefined {
  const key = Object.getOwnPropertySymbols(session).find(({ description }) => description === "state");
  const state: unknown = key && Reflect.get(session, key);
  return typeof state === "object" && state !== null ? state : undefined;
}

/** A Map that is made anew now and then, by which it loses what leads from its old tables to later ones. */
export class RenewedMap<Key, Value> {
  #map: Map<Key, Value>;
  #additions = 0;

  constructor(entries: Iterable<readonly [Key, Value]>) {
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

  /** What is added meanwhile may be left out. */
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

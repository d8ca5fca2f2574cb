import fc from "fast-check";
import { expect, test } from "vitest";
import { LinkedList, ListItem } from "../../src/linked-list.ts";
import { RenewedMap } from "../../src/renewed-map.ts";
import { collect, oldBytes } from "../support/old-bytes.ts";

class Item extends ListItem<Item> {
  readonly number: number;
  readonly load = new Array(100).fill(0.5);

  constructor(number: number) {
    super();
    this.number = number;
  }
}

test("a list holds what a Set holds that is given the same, in the same order", () => {
  const steps = fc.array(fc.tuple(fc.boolean(), fc.nat(5)));
  fc.assert(
    fc.property(steps, (each) => {
      const items = Array.from({ length: 6 }, (_, number) => new Item(number));
      const list = new LinkedList<Item>();
      const set = new Set<Item>();
      for (const [isAdded, number] of each) {
        const item = items[number] as Item;
        if (isAdded && !set.has(item)) {
          list.add(item);
          set.add(item);
        } else if (!isAdded) {
          list.remove(item);
          set.delete(item);
        }
        expect([...list]).toEqual([...set]);
        expect(list.first).toBe([...set][0]);
      }
    }),
  );
});

test("an item may be taken out while it has its turn", () => {
  const list = new LinkedList<Item>();
  for (const number of [1, 2, 3]) list.add(new Item(number));
  const seen: number[] = [];
  for (const item of list) {
    list.remove(item);
    seen.push(item.number);
  }
  expect(seen).toEqual([1, 2, 3]);
  expect(list.first).toBeUndefined();
});

test("a map that is made anew holds what a Map holds that is given the same", () => {
  const steps = fc.array(fc.tuple(fc.constantFrom("set", "set", "delete", "clear"), fc.nat(200)), {
    maxLength: 1000,
  });
  fc.assert(
    fc.property(steps, (each) => {
      const renewed = new RenewedMap<number, number>();
      const map = new Map<number, number>();
      for (const [index, [step, key]] of each.entries()) {
        if (step === "set") {
          renewed.set(key, index);
          map.set(key, index);
        } else if (step === "delete") expect(renewed.delete(key)).toBe(map.delete(key));
        else if (key === 0) {
          renewed.clear();
          map.clear();
        }
        expect(renewed.size).toBe(map.size);
        expect(renewed.get(key)).toBe(map.get(key));
        expect(renewed.has(key)).toBe(map.has(key));
      }
      expect([...renewed]).toEqual([...map]);
      expect([...renewed.keys()]).toEqual([...map.keys()]);
      expect([...renewed.values()]).toEqual([...map.values()]);
      const seen: [number, number][] = [];
      renewed.forEach((value, key) => void seen.push([key, value]));
      expect(seen).toEqual([...map]);
    }),
  );
});

test("what was taken out of a list, or a map that is made anew, is let go of without a full collection; of a Map it isn't", () => {
  const list = new LinkedList<Item>();
  const renewed = new RenewedMap<number, Item>();
  const inList = oldBytesAfter(
    (item) => list.add(item),
    (item) => list.remove(item),
  );
  const inRenewed = oldBytesAfter(
    (item) => renewed.set(item.number, item),
    ({ number }) => renewed.delete(number),
  );
  // The most of some times: V8 may begin a full collection by itself.
  const inMap = Math.max(...Array.from({ length: 5 }, () => oldBytesInMap()));
  // Twenty million bytes came and went. Should a Map let go of them some day, all this can go.
  expect(inMap).toBeGreaterThan(10_000_000);
  expect(inList).toBeLessThan(2_000_000);
  expect(inRenewed).toBeLessThan(2_000_000);
});

function oldBytesInMap(): number {
  const map = new Map<number, Item>();
  return oldBytesAfter(
    (item) => map.set(item.number, item),
    ({ number }) => map.delete(number),
  );
}

/** By how many bytes the old objects grow while items come and go, as streams do, and only young ones are collected. */
function oldBytesAfter(add: (item: Item) => void, remove: (item: Item) => void): number {
  const live: Item[] = [];
  const churn = (count: number) => {
    for (let number = 0; number < count; number += 1) {
      const item = new Item(number);
      add(item);
      live.push(item);
      const [first] = live;
      if (live.length > 32 && first) {
        remove(first);
        live.shift();
      }
      if (number % 500 === 0) collect("minor");
    }
  };
  churn(100);
  // What is there now is old from now on.
  collect("major");
  const before = oldBytes();
  churn(20_000);
  return oldBytes() - before;
}

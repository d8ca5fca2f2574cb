import { setImmediate as turn } from "node:timers/promises";
import { expect, test } from "vitest";
import { makeInSlices, writeInSlices } from "../../src/encoding/slices.ts";
import type { Writer } from "../../src/encoding/writer.ts";
import { Ending } from "../../src/ending.ts";

const items = Array.from({ length: 100 }, (_, index) => Buffer.alloc(4096, index));
const write = (item: Buffer, out: Writer) => out.raw(item, 0, item.length);

test.each([0, 1, 7, 100])("%i items are written in their order", async (count) => {
  const some = items.slice(0, count);
  const slices = await writeInSlices(some, write, new Ending());
  expect(Buffer.concat(slices)).toEqual(Buffer.concat(some));
});

test("short lists are written at once, others with turns of all others between", async () => {
  const turnsOf = async (count: number) => {
    let turns = 0;
    let isWritten = false;
    const counting = (async () => {
      for (; !isWritten; turns += 1) await turn();
    })();
    const slices = await writeInSlices(items.slice(0, count), write, new Ending());
    isWritten = true;
    const counted = turns;
    await counting;
    return [slices.length, counted];
  };
  expect(await turnsOf(7)).toEqual([1, 0]);
  const [slices = 0, turns = 0] = await turnsOf(100);
  expect(slices).toBeGreaterThan(5);
  expect(turns).toBeGreaterThanOrEqual(slices - 2);
});

test("of several lists one slice is written in a turn", async () => {
  let written = 0;
  let most = 0;
  const counted = (item: Buffer, out: Writer) => {
    written += 1;
    write(item, out);
  };
  const lists = Promise.all([items, items, items].map((list) => writeInSlices(list, counted, new Ending())));
  for (let before = written; written < 3 * items.length; before = written) {
    await turn();
    most = Math.max(most, written - before);
  }
  await lists;
  expect(most).toBeLessThan(items.length / 5);
});

test("of several lists the first one is finished first", async () => {
  const written = [0, 0, 0];
  const lists = written.map((_, index) =>
    writeInSlices(
      items,
      (item, out) => {
        written[index] = (written[index] ?? 0) + 1;
        write(item, out);
      },
      new Ending(),
    ),
  );
  const [inFirstSlice] = written;
  await lists[0];
  expect(written).toEqual([items.length, inFirstSlice, inFirstSlice]);
  await Promise.all(lists);
});

test("of many lists few wait", async () => {
  let finished = 0;
  const lists = Array.from({ length: 50 }, async () => {
    await writeInSlices(items, write, new Ending());
    finished += 1;
  });
  await turn();
  expect(finished).toBeGreaterThan(40);
  await Promise.all(lists);
});

test("nothing more is written once the call is over", async () => {
  const over = new Ending();
  const gone = new Error("the caller has gone");
  let written = 0;
  const endAfterTen = (item: Buffer, out: Writer) => {
    written += 1;
    if (written === 10) over.end(gone);
    write(item, out);
  };
  await expect(writeInSlices(items, endAfterTen, over)).rejects.toBe(gone);
  expect(written).toBeLessThan(items.length / 2);
});

test("messages are made in their order, and no more once the call is over", async () => {
  const numbers = items.map((_, index) => index);
  const over = new Ending();
  expect(await makeInSlices(numbers, (number) => number * 2, over)).toEqual(numbers.map((n) => n * 2));
  over.end(new Error("the caller has gone"));
  await expect(makeInSlices(numbers, (number) => number, over)).rejects.toBe(over.reason);
});

import type { Ending } from "../ending.ts";
import { nextTurn } from "../turns.ts";
import { encodePart } from "./encoder.ts";
import type { Writer } from "./writer.ts";

// Long lists are worked off in slices, and all others have their turn between. What makes no more than one slice
// is done at once. Both throw the reason of `over`, once that has ended.

/** How many a slice holds where messages are made: a page of the usual size, 0.7 ms of customers. */
export const MESSAGES_PER_SLICE = 20;

/** Writes items one after the other. @param most how many a slice holds. */
export async function writeInSlices<Item>(
  items: readonly Item[],
  write: (item: Item, out: Writer) => void,
  over: Ending,
  most = Number.POSITIVE_INFINITY,
): Promise<readonly Buffer[]> {
  const slices: Buffer[] = [];
  let next = 0;
  const writeSlice = (out: Writer) => {
    const end = Math.min(items.length, next + most);
    for (; next < end && out.size < SLICE_BYTES; next += 1) write(items[next] as Item, out);
  };
  while (next < items.length) {
    if (next > 0) await nextTurn(slices.length > 1);
    if (over.reason) throw over.reason;
    slices.push(encodePart(writeSlice));
  }
  return slices;
}

/** Some hundred groups, which take 0.2 ms: as long as a few Gets. */
export const SLICE_BYTES = 32 * 1024;

/** Makes a message of each item. */
export async function makeInSlices<Item, Made>(
  items: readonly Item[],
  make: (item: Item) => Made,
  over: Ending,
): Promise<Made[]> {
  const made: Made[] = [];
  while (made.length < items.length) {
    if (made.length > 0) await nextTurn(made.length > MESSAGES_PER_SLICE);
    if (over.reason) throw over.reason;
    for (const item of items.slice(made.length, made.length + MESSAGES_PER_SLICE)) made.push(make(item));
  }
  return made;
}

import type { DescMessage, MessageShape } from "@bufbuild/protobuf";
import type { Call } from "../call.ts";
import { fieldOf } from "../encoding/columns.ts";
import {
  compileField,
  DELIMITED,
  type FieldWriters,
  OWN_FIELDS,
  type OwnFields,
  tagOf,
} from "../encoding/encoder.ts";
import { MESSAGES_PER_SLICE, makeInSlices, writeInSlices } from "../encoding/slices.ts";
import type { Writer } from "../encoding/writer.ts";
import type { PageInfo } from "./pages.ts";

/** A page as an answer. Its `results` are made when they are asked for, which the encoder never does. */
export type PageMessage<Desc extends DescMessage, Result> = OwnFields &
  Omit<PageInfo, "plan"> &
  Pick<MessageShape<Desc>, "$typeName"> & { readonly results: Result[] };

export type PageResults<Item, Result> = {
  readonly items: readonly Item[];
  toMessage(item: Item): Result;
  /** Writes the fields of the same, where that can be done without the message. */
  readonly write?: (item: Item, out: Writer) => void;
};

/** Makes a page in slices, with turns of others between: as bytes where these are taken, otherwise as messages. */
export type PageMessages<Desc extends DescMessage> = <Item, Result>(
  page: PageInfo,
  results: PageResults<Item, Result>,
  call: Pick<Call, "takesBytes" | "deadline">,
) => Promise<PageMessage<Desc, Result>>;

/**
 * @param desc of answers with `results`.
 * @throws in what it returns, the reason why the call is over, when it ends before the page is made.
 */
export function pageMessages<Desc extends DescMessage>(desc: Desc): PageMessages<Desc> {
  const field = fieldOf(desc, "results");
  const tag = tagOf(field.number, DELIMITED);
  const writeMessages = compileField(field);
  return async ({ plan: _, ...page }, { items, toMessage, write }, { takesBytes, deadline }) => {
    const { over } = deadline;
    const head = { $typeName: desc.typeName, ...page };
    if (!takesBytes) return { ...head, results: await makeInSlices(items, toMessage, over) };
    type Item = (typeof items)[number];
    const writeItem = write
      ? (item: Item, out: Writer) => {
          out.tag(tag);
          const start = out.fork();
          write(item, out);
          out.join(start);
        }
      : (item: Item, out: Writer) => writeMessages([toMessage(item)], out);
    const written = await writeInSlices(items, writeItem, over, write ? undefined : MESSAGES_PER_SLICE);
    return Object.assign(new WrittenResults(written, () => items.map(toMessage)), head);
  };
}

/** Results that are there as bytes. */
class WrittenResults<Result> implements OwnFields {
  readonly #written: readonly Buffer[];
  readonly #make: () => Result[];

  constructor(written: readonly Buffer[], make: () => Result[]) {
    this.#written = written;
    this.#make = make;
  }

  get results(): Result[] {
    return this.#make();
  }

  get [OWN_FIELDS](): FieldWriters<WrittenResults<unknown>> {
    return WrittenResults.#writers;
  }

  static readonly #writers: FieldWriters<WrittenResults<unknown>> = {
    results(page, _, out) {
      for (const slice of page.#written) out.raw(slice, 0, slice.length);
    },
  };
}

import type { RawRows } from "../db/raw-rows.ts";
import { OWN_FIELDS, type OwnFields } from "../encoding/encoder.ts";
import type { RowWriter } from "../encoding/row-writer.ts";
import type { PageInfo } from "./pages.ts";

/** A page as an answer: a message whose `results` are made when they are asked for, which the encoder never does. */
export type PageMessage<Name extends string, Result> = OwnFields &
  Omit<PageInfo, "plan"> & { readonly $typeName: Name; readonly results: Result[] };

export type PageMessageOptions<Row extends object, Result> = {
  toMessage(row: Row): Result;
  /** Writes the same. */
  readonly write: RowWriter;
};

export function pageMessage<Name extends string, Row extends object, Result>(
  $typeName: Name,
  { plan: _, ...page }: PageInfo,
  rows: RawRows<Row>,
  { toMessage, write }: PageMessageOptions<Row, Result>,
): PageMessage<Name, Result> {
  let made: Result[] | undefined;
  return {
    $typeName,
    ...page,
    get results() {
      made ??= rows.read().map(toMessage);
      return made;
    },
    [OWN_FIELDS]: {
      results(tag, out) {
        for (const row of rows.rows) {
          out.tag(tag);
          const start = out.fork();
          write(rows.textOf(row), out);
          out.join(start);
        }
      },
    },
  };
}

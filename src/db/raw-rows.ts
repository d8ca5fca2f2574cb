import type { Rows, Statement } from "./connection.ts";
import { type Column, columnsOf } from "./described.ts";

/**
 * A row as PostgreSQL sends it. Its first column, which is never null, leads to all others: they stand in
 * the same message, each behind its length.
 */
export type RawRow = readonly [Buffer, ...unknown[]];

/**
 * The same statement, but its rows are left as PostgreSQL sends them: most of a page goes on as bytes.
 *
 * @param statement whose first column is never null, and that is never run otherwise on the same connection.
 */
export function inRaw<Row extends object>(statement: Statement<Row>): Statement<RawRow> {
  return (sql) => {
    const query = statement(sql);
    if (!("raw" in query) || typeof query.raw !== "function") {
      throw new Error("unreachable: the driver gives rows as they come when asked to");
    }
    return query.raw() as ReturnType<Statement<RawRow>>;
  };
}

/** Where the columns of one row stand, whichever was read last. */
export class RowText {
  bytes: Buffer = NO_BYTES;
  #row: RawRow | undefined;
  /** Of each column. */
  readonly begins: Int32Array;
  /** Of each column; NULL where there is nothing. */
  readonly ends: Int32Array;

  constructor(columns: number) {
    this.begins = new Int32Array(columns);
    this.ends = new Int32Array(columns);
  }

  read(row: RawRow): this {
    if (row === this.#row) return this;
    this.#row = row;
    const first = row[0];
    const { buffer } = first;
    if (this.bytes.buffer !== buffer) this.bytes = Buffer.from(buffer);
    const { bytes, begins, ends } = this;
    let at = first.byteOffset - LENGTH_BYTES;
    for (let column = 0; column < begins.length; column += 1) {
      const length =
        ((bytes[at] as number) << 24) |
        ((bytes[at + 1] as number) << 16) |
        ((bytes[at + 2] as number) << 8) |
        (bytes[at + 3] as number);
      at += LENGTH_BYTES;
      begins[column] = at;
      if (length >= 0) at += length;
      ends[column] = length < 0 ? NULL : at;
    }
    return this;
  }

  /** Null where the column is. */
  text(column: number): string | null {
    const end = this.ends[column] ?? NULL;
    return end === NULL ? null : this.bytes.toString("utf8", this.begins[column], end);
  }
}

export const NULL = -1;
const NO_BYTES = Buffer.alloc(0);
const LENGTH_BYTES = 4;

/** Some rows of one answer, of which only that is read which is asked for. */
export class RawRows<Row extends object> {
  readonly rows: readonly RawRow[];
  readonly #layout: Layout;
  #read: readonly Row[] | undefined;

  private constructor(rows: readonly RawRow[], layout: Layout) {
    this.rows = rows;
    this.#layout = layout;
  }

  /** @param answer all rows of a statement that was made `inRaw`. */
  static of<Row extends object>(answer: Rows<RawRow>): RawRows<Row> {
    return new RawRows(answer, answer.length === 0 ? NO_COLUMNS : layoutOf(answer));
  }

  get count(): number {
    return this.rows.length;
  }

  /** Those from `begin` on, before `end`. */
  slice(begin: number, end: number): RawRows<Row> {
    return begin === 0 && end >= this.count ? this : new RawRows(this.rows.slice(begin, end), this.#layout);
  }

  /** The same for all answers of a prepared statement. */
  get layout(): object {
    return this.#layout;
  }

  /** Where a column stands in each row; -1 where there is none. */
  indexOf(column: string): number {
    return this.#layout.indexes.get(column) ?? -1;
  }

  /** The text of a row, until another is asked for. */
  textOf(row: RawRow): RowText {
    return this.#layout.text.read(row);
  }

  /** One value of a row, as `read` would have it; undefined where there is no such column. */
  valueOf(row: RawRow, column: string): unknown {
    const index = this.indexOf(column);
    const described = this.#layout.columns[index];
    return described && valueIn(this.textOf(row).text(index), described);
  }

  /** The rows as the driver itself would have read them. */
  read(): readonly Row[] {
    this.#read ??= this.rows.map((row) => this.readRow(row));
    return this.#read;
  }

  /** One of them. */
  readRow(row: RawRow): Row {
    const { columns } = this.#layout;
    const text = this.textOf(row);
    const read: Record<string, unknown> = {};
    for (let index = 0; index < columns.length; index += 1) {
      const column = columns[index] as Column;
      read[column.name] = valueIn(text.text(index), column);
    }
    return read as Row;
  }
}

type Layout = {
  readonly columns: readonly Column[];
  readonly indexes: ReadonlyMap<string, number>;
  readonly text: RowText;
};

const NO_COLUMNS: Layout = { columns: [], indexes: new Map(), text: new RowText(0) };

function valueIn(text: string | null, { parser }: Column): unknown {
  return text === null || !parser ? text : parser(text);
}

function layoutOf(answer: object): Layout {
  const columns = columnsOf(answer);
  const known = layouts.get(columns);
  if (known) return known;
  const indexes = new Map(columns.map(({ name }, index) => [name, index]));
  const layout = { columns, indexes, text: new RowText(columns.length) };
  layouts.set(columns, layout);
  return layout;
}

/** The driver keeps the columns of what it has prepared. */
const layouts = new WeakMap<readonly Column[], Layout>();

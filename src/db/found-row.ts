import type { RawRow, RawRows, RowText } from "./raw-rows.ts";

/** A row that was looked up, of which only that is read which is asked for. */
export class FoundRow<Row extends object> {
  readonly rows: RawRows<Row>;
  readonly #raw: RawRow;
  #read: Row | undefined;

  constructor(rows: RawRows<Row>, raw: RawRow) {
    this.rows = rows;
    this.#raw = raw;
  }

  /** Until another row is asked for. */
  get text(): RowText {
    return this.rows.textOf(this.#raw);
  }

  /** The text of a column that is there, and not null. */
  textOf(column: keyof Row & string): string {
    return this.text.text(this.rows.indexOf(column)) ?? "";
  }

  /** The row as the driver itself would have read it; the same one each time. */
  read(): Row {
    this.#read ??= this.rows.readRow(this.#raw);
    return this.#read;
  }
}

import type { DescMessage } from "@bufbuild/protobuf";
import { NULL, type RawRows, type RowText } from "../db/raw-rows.ts";
import { type ColumnWriter, columnWriter, fieldOf } from "./columns.ts";
import type { Writer } from "./writer.ts";

/** Writes the fields of the message that a row makes, without the row being read. */
export type RowWriter = (row: RowText, out: Writer) => void;

/** A field that a column of the same name holds, or a writer of one or several others. */
export type RowField = string | ((rows: RawRows<object>) => RowWriter);

/** Makes the writers for the rows of answers. Fields are written in the order in which they are listed. */
export function compileRow(
  desc: DescMessage,
  fields: readonly RowField[],
): (rows: RawRows<object>) => RowWriter {
  const compiled = fields.map((field) =>
    typeof field === "string" ? ofColumn(field, columnWriter(fieldOf(desc, field))) : field,
  );
  const known = new WeakMap<object, RowWriter>();
  return (rows) => {
    let write = known.get(rows.layout);
    if (!write) {
      const writers = compiled.map((field) => field(rows));
      write = (row, out) => {
        for (const writeField of writers) writeField(row, out);
      };
      known.set(rows.layout, write);
    }
    return write;
  };
}

/** Nothing is written where the column is null. */
export function ofColumn(column: string, write: ColumnWriter) {
  return (rows: RawRows<object>): RowWriter => {
    const index = rows.indexOf(column);
    return ({ bytes, begins, ends }, out) => {
      const end = ends[index] ?? NULL;
      if (end !== NULL) write(bytes, begins[index] as number, end, out);
    };
  };
}

/** A column as the driver describes it: its name as rows have it, and what reads its text. */
export type Column = { readonly name: string; readonly parser?: (text: string) => unknown };

/** The columns that the driver reads of a row; beside them those that it is not shown. */
type Shown = readonly Column[] & { readonly all?: readonly Column[] };

/** All columns of an answer. */
export function columnsOf({ columns }: { readonly columns?: unknown }): readonly Column[] {
  if (!Array.isArray(columns)) throw new Error("unreachable: the driver describes the columns of an answer");
  const shown: Shown = columns;
  return shown.all ?? shown;
}

/**
 * Keeps the driver, from the next time on, from making a Buffer of each column of each row, which takes longer than all
 * else that is done with a row here: what it remembers of the statement describes the first column only.
 *
 * @param query that is answered, of a statement that is run in raw each time.
 */
export function showFirstColumn(query: object): void {
  const { statement } = query as { statement?: { columns?: Shown } | null };
  const { columns } = statement ?? {};
  if (!statement || !columns || columns.all) return;
  statement.columns = Object.assign(columns.slice(0, 1), { all: columns });
}

/** @throws Error when the driver was shown the first column only. */
export function requireAllColumns({ columns }: { readonly columns?: unknown }): void {
  const shown = columns as Shown | null | undefined;
  if (shown?.all) throw new Error("unreachable: a statement is run in raw each time, or never");
}

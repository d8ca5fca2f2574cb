import type { Ref } from "../refs.ts";
import type { Reads } from "./reads.ts";
import { rowsBy, type Table } from "./table.ts";

/** Finds the row that a ref names; concurrent look-ups share a statement. */
export type Find<Row> = (projectId: string, ref: Ref) => Promise<Row | undefined>;

export function rowFinder<Row extends { readonly id: string; readonly key: string | null }>(
  reads: Reads,
  table: Table<Row>,
): Find<Row> {
  const byId = reads.gather(rowsBy(table, "id"), (row) => row.id);
  const byKey = reads.gather(rowsBy(table, "key"), (row) => row.key ?? "");
  return (projectId, { by, value }) => {
    if (by === "email") throw new Error("unreachable: only customers are found by email");
    return by === "id" ? byId(projectId, value) : byKey(projectId, value);
  };
}

import type { Ref } from "../refs.ts";
import type { Reads } from "./reads.ts";
import { listRowsBy, type Table } from "./table.ts";

/** Finds the row that a ref names; concurrent look-ups share a statement. */
export type Find<Row> = (projectId: string, ref: Ref) => Promise<Row | undefined>;

export function rowFinder<Row extends { readonly id: string; readonly key: string | null }>(
  reads: Reads,
  table: Table<Row>,
): Find<Row> {
  const byId = reads.gather(
    (projectId, ids) => listRowsBy(table, "id", projectId, ids),
    (row: Row) => row.id,
  );
  const byKey = reads.gather(
    (projectId, keys) => listRowsBy(table, "key", projectId, keys),
    (row: Row) => row.key ?? "",
  );
  return (projectId, { by, value }) => {
    if (by === "email") throw new Error("unreachable: only customers are found by email");
    return by === "id" ? byId(projectId, value) : byKey(projectId, value);
  };
}

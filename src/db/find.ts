import type { Ref } from "../refs.ts";
import type { FoundRow } from "./found-row.ts";
import type { OfProject } from "./gather.ts";
import type { Reads } from "./reads.ts";
import { rowsBy, type Table } from "./table.ts";

/** Finds what a ref names; concurrent look-ups share a statement. */
export type Find<Found> = (projectId: string, ref: Ref) => Promise<Found | undefined>;

/** Finds rows that nothing is read of yet. */
export function rowFinder<Row extends { readonly id: string; readonly key: string | null }>(
  reads: Reads,
  table: Table<Row>,
): Find<FoundRow<Row>> {
  const byId = reads.gather<Row & OfProject>(rowsBy(table, "id"), "id");
  const byKey = reads.gather<Row & OfProject>(rowsBy(table, "key"), "key");
  return (projectId, { by, value }) => {
    if (by === "email") throw new Error("unreachable: only customers are found by email");
    return by === "id" ? byId(projectId, value) : byKey(projectId, value);
  };
}

/** Finds the same rows, and reads them. */
export function reading<Row extends object>(find: Find<FoundRow<Row>>): Find<Row> {
  return async (projectId, ref) => (await find(projectId, ref))?.read();
}

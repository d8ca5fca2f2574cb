import { parseRef, type RefMessage } from "./refs.ts";
import { RenewedMap } from "./renewed-map.ts";

/**
 * Resources as this process wrote them last. Others may have written since: who decides on one has its commit see to it
 * that nothing of it has changed, and decides again on what is there if something has.
 */
export type LastWritten<Row> = {
  /** Of this version, if it is known by this id; and forgets it, for mostly it is about to be written. */
  take(projectId: string, ref: RefMessage | undefined, version: bigint): Row | undefined;
  note(projectId: string, row: Row): void;
};

/** @param maxBytes of all of them as they are sent. For more, projects take turns to forget what was written first. */
export function openLastWritten<
  Row extends { readonly id: string; readonly version: bigint; readonly byteSize: number },
>(maxBytes: number): LastWritten<Row> {
  const projects = new Map<string, RenewedMap<string, Row>>();
  let bytes = 0;

  return {
    take(projectId, refMessage, version) {
      const { by, value } = parseRef(refMessage);
      const rows = projects.get(projectId);
      // What had a key may not have it any more.
      const row = by === "id" ? rows?.get(value) : undefined;
      if (!rows || row?.version !== version) return undefined;
      forget(rows, row);
      if (rows.size === 0) projects.delete(projectId);
      return row;
    },
    note(projectId, row) {
      const rows = projects.get(projectId) ?? new RenewedMap<string, Row>();
      const before = rows.get(row.id);
      if (before) forget(rows, before);
      rows.set(row.id, row);
      bytes += row.byteSize;
      projects.set(projectId, rows);
      while (bytes > maxBytes) forgetNext();
    },
  };

  function forget(rows: RenewedMap<string, Row>, { id, byteSize }: Row): void {
    rows.delete(id);
    bytes -= byteSize;
  }

  function forgetNext(): void {
    const [next] = projects;
    if (!next) throw new Error("unreachable: what takes room is known");
    const [projectId, rows] = next;
    const [oldest] = rows.values();
    if (oldest) forget(rows, oldest);
    projects.delete(projectId);
    // Its next turn comes when all others have had theirs.
    if (rows.size > 0) projects.set(projectId, rows);
  }
}

import type { Reads } from "../db/reads.ts";
import type { Ref } from "../refs.ts";
import { listGroupsBy, type StoredGroupRow } from "./store.ts";

/** Finds the group that a ref names; concurrent look-ups share a statement. */
export type FindGroup = (projectId: string, ref: Ref) => Promise<StoredGroupRow | undefined>;

export function groupFinder(reads: Reads): FindGroup {
  const byId = reads.gather(
    (projectId, ids) => listGroupsBy("id", projectId, ids),
    (group) => group.id,
  );
  const byKey = reads.gather(
    (projectId, keys) => listGroupsBy("key", projectId, keys),
    (group) => group.key ?? "",
  );
  return (projectId, { by, value }) => (by === "id" ? byId(projectId, value) : byKey(projectId, value));
}

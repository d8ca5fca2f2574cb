import type { Statement } from "./connection.ts";

/**
 * One of the database's commit functions, which commits the writes of one project, all at once, and
 * answers one outcome for each, in order.
 *
 * @param writes a JSON array.
 * @param recheck whether an earlier attempt at these writes may have been committed.
 */
export type CommitFunction<Outcome extends object> = (
  projectId: string,
  writes: string,
  recheck: boolean,
) => Statement<Outcome>;

/** What became of one write; the functions themselves say more: migrations/functions/commit_*.sql. */
export type CommitOutcome =
  | { readonly outcome: "ok"; readonly sequence: bigint | null; readonly answer: Uint8Array | null }
  | { readonly outcome: "replayed"; readonly answer: Uint8Array }
  | { readonly outcome: "request_id_reused" | "project_not_found" | "not_found" }
  | { readonly outcome: "type_changed" }
  | { readonly outcome: "version_mismatch"; readonly currentVersion: bigint }
  | {
      readonly outcome: "duplicate" | "definition_conflict";
      readonly field: string;
      readonly conflictingId: string;
    }
  | { readonly outcome: "reference_not_found"; readonly field: string; readonly conflictingId: string }
  | { readonly outcome: "limit_reached"; readonly limitValue: number; readonly currentValue: number }
  | {
      readonly outcome: "too_large";
      readonly field: string;
      readonly conflictingId: string;
      readonly limitValue: number;
      readonly currentValue: number;
    }
  | { readonly outcome: "referenced"; readonly field: string; readonly currentValue: number };

/** The commit function of this name. */
export function commitFunction(name: `commit_${string}`): CommitFunction<CommitOutcome> {
  return (projectId, writes, recheck) => (sql) =>
    sql<CommitOutcome[]>`
    select outcome, sequence, current_version, field, conflicting_id, limit_value, current_value, answer
    from ${sql(name)}(${projectId}, ${writes}::text::jsonb, ${recheck})`;
}

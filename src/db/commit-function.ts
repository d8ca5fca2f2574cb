import { arrayLiteral, type Statement } from "./connection.ts";
import { fixedStatement } from "./fixed-statement.ts";
import type { PlainWrites } from "./plain-writes.ts";

/**
 * One of the database's commit functions, which commits the writes of one project, all at once, and
 * answers one outcome for each, in order.
 *
 * @param writes a JSON array.
 * @param recheck whether an earlier attempt at these writes may have been committed.
 */
export type CommitFunction<Outcome extends object> = {
  (projectId: string, writes: string, recheck: boolean): Statement<Outcome>;
  /** For first attempts at plain writes, which cost much less so, above all many at once; absent where there is no such way. */
  readonly plain?: PlainWrites | undefined;
  /**
   * Commits the first attempt at writes of several projects, all at once.
   *
   * Waits for no project that somebody else writes to: such a one has no outcomes, nor has one that isn't there.
   *
   * @param batches None is empty, and no project is named twice.
   * @returns the outcomes, in any order.
   */
  together(batches: readonly JsonBatch[]): Statement<Placed<Outcome>>;
};

/** Writes of one project, each of them JSON. */
export type JsonBatch = { readonly projectId: string; readonly writes: readonly string[] };

/** Which write an outcome is of: its project, and its place among the project's writes, counted from 1. */
export type Placed<Outcome> = Outcome & { readonly projectId: string; readonly write: bigint };

/** What became of one write; the functions themselves say more: migrations/functions/commit_*.sql. */
export type CommitOutcome =
  | { readonly outcome: "ok"; readonly sequence: bigint | null; readonly answer: Uint8Array | null }
  | { readonly outcome: "replayed"; readonly answer: Uint8Array }
  | { readonly outcome: "request_id_reused" | "project_not_found" | "not_found" }
  | { readonly outcome: "type_changed" | "state_changed" }
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
export function commitFunction(name: `commit_${string}`, plain?: PlainWrites): CommitFunction<CommitOutcome> {
  return Object.assign(commitAlone(name), { plain, together: commitEach(name) });
}

function commitAlone(name: string) {
  const projectId = "projectId";
  const statement = fixedStatement<CommitOutcome, "projectId" | "writes" | "recheck">(
    (sql) => sql`
      select outcome, sequence, current_version, field, conflicting_id, limit_value, current_value, answer
      from ${sql(name)}(${projectId}, ${"writes"}::text::jsonb, ${"recheck"}::text::boolean)`,
  );
  return (ofProject: string, writes: string, recheck: boolean) =>
    statement({ projectId: ofProject, writes, recheck: `${recheck}` });
}

/**
 * Who holds several projects must wait for none: two who did so could wait for each other. The writes come out of the
 * subquery so that each project is locked before the function is called for it; that takes the lock again, and only
 * its own statements see what was committed before, for this one is older.
 */
function commitEach(name: string) {
  const projectIds = "projectIds";
  const statement = fixedStatement<Placed<CommitOutcome>, "projectIds" | "writes">(
    (sql) => sql`
      select
        b.project_id, o.ordinality as write, o.outcome, o.sequence, o.current_version, o.field,
        o.conflicting_id, o.limit_value, o.current_value, o.answer
      from rows from (
        unnest(${projectIds}::uuid[]), jsonb_array_elements(${"writes"}::text::jsonb)
      ) as b (project_id, writes)
      cross join lateral (
        select b.writes
        from projects p
        where p.project_id = b.project_id
        for no key update skip locked
      ) as locked
      cross join lateral ${sql(name)}(b.project_id, locked.writes, false) with ordinality as o`,
  );
  return (batches: readonly JsonBatch[]) => {
    const ids = batches.map(({ projectId }) => projectId);
    const writes = batches.map((batch) => `[${batch.writes}]`);
    return statement({ projectIds: arrayLiteral(ids), writes: `[${writes}]` });
  };
}

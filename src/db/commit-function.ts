import { arrayLiteral, type Statement } from "./connection.ts";

/**
 * One of the database's commit functions, which commits the writes of one project, all at once, and
 * answers one outcome for each, in order.
 *
 * @param writes a JSON array.
 * @param recheck whether an earlier attempt at these writes may have been committed.
 */
export type CommitFunction<Outcome extends object> = {
  (projectId: string, writes: string, recheck: boolean): Statement<Outcome>;
  /**
   * Commits the first attempt at writes of several projects, all at once.
   *
   * Waits for no project that somebody else writes to: such a one has no outcomes, nor has one that isn't there.
   *
   * @param writes a JSON array for each project. None is named twice.
   * @returns the outcomes, in any order.
   */
  together(projectIds: readonly string[], writes: readonly string[]): Statement<Placed<Outcome>>;
};

/** Which write an outcome is of, counted from 1: that of the project, and that among the project's. */
export type Placed<Outcome> = Outcome & { readonly project: bigint; readonly write: bigint };

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
  return Object.assign(commitAlone(name), { together: commitTogether(name) });
}

function commitAlone(name: string) {
  return (projectId: string, writes: string, recheck: boolean): Statement<CommitOutcome> =>
    (sql) =>
      sql<CommitOutcome[]>`
      select outcome, sequence, current_version, field, conflicting_id, limit_value, current_value, answer
      from ${sql(name)}(${projectId}, ${writes}::text::jsonb, ${recheck})`;
}

/**
 * Who holds several projects must wait for none: two who did so could wait for each other. The writes come out of the
 * subquery so that each project is locked before the function is called for it; that takes the lock again, and only
 * its own statements see what was committed before, for this one is older.
 */
function commitTogether(name: string) {
  return (projectIds: readonly string[], writes: readonly string[]): Statement<Placed<CommitOutcome>> =>
    (sql) =>
      sql<Placed<CommitOutcome>[]>`
      select
        b.number as project, o.ordinality as write, o.outcome, o.sequence, o.current_version, o.field,
        o.conflicting_id, o.limit_value, o.current_value, o.answer
      from rows from (
        unnest(${arrayLiteral(projectIds)}::uuid[]), jsonb_array_elements(${`[${writes}]`}::text::jsonb)
      ) with ordinality as b (project_id, writes, number)
      cross join lateral (
        select b.writes
        from projects p
        where p.project_id = b.project_id
        for no key update skip locked
      ) as locked
      cross join lateral ${sql(name)}(b.project_id, locked.writes, false) with ordinality as o`;
}

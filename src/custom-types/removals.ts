import type { Statement } from "../db/connection.ts";

/** A field that was removed from a type, while resources may hold values of it. */
export type RemovalRow = {
  readonly projectId: string;
  readonly customTypeId: string;
  readonly fieldName: string;
};

/** The removals of all projects, up to `limit`. For background work only: no request reads across projects. */
export function listRemovals(limit: number): Statement<RemovalRow> {
  return (sql) => sql<RemovalRow[]>`
    select project_id, custom_type_id, field_name
    from custom_field_removals
    order by project_id, custom_type_id, field_name
    limit ${limit}`;
}

/** How many resources had a value so far. */
export type SweptRow = { readonly swept: bigint; readonly done: boolean };

/** Sweeps the next resources, at most `limit`; no row when the removal was ended by another instance. */
export function sweepField(
  { projectId, customTypeId, fieldName }: RemovalRow,
  limit: number,
  writeId: string,
  at: Date,
): Statement<SweptRow> {
  return (sql) => sql<SweptRow[]>`
    select swept, done
    from sweep_custom_field_v1(${projectId}, ${customTypeId}, ${fieldName}, ${limit}, ${writeId}, ${at})`;
}

import type { Statement } from "../db/connection.ts";

export type RememberedRow = { readonly requestHash: string; readonly answer: Uint8Array };

/** The request as remembered; at most one row. */
export function listRemembered(projectId: string, requestKey: string): Statement<RememberedRow> {
  return (sql) => sql<RememberedRow[]>`
    select encode(request_hash, 'hex') as request_hash, answer
    from request_memory
    where project_id = ${projectId} and request_key = ${requestKey}`;
}

/** Forgets at most `limit` requests of the project that were made before `before`; one row for each forgotten. */
export function deleteRemembered(
  projectId: string,
  before: Date,
  limit: number,
): Statement<{ requestKey: string }> {
  return (sql) => sql<{ requestKey: string }[]>`
    delete from request_memory
    where project_id = ${projectId}
      and request_key in (
        select request_key
        from request_memory
        where project_id = ${projectId} and at < ${before}
        order by at
        limit ${limit}
      )
    returning request_key`;
}

import { isActive } from "../db/active-project.ts";
import type { Statement } from "../db/connection.ts";

export type RememberedRow = { readonly requestHash: string; readonly answer: Uint8Array };

/** The request as remembered; at most one row. Of a project that was deleted, only requests about the project itself. */
export function listRemembered(projectId: string, requestKey: string): Statement<RememberedRow> {
  return (sql) => sql<RememberedRow[]>`
    select encode(request_hash, 'hex') as request_hash, answer
    from request_memory
    where project_id = ${projectId}
      and request_key = ${requestKey}
      and (resource_id = project_id or ${isActive(sql, projectId)})`;
}

export type RememberedAnswerRow = {
  readonly requestKey: string;
  readonly at: Date;
  readonly answer: Uint8Array;
};

/** The answers about one resource, behind the key `after`, at most `limit`; of those, as many as are `maxBytes` in all, and one more. */
export function listRememberedOf(
  projectId: string,
  resourceId: string,
  after: string,
  limit: number,
  maxBytes: number,
): Statement<RememberedAnswerRow> {
  return (sql) => sql<RememberedAnswerRow[]>`
    select request_key, at, answer
    from (
      select *, sum(octet_length(answer)) over (order by request_key) - octet_length(answer) as bytes_before
      from (
        select request_key, at, answer
        from request_memory
        where project_id = ${projectId}
          and resource_id = ${resourceId}
          and request_key > ${after}::uuid
          and ${isActive(sql, projectId)}
        order by request_key
        limit ${limit}
      ) as found
    ) as added_up
    where bytes_before <= ${maxBytes}
    order by request_key`;
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

import type { JsonObject } from "@bufbuild/protobuf";
import type { Actor } from "../call.ts";
import { isActive } from "../db/active-project.ts";
import type { Statement } from "../db/connection.ts";

export type ChangeRow = {
  readonly sequence: bigint;
  readonly resourceType: string;
  readonly resourceId: string;
  readonly versionBefore: bigint | null;
  readonly versionAfter: bigint | null;
  readonly actions: readonly JsonObject[];
  readonly actor: Actor;
  readonly at: Date;
};

/** The changes to one customer, in order, behind `after`, at most `limit`; of those, as many as are `maxBytes` in all, and one more. */
export function listCustomerChanges(
  projectId: string,
  customerId: string,
  after: string,
  limit: number,
  maxBytes: number,
): Statement<ChangeRow> {
  return (sql) => sql<ChangeRow[]>`
    select sequence, resource_type, resource_id, version_before, version_after, actions, actor, at
    from (
      select *, sum(octet_length(actions::text)) over (order by sequence) - octet_length(actions::text) as bytes_before
      from (
        select *
        from changes
        where project_id = ${projectId}
          and resource_type = 'customer'
          and resource_id = ${customerId}
          and sequence > ${after}::bigint
          and ${isActive(sql, projectId)}
        order by sequence
        limit ${limit}
      ) as found
    ) as added_up
    where bytes_before <= ${maxBytes}
    order by sequence`;
}

import { afterAll, beforeAll, expect, test } from "vitest";
import { OnMembers } from "../../gen/clientele/v1/customer_group_service_pb.ts";
import { insertCustomers } from "../../src/customers/store.ts";
import { projectIdOf } from "../../src/projects/project-id.ts";
import { byId, groupOf } from "../conformance/groups.ts";
import { expectConsistent, openSql } from "../support/consistency.ts";
import { failureOf } from "../support/failures.ts";
import { groupClient, startTestService } from "../support/service.ts";
import { customerCreation } from "./customer-writes.ts";

// A group that is deleted lets as many members go as a call may.

const projectKey = "demo";
const projectId = projectIdOf(projectKey);
let service: Awaited<ReturnType<typeof startTestService>>;
let sql: ReturnType<typeof openSql>;
let groups: ReturnType<typeof groupClient>;

beforeAll(async () => {
  service = await startTestService();
  sql = openSql(service.address);
  groups = groupClient(service.baseUrl);
});
afterAll(async () => {
  await sql.end();
  await service.stop();
});

async function newGroup(name: string): Promise<string> {
  return groupOf(await groups.createCustomerGroup({ projectKey, draft: { name } })).id;
}

test("10,000 members leave a group that is deleted, and 10,001 keep it", async () => {
  const [groupId, keptId] = [await newGroup("left"), await newGroup("kept")];
  const members = Array.from({ length: 10_001 }, (_, number) => ({
    ...customerCreation({
      group_ids: [groupId, keptId],
      // A third are members by their primary group, a third by both.
      customer_group_id: number % 3 === 0 ? keptId : groupId,
      customer_group_assignments: [[groupId], [keptId], [groupId, keptId]][number % 3],
    }),
    draft: {},
  }));
  await insertCustomers(projectId, JSON.stringify(members), new Date())(sql);
  await expectConsistent(sql, projectKey);
  const remove = () =>
    groups.deleteCustomerGroup({
      projectKey,
      ref: byId(groupId),
      expectedVersion: 1n,
      onMembers: OnMembers.DETACH,
    });
  expect(await failureOf(remove())).toMatchObject({
    code: "FailedPrecondition",
    reason: "REFERENCED",
    metadata: { referenced_by: "customer", count: "10000" },
  });

  const customers = [byId(members[0]?.id ?? "")];
  await groups.removeCustomers({ projectKey, ref: byId(groupId), customers });
  const [{ lastSequence = 0n } = {}] = await sql<{ lastSequence: bigint }[]>`
    select last_sequence from projects where project_id = ${projectId}`;
  expect(groupOf(await remove()).customerCount).toBe(10_000);

  const [told] = await sql`
    select
      count(*)::integer as changes,
      count(distinct resource_id)::integer as customers,
      min(version_before)::integer as version_before,
      max(version_after)::integer as version_after,
      min(sequence)::integer as first,
      max(sequence)::integer as last
    from changes
    where project_id = ${projectId} and sequence > ${lastSequence} and resource_type = 'customer'`;
  const first = Number(lastSequence) + 1;
  expect(told).toEqual({
    changes: 10_000,
    customers: 10_000,
    versionBefore: 1,
    versionAfter: 2,
    first,
    last: first + 9999,
  });
  const kinds = await sql<{ kind: string; n: number }[]>`
    select array_to_string(array(select jsonb_object_keys(a) from jsonb_array_elements(actions) as a), ', ') as kind, count(*)::integer as n
    from changes
    where project_id = ${projectId} and sequence > ${lastSequence} and resource_type = 'customer'
    group by 1`;
  expect(Object.fromEntries(kinds.map(({ kind, n }) => [kind, n]))).toEqual({
    setCustomerGroup: 3334,
    removeCustomerGroupAssignment: 3333,
    "setCustomerGroup, removeCustomerGroupAssignment": 3333,
  });
  const { customerGroup } = await groups.getCustomerGroup({ projectKey, ref: byId(keptId) });
  expect(customerGroup?.customerCount).toBe(10_001);
  await expectConsistent(sql, projectKey);
});

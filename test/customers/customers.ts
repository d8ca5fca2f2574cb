import type { MessageInitShape } from "@bufbuild/protobuf";
import { createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import type { CustomerGroup } from "../../gen/clientele/v1/customer_group_pb.ts";
import type { Customer } from "../../gen/clientele/v1/customer_pb.ts";
import {
  type CustomerDraftSchema,
  CustomerService,
  type CustomerUpdateActionSchema,
} from "../../gen/clientele/v1/customer_service_pb.ts";
import type { FieldDefinitionSchema } from "../../gen/clientele/v1/field_definition_pb.ts";
import type { ResourceType } from "../../gen/clientele/v1/resource_type_pb.ts";
import type { Env } from "../../src/config.ts";
import type { Sql } from "../../src/db/connection.ts";
import { projectIdOf } from "../../src/projects/project-id.ts";
import { byId, newGroup, PROJECT, unique } from "../conformance/groups.ts";
import { openSql } from "../support/consistency.ts";
import { typeClient, typeDraft, typeOf } from "../support/custom-types.ts";
import { groupClient, startTestService } from "../support/service.ts";

export type Draft = MessageInitShape<typeof CustomerDraftSchema>;
export type Action = NonNullable<MessageInitShape<typeof CustomerUpdateActionSchema>["action"]>;
type FieldDefinition = MessageInitShape<typeof FieldDefinitionSchema>;

/** A project beside the one of most tests. */
export const OTHER_PROJECT = "other";

export type CustomerFixture = Awaited<ReturnType<typeof startCustomers>>;

/** Starts the real service, with callers over gRPC and what tests need of customers. */
export async function startCustomers(env: Env = {}) {
  const service = await startTestService({ CLIENTELE_PROJECTS: `${PROJECT},${OTHER_PROJECT}`, ...env });
  const sql = openSql(service.address);
  const transport = createGrpcTransport({ baseUrl: service.baseUrl });
  const customers = createClient(CustomerService, transport);
  const groups = groupClient(service.baseUrl);
  const types = typeClient(service.baseUrl);
  return {
    customers,
    groups,
    types,
    sql,
    projectId: projectIdOf(PROJECT),
    address: service.address,

    async stop() {
      await sql.end();
      await service.stop();
    },

    async newCustomer(draft: Draft = {}, projectKey = PROJECT): Promise<Customer> {
      const said = { email: `${unique("ann")}@example.com`, ...draft };
      return customerOf(await customers.createCustomer({ projectKey, draft: said }));
    },

    newGroup: (draft = {}, projectKey = PROJECT): Promise<CustomerGroup> =>
      newGroup(groups, draft, projectKey),

    async newType(key: string, resourceTypes: ResourceType[], ...fields: FieldDefinition[]) {
      const draft = { ...typeDraft(key, ...fields), resourceTypes };
      return typeOf(await types.createCustomType({ projectKey: PROJECT, draft }));
    },

    async get(id: string): Promise<Customer> {
      return customerOf(await customers.getCustomer({ projectKey: PROJECT, ref: byId(id) }));
    },

    /** How many members the group says it has. */
    async countOf({ id }: { readonly id: string }): Promise<number | undefined> {
      const { customerGroup } = await groups.getCustomerGroup({ projectKey: PROJECT, ref: byId(id) });
      return customerGroup?.customerCount;
    },

    /** Updates the version of the customer that is passed. */
    async update({ id, version }: Customer, ...actions: readonly Action[]): Promise<Customer> {
      return customerOf(
        await customers.updateCustomer({
          projectKey: PROJECT,
          ref: byId(id),
          expectedVersion: version,
          actions: actions.map((action) => ({ action })),
        }),
      );
    },
  };
}

/** The customer of an answer that must hold one. */
export function customerOf({ customer }: { readonly customer?: Customer | undefined }): Customer {
  if (!customer) throw new Error("the answer has no customer");
  return customer;
}

export function byEmail(email: string) {
  return { value: { case: "email" as const, value: email } };
}

/** The ids of the groups of a customer besides the primary one. */
export function assignedIds({ customerGroupAssignments }: Customer): readonly (string | undefined)[] {
  return customerGroupAssignments.map(({ customerGroup }) => customerGroup?.id);
}

/** What the changes of a customer did, oldest first, by the names of the actions. */
export async function changesOf(sql: Sql, projectId: string, { id }: { readonly id: string }) {
  const rows = await sql<{ actions: readonly object[]; versionAfter: bigint | null }[]>`
    select actions, version_after
    from changes
    where project_id = ${projectId} and resource_id = ${id}
    order by sequence`;
  return rows.map(({ actions }) => actions.flatMap((action) => Object.keys(action)));
}

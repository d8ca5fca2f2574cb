import { randomUUID } from "node:crypto";
import type { Client } from "@connectrpc/connect";
import type { CustomTypeService } from "../../gen/clientele/v1/custom_type_service_pb.ts";
import type { CustomerGroupService } from "../../gen/clientele/v1/customer_group_service_pb.ts";
import type { CustomerService } from "../../gen/clientele/v1/customer_service_pb.ts";
import type { ProjectService } from "../../gen/clientele/v1/project_service_pb.ts";
import { ResourceType } from "../../gen/clientele/v1/resource_type_pb.ts";
import type { Sql } from "../../src/db/connection.ts";
import { projectIdOf } from "../../src/projects/project-id.ts";
import { byId, groupOf } from "../conformance/groups.ts";
import { projectDraft } from "../conformance/projects.ts";
import { field, typeDraft, typeOf } from "../support/custom-types.ts";
import { customerOf } from "../support/customers.ts";
import { placedOrder } from "../support/orders.ts";

type Clients = {
  readonly projects: Client<typeof ProjectService>;
  readonly groups: Client<typeof CustomerGroupService>;
  readonly customers: Client<typeof CustomerService>;
  readonly types: Client<typeof CustomTypeService>;
};

/** Makes a project with rows in every table that a project has rows in, and tells what is in it. */
export async function fillProject(clients: Clients, sql: Sql, projectKey: string) {
  const { projects, groups, customers, types } = clients;
  await projects.createProject({ projectKey, draft: projectDraft() });
  const resourceTypes = [ResourceType.CUSTOMER_GROUP, ResourceType.CUSTOMER, ResourceType.ADDRESS];
  const draft = { ...typeDraft("tiers", field("tier", "string")), resourceTypes };
  const type = typeOf(await types.createCustomType({ projectKey, draft }));
  const custom = { type: byId(type.id), fields: { tier: "gold" } };
  const requestId = randomUUID();
  const creation = { projectKey, draft: { name: "VIP", key: "vip", custom }, requestId };
  const group = groupOf(await groups.createCustomerGroup(creation));
  const email = `${randomUUID()}@shop.example`;
  const customer = customerOf(
    await customers.createCustomer({
      projectKey,
      draft: {
        email,
        key: "ada",
        custom,
        customerGroup: byId(group.id),
        addresses: [{ country: "DE", custom }],
      },
    }),
  );
  await customers.recordOrder({ projectKey, ref: byId(customer.id), order: placedOrder("order-1") });
  // The values of a removed field are swept at once where the service runs.
  await sql`
    insert into custom_field_removals (project_id, custom_type_id, field_name, swept_to, swept_count)
    values (${projectIdOf(projectKey)}, ${type.id}, 'old', ${type.id}, 0)`;
  return { type, group, customer, creation };
}

/** How many rows each table has of a project; the tables are those that the database has. */
export async function countRows(sql: Sql, projectKey: string): Promise<Record<string, number>> {
  const tables = await sql<{ name: string }[]>`
    select c.relname as name
    from pg_attribute a
    join pg_class c on c.oid = a.attrelid
    where a.attname = 'project_id' and c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace
    order by c.relname`;
  const counts = await Promise.all(
    tables.map(async ({ name }) => {
      const [row] = await sql<{ rows: number }[]>`
        select count(*)::integer as rows from ${sql(name)} where project_id = ${projectIdOf(projectKey)}`;
      return [name, row?.rows ?? 0] as const;
    }),
  );
  return Object.fromEntries(counts);
}

/** The tables that have rows of the project. */
export async function filledTables(sql: Sql, projectKey: string): Promise<readonly string[]> {
  const counts = await countRows(sql, projectKey);
  return Object.keys(counts).filter((name) => counts[name] !== 0);
}

import type { DescEnum } from "@bufbuild/protobuf";
import type { HandlerContext, ServiceImpl } from "@connectrpc/connect";
import {
  type AddCustomersRequest,
  AddCustomersResponse_Outcome,
  AddCustomersResponse_OutcomeSchema,
  AddCustomersResponseSchema,
  type CustomerGroupService,
  type RemoveCustomersRequest,
  RemoveCustomersResponse_Outcome,
  RemoveCustomersResponse_OutcomeSchema,
  RemoveCustomersResponseSchema,
} from "../../gen/clientele/v1/customer_group_service_pb.ts";
import type { StoredCustomerRow } from "../customers/store.ts";
import type { Database } from "../db/database.ts";
import type { Find } from "../db/find.ts";
import { failure } from "../errors.ts";
import { type Lookup, openLookup } from "../lookup.ts";
import { type Decision, openMutations } from "../mutation.ts";
import type { Projects } from "../projects/projects.ts";
import { commitMemberships, type StoredGroupRow } from "./store.ts";

export type MembershipOptions = {
  readonly db: Database;
  readonly projects: Projects;
  readonly groups: Lookup<StoredGroupRow>;
  readonly findCustomer: Find<StoredCustomerRow>;
  readonly clock: () => Date;
};

/**
 * AddCustomers and RemoveCustomers. They are decided by the commit function, under the project's lock: they
 * need no version, and nobody can get in between.
 */
export function membershipHandlers({
  db,
  projects,
  groups,
  findCustomer,
  clock,
}: MembershipOptions): Pick<ServiceImpl<typeof CustomerGroupService>, "addCustomers" | "removeCustomers"> {
  const customers = openLookup("customer", findCustomer);
  const mutate = openMutations(db, projects, {
    resourceType: "customer-group",
    limitName: "customer_groups_of_a_customer",
    commit: commitMemberships,
    answersInJson: true,
  });

  return {
    addCustomers: (request: AddCustomersRequest, context: HandlerContext) =>
      mutate(request, context, AddCustomersResponseSchema, (_, project) =>
        decide("add", project.id, request, {
          answer_name: nameOf(AddCustomersResponse_OutcomeSchema, AddCustomersResponse_Outcome.ADDED),
          answer_idle: nameOf(
            AddCustomersResponse_OutcomeSchema,
            AddCustomersResponse_Outcome.ALREADY_MEMBER,
          ),
        }),
      ),
    removeCustomers: (request: RemoveCustomersRequest, context: HandlerContext) =>
      mutate(request, context, RemoveCustomersResponseSchema, (_, project) =>
        decide("remove", project.id, request, {
          answer_name: nameOf(RemoveCustomersResponse_OutcomeSchema, RemoveCustomersResponse_Outcome.REMOVED),
          answer_idle: nameOf(
            RemoveCustomersResponse_OutcomeSchema,
            RemoveCustomersResponse_Outcome.NOT_MEMBER,
          ),
        }),
      ),
  };

  /** @throws Failure RESOURCE_NOT_FOUND for the group, or the first customer who is not there. */
  async function decide(
    kind: "add" | "remove",
    projectId: string,
    { ref, customers: refs }: AddCustomersRequest | RemoveCustomersRequest,
    answers: { readonly answer_name: string; readonly answer_idle: string },
  ): Promise<Decision<never>> {
    const group = await groups.require(projectId, ref);
    const found = await Promise.all(
      refs.map((one, index) => customers.require(projectId, one, `customers[${index}]`)),
    );
    return {
      kind,
      id: group.id,
      expectedVersion: 0n,
      at: clock(),
      actions: [],
      columns: { customer_ids: found.map(({ id }) => id), ...answers },
      missing: (_, id) => failure.notFound({ type: "customer", by: "id", value: id }),
    };
  }
}

/** A value of an enum, as JSON spells it. */
function nameOf(schema: DescEnum, value: number): string {
  return schema.value[value]?.name ?? "";
}

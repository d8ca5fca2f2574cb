import { type Client, createClient, type Transport } from "@connectrpc/connect";
import { CustomTypeService } from "../../gen/clientele/v1/custom_type_service_pb.ts";
import { CustomerGroupService } from "../../gen/clientele/v1/customer_group_service_pb.ts";
import { CustomerService } from "../../gen/clientele/v1/customer_service_pb.ts";
import { ProjectService } from "../../gen/clientele/v1/project_service_pb.ts";

/** The services of the API, by what the cases call them. Every way reaches all that stand here. */
export const SERVICES = {
  customers: CustomerService,
  groups: CustomerGroupService,
  types: CustomTypeService,
  projects: ProjectService,
} as const;

/** A caller of every service; a refusal is a ConnectError with its details, whatever the protocol. */
export type Callers = { readonly [Name in keyof typeof SERVICES]: Client<(typeof SERVICES)[Name]> };

export function callersOf(transport: Transport): Callers {
  const callers = Object.entries(SERVICES).map(([name, service]) => [name, createClient(service, transport)]);
  return Object.fromEntries(callers) as Callers;
}

import { type DescService, type JsonObject, toJson } from "@bufbuild/protobuf";
import type { ConnectRouter } from "@connectrpc/connect";
import { CustomTypeService } from "../gen/clientele/v1/custom_type_service_pb.ts";
import { CustomerGroupSchema } from "../gen/clientele/v1/customer_group_pb.ts";
import { CustomerGroupService } from "../gen/clientele/v1/customer_group_service_pb.ts";
import { openExpander } from "./custom-fields/expand.ts";
import { referenceTarget } from "./custom-fields/targets.ts";
import { toMessage as toTypeMessage } from "./custom-types/message.ts";
import { customTypeService } from "./custom-types/service.ts";
import { customTypesTable } from "./custom-types/store.ts";
import { toMessage as toGroupMessage } from "./customer-groups/message.ts";
import { customerGroupService } from "./customer-groups/service.ts";
import { customerGroupsTable } from "./customer-groups/store.ts";
import type { Database } from "./db/database.ts";
import { rowFinder } from "./db/find.ts";
import type { PageTokens } from "./paging/page-token.ts";
import type { Projects } from "./projects/projects.ts";

export type RoutesOptions = {
  readonly db: Database;
  readonly projects: Projects;
  readonly tokens: PageTokens;
  /** The time, to the millisecond. */
  readonly clock: () => Date;
  /** Told when fields were removed from a custom type: their values may have to be swept. */
  readonly onFieldsRemoved: () => void;
};

/** The services of the API, without those that every gRPC server has. */
export const SERVICES: readonly DescService[] = [CustomerGroupService, CustomTypeService];

/** Puts the services of the API together. */
export function registerServices(
  router: ConnectRouter,
  { onFieldsRemoved, ...options }: RoutesOptions,
): void {
  const { reads } = options.db;
  const findGroup = rowFinder(reads, customerGroupsTable);
  const findType = rowFinder(reads, customTypesTable);
  // What custom fields can refer to. There are no customers yet.
  const targets = new Map([
    [
      "customer-group",
      referenceTarget(
        reads,
        customerGroupsTable,
        findGroup,
        (group, project) => toJson(CustomerGroupSchema, toGroupMessage(group, project)) as JsonObject,
      ),
    ],
  ]);
  const expander = openExpander(referenceTarget(reads, customTypesTable, findType, toTypeMessage), targets);

  router.service(
    CustomerGroupService,
    customerGroupService({ ...options, findGroup, findType, expander, targets }),
  );
  router.service(CustomTypeService, customTypeService({ ...options, findType, onFieldsRemoved }));
}

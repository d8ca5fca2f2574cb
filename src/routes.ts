import {
  type DescMessage,
  type DescService,
  type JsonObject,
  type MessageShape,
  toJson,
} from "@bufbuild/protobuf";
import type { ConnectRouter } from "@connectrpc/connect";
import { CustomTypeService } from "../gen/clientele/v1/custom_type_service_pb.ts";
import { CustomerGroupSchema } from "../gen/clientele/v1/customer_group_pb.ts";
import { CustomerGroupService } from "../gen/clientele/v1/customer_group_service_pb.ts";
import { CustomerSchema } from "../gen/clientele/v1/customer_pb.ts";
import { CustomerService } from "../gen/clientele/v1/customer_service_pb.ts";
import { ProjectService } from "../gen/clientele/v1/project_service_pb.ts";
import { openExpander } from "./custom-fields/expand.ts";
import type { ReferenceTarget, ReferenceTargets } from "./custom-fields/references.ts";
import { referenceTarget } from "./custom-fields/targets.ts";
import { toMessage as toTypeMessage } from "./custom-types/message.ts";
import { customTypeService } from "./custom-types/service.ts";
import { customTypesTable } from "./custom-types/store.ts";
import { toMessage as toGroupMessage } from "./customer-groups/message.ts";
import { customerGroupService } from "./customer-groups/service.ts";
import { customerGroupsTable } from "./customer-groups/store.ts";
import { customerFinder } from "./customers/find.ts";
import { toMessage as toCustomerMessage } from "./customers/message.ts";
import { customerService } from "./customers/service.ts";
import { customersTable } from "./customers/store.ts";
import type { Database } from "./db/database.ts";
import { type Find, reading, rowFinder } from "./db/find.ts";
import type { Table } from "./db/table.ts";
import type { PageTokens } from "./paging/page-token.ts";
import type { Project, Projects } from "./projects/projects.ts";
import { projectService } from "./projects/service.ts";

export type RoutesOptions = {
  readonly db: Database;
  readonly projects: Projects;
  readonly tokens: PageTokens;
  /** The time, to the millisecond. */
  readonly clock: () => Date;
  /** Told when fields were removed from a custom type: their values may have to be swept. */
  readonly onFieldsRemoved: () => void;
  /** Told when a project was created, updated or deleted; the call is answered then. */
  readonly onProjectChanged: () => Promise<void>;
};

/** The services of the API, without those that every gRPC server has. */
export const SERVICES: readonly DescService[] = [
  CustomerGroupService,
  CustomerService,
  CustomTypeService,
  ProjectService,
];

/** Puts the services of the API together. */
export function registerServices(
  router: ConnectRouter,
  { onFieldsRemoved, onProjectChanged, ...options }: RoutesOptions,
): void {
  const { reads } = options.db;
  const findGroupRow = rowFinder(reads, customerGroupsTable);
  const findGroup = reading(findGroupRow);
  const findCustomer = customerFinder(reads);
  const findType = reading(rowFinder(reads, customTypesTable));
  // What custom fields can refer to.
  const targets: ReferenceTargets = new Map([
    ["customer-group", expandedTarget(customerGroupsTable, findGroup, CustomerGroupSchema, toGroupMessage)],
    ["customer", expandedTarget(customersTable, findCustomer, CustomerSchema, toCustomerMessage)],
  ]);
  const expander = openExpander(referenceTarget(reads, customTypesTable, findType, toTypeMessage), targets);
  const finders = { findGroup, findCustomer, findType };

  router.service(
    CustomerGroupService,
    customerGroupService({ ...options, ...finders, findGroupRow, expander, targets }),
  );
  router.service(CustomerService, customerService({ ...options, ...finders, expander, targets }));
  router.service(CustomTypeService, customTypeService({ ...options, findType, onFieldsRemoved }));
  router.service(ProjectService, projectService({ ...options, onProjectChanged }));

  function expandedTarget<Row extends object, Desc extends DescMessage>(
    table: Table<Row>,
    find: Find<Row>,
    schema: Desc,
    toMessage: (row: Row, project: Project) => MessageShape<Desc>,
  ): ReferenceTarget {
    return referenceTarget(reads, table, find, (row, project) => {
      const message = toMessage(row, project);
      return { message, json: () => toJson(schema, message) as JsonObject };
    });
  }
}

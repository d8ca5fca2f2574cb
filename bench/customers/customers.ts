import { create, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import {
  AddCustomersRequestSchema,
  RemoveCustomersRequestSchema,
} from "../../gen/clientele/v1/customer_group_service_pb.ts";
import type { CustomerRefSchema } from "../../gen/clientele/v1/customer_pb.ts";
import {
  CreateCustomerRequestSchema,
  GetCustomerRequestSchema,
  UpdateCustomerRequestSchema,
} from "../../gen/clientele/v1/customer_service_pb.ts";
import { person } from "../../src/seed/people.ts";
import { frameOf } from "../grpc.ts";
import { READ_PROJECT } from "../projects.ts";
import { JOINED_GROUP, type SampledCustomer } from "./sample.ts";

/** A customer as the load generator knows it. */
export type TargetCustomer = SampledCustomer & {
  readonly idBytes: Buffer;
  /** Known for sure: nobody else writes to it. */
  version: number;
  /** Whether its external id is the one of the two that updates set last. */
  hasSecondExternalId: boolean;
  readonly getById: Buffer;
  readonly getByKey: Buffer;
  readonly getByEmail: Buffer;
  /** The beginning of an update of it. */
  readonly update: Uint8Array;
};

export function targetCustomer(customer: SampledCustomer): TargetCustomer {
  const byId = { case: "id", value: customer.id } as const;
  return {
    ...customer,
    idBytes: Buffer.from(customer.id),
    version: 1,
    hasSecondExternalId: false,
    getById: getFrame(byId),
    getByKey: getFrame({ case: "key", value: customer.key }),
    getByEmail: getFrame({ case: "email", value: customer.email }),
    update: toBinary(
      UpdateCustomerRequestSchema,
      create(UpdateCustomerRequestSchema, { projectKey: READ_PROJECT, ref: { value: byId } }),
    ),
  };
}

/** Some customers who become members of a group, and then are members no more, together. */
export type Team = {
  readonly customers: readonly TargetCustomer[];
  areMembers: boolean;
  readonly add: Buffer;
  readonly remove: Buffer;
};

export const TEAM_SIZE = 10;

/** Teams of all who aren't members yet. */
export function teamsOf(customers: readonly TargetCustomer[]): Team[] {
  const outsiders = customers.filter(({ isMember }) => !isMember);
  return Array.from({ length: Math.floor(outsiders.length / TEAM_SIZE) }, (_, index) =>
    teamOf(outsiders.slice(index * TEAM_SIZE, (index + 1) * TEAM_SIZE)),
  );
}

/** A creation as a shop would make it, with the email address and key of customer 000000000, in this order. */
export function createFrame(): Buffer {
  const draft = { ...person(2), email: `ada.lovelace.${NO_NUMBER}@example.org`, key: `new-${NO_NUMBER}` };
  return frameOf(
    toBinary(
      CreateCustomerRequestSchema,
      create(CreateCustomerRequestSchema, { projectKey: READ_PROJECT, draft }),
    ),
  );
}

export const NO_NUMBER = "000000000";

function teamOf(customers: readonly TargetCustomer[]): Team {
  const request = {
    projectKey: READ_PROJECT,
    ref: JOINED_GROUP,
    customers: customers.map(({ id }) => ({ value: { case: "id" as const, value: id } })),
  };
  return {
    customers,
    areMembers: false,
    add: frameOf(toBinary(AddCustomersRequestSchema, create(AddCustomersRequestSchema, request))),
    remove: frameOf(toBinary(RemoveCustomersRequestSchema, create(RemoveCustomersRequestSchema, request))),
  };
}

function getFrame(value: NonNullable<MessageInitShape<typeof CustomerRefSchema>["value"]>): Buffer {
  const request = create(GetCustomerRequestSchema, { projectKey: READ_PROJECT, ref: { value } });
  return frameOf(toBinary(GetCustomerRequestSchema, request));
}

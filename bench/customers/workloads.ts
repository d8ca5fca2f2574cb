import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import {
  AddCustomersResponse_Outcome,
  AddCustomersResponseSchema,
  RemoveCustomersResponse_Outcome,
  RemoveCustomersResponseSchema,
} from "../../gen/clientele/v1/customer_group_service_pb.ts";
import type { Customer } from "../../gen/clientele/v1/customer_pb.ts";
import {
  GetCustomerResponseSchema,
  QueryCustomersRequestSchema,
  QueryCustomersResponseSchema,
  UpdateCustomerRequestSchema,
} from "../../gen/clientele/v1/customer_service_pb.ts";
import type { Call, Target } from "../call.ts";
import { checkPage, checkResource, type ExpectedResource } from "../check.ts";
import { frameOf, type MethodName } from "../grpc.ts";
import { READ_PROJECT } from "../projects.ts";
import { anyItem, expectedVersion, ownItem } from "../requests.ts";
import {
  createFrame,
  NO_NUMBER,
  type TargetCustomer,
  type Team,
  targetCustomer,
  teamsOf,
} from "./customers.ts";
import {
  type CustomerSample,
  PAGE_REQUESTS,
  PAGE_SIZE,
  type PageKind,
  pageKinds,
  type SampledPage,
} from "./sample.ts";

/** In the order in which they are measured: those that leave the customers as they are come first. */
export const workloadNames = [
  "get-by-id",
  "get-by-key",
  "get-by-email",
  "page-by-id",
  "page-by-email",
  "page-by-group",
  "deep-page-by-id",
  "deep-page-by-email",
  "deep-page-by-group",
  "update",
  "add-customers",
  "create",
] as const;
export type WorkloadName = (typeof workloadNames)[number];

export function customersTarget(port: number, sample: CustomerSample): Target<WorkloadName> {
  const customers = sample.customers.map(targetCustomer);
  const teams = teamsOf(customers);
  const firstPages = new Map(pageKinds.map((kind) => [kind, pageCall(kind, sample.firstPages[kind])]));
  const pages = new Map(
    pageKinds.map((kind) => [kind, sample.pages[kind].map((page) => pageCall(kind, page))]),
  );
  const firstPage = (kind: PageKind) => required(firstPages.get(kind));
  const anyPage = (kind: PageKind) => anyItem(required(pages.get(kind)));
  let created = 0;

  return {
    port,
    nextCall(workload, caller, callers) {
      switch (workload) {
        case "get-by-id":
          return get(anyItem(customers), "getById");
        case "get-by-key":
          return get(anyItem(customers), "getByKey");
        case "get-by-email":
          return get(anyItem(customers), "getByEmail");
        case "page-by-id":
          return firstPage("id");
        case "page-by-email":
          return firstPage("email");
        case "page-by-group":
          return firstPage("group");
        case "deep-page-by-id":
          return anyPage("id");
        case "deep-page-by-email":
          return anyPage("email");
        case "deep-page-by-group":
          return anyPage("group");
        case "update":
          return update(ownItem(customers, caller, callers));
        case "add-customers":
          return addOrRemove(ownItem(teams, caller, callers));
        case "create":
          created += 1;
          return creation(created);
        default:
          return workload satisfies never;
      }
    },
  };
}

const METHODS = {
  get: "CustomerService/GetCustomer",
  query: "CustomerService/QueryCustomers",
  create: "CustomerService/CreateCustomer",
  update: "CustomerService/UpdateCustomer",
  add: "CustomerGroupService/AddCustomers",
  remove: "CustomerGroupService/RemoveCustomers",
} as const satisfies Record<string, MethodName>;

function required<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error("unreachable: there is one of every kind");
  return value;
}

/** All answers but a page have the customer as field 1. */
function checkCustomer(body: Buffer, expected: ExpectedResource<Customer>, whole: boolean): void {
  checkResource(body, expected, whole, (bytes) => fromBinary(GetCustomerResponseSchema, bytes).customer);
}

function get(customer: TargetCustomer, by: "getById" | "getByKey" | "getByEmail"): Call {
  const { idBytes, version } = customer;
  const isRight = ({ key, email }: Customer) => key === customer.key && email === customer.email;
  return {
    method: METHODS.get,
    frame: customer[by],
    check: (body, whole) => checkCustomer(body, { idBytes, version, isRight }, whole),
  };
}

function pageCall(kind: PageKind, { token, ids }: SampledPage): Call {
  const request = create(QueryCustomersRequestSchema, {
    projectKey: READ_PROJECT,
    limit: PAGE_SIZE,
    pageToken: token,
    ...PAGE_REQUESTS[kind],
  });
  return {
    method: METHODS.query,
    frame: frameOf(toBinary(QueryCustomersRequestSchema, request)),
    check: (body, whole) =>
      checkPage(body, ids, whole, (bytes) => fromBinary(QueryCustomersResponseSchema, bytes)),
  };
}

const EXTERNAL_IDS = ["crm-1", "crm-2"] as const;
const [TO_FIRST, TO_SECOND] = EXTERNAL_IDS.map((externalId) =>
  toBinary(
    UpdateCustomerRequestSchema,
    create(UpdateCustomerRequestSchema, {
      actions: [{ action: { case: "setExternalId", value: { externalId } } }],
    }),
  ),
) as [Uint8Array, Uint8Array];

/** The two external ids take turns, so that every update changes something. */
function update(customer: TargetCustomer): Call {
  const { idBytes } = customer;
  const version = customer.version + 1;
  const toSecond = !customer.hasSecondExternalId;
  const isRight = ({ externalId }: Customer) => externalId === EXTERNAL_IDS[toSecond ? 1 : 0];
  return {
    method: METHODS.update,
    // The parts of a message may come in any order.
    frame: frameOf(customer.update, toSecond ? TO_SECOND : TO_FIRST, expectedVersion(customer.version)),
    check(body, whole) {
      checkCustomer(body, { idBytes, version, isRight }, whole);
      customer.version = version;
      customer.hasSecondExternalId = toSecond;
    },
  };
}

/** Adds the team to a group, or removes it again, so that every call changes each of the customers. */
function addOrRemove(team: Team): Call {
  const isAdding = !team.areMembers;
  return {
    method: isAdding ? METHODS.add : METHODS.remove,
    frame: isAdding ? team.add : team.remove,
    check(body) {
      const changed = isAdding
        ? fromBinary(AddCustomersResponseSchema, body).results.filter(
            ({ outcome }) => outcome === AddCustomersResponse_Outcome.ADDED,
          )
        : fromBinary(RemoveCustomersResponseSchema, body).results.filter(
            ({ outcome }) => outcome === RemoveCustomersResponse_Outcome.REMOVED,
          );
      if (!team.customers.every(({ id }, index) => changed[index]?.customerId === id)) {
        throw new Error(`expected ${team.customers.length} memberships to change, got ${changed.length}`);
      }
      team.areMembers = isAdding;
      for (const customer of team.customers) customer.version += 1;
    },
  };
}

const CREATE_FRAME = createFrame();
const NUMBER_IN_EMAIL = CREATE_FRAME.indexOf(NO_NUMBER);
const NUMBER_IN_KEY = CREATE_FRAME.lastIndexOf(NO_NUMBER);

function creation(n: number): Call {
  const number = `${n}`.padStart(NO_NUMBER.length, "0");
  const frame = Buffer.from(CREATE_FRAME);
  frame.write(number, NUMBER_IN_EMAIL);
  frame.write(number, NUMBER_IN_KEY);
  const isRight = ({ email, key }: Customer) => email.includes(number) && key === `new-${number}`;
  return {
    method: METHODS.create,
    frame,
    check: (body, whole) => checkCustomer(body, { idBytes: undefined, version: 1, isRight }, whole),
  };
}

import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import type { CustomerGroup } from "../../gen/clientele/v1/customer_group_pb.ts";
import {
  GetCustomerGroupResponseSchema,
  QueryCustomerGroupsRequestSchema,
  QueryCustomerGroupsResponseSchema,
  UpdateCustomerGroupRequestSchema,
} from "../../gen/clientele/v1/customer_group_service_pb.ts";
import type { Call, Target } from "../call.ts";
import { checkPage, checkResource, type ExpectedResource } from "../check.ts";
import { frameOf, headersOf } from "../grpc.ts";
import { CREATE_PROJECT, READ_PROJECT } from "../projects.ts";
import { anyItem, expectedVersion, ownItem } from "../requests.ts";
import { createGroups, createRequest, type Groups, type TargetGroup } from "./groups.ts";

export const workloadNames = ["get-by-id", "get-by-key", "query-page", "create", "update"] as const;
export type WorkloadName = (typeof workloadNames)[number];

/** Creates the groups first. */
export async function groupsTarget(
  port: number,
  projectKey: string = READ_PROJECT,
): Promise<Target<WorkloadName>> {
  const groups = await createGroups(port, projectKey);
  return { port, nextCall: (workload, caller, callers) => nextCall(workload, groups, caller, callers) };
}

function nextCall(workload: WorkloadName, groups: Groups, caller: number, callers: number): Call {
  switch (workload) {
    case "get-by-id":
      return get(anyItem(groups.all), "getById");
    case "get-by-key":
      return get(anyItem(groups.all), "getByKey");
    case "query-page":
      return query(groups);
    case "create":
      return creation(groups);
    case "update":
      return update(ownItem(groups.all, caller, callers));
    default:
      return workload satisfies never;
  }
}

const HEADERS = {
  get: headersOf("CustomerGroupService/GetCustomerGroup"),
  query: headersOf("CustomerGroupService/QueryCustomerGroups"),
  create: headersOf("CustomerGroupService/CreateCustomerGroup"),
  update: headersOf("CustomerGroupService/UpdateCustomerGroup"),
} as const;

/** All answers but a page have the group as field 1. */
function checkGroup(body: Buffer, expected: ExpectedResource<CustomerGroup>, whole: boolean): void {
  checkResource(
    body,
    expected,
    whole,
    (bytes) => fromBinary(GetCustomerGroupResponseSchema, bytes).customerGroup,
  );
}

function get(group: TargetGroup, by: "getById" | "getByKey"): Call {
  return {
    headers: HEADERS.get,
    frame: group[by],
    check: (body, whole) => checkGroup(body, group, whole),
  };
}

const PAGE_SIZE = 20;
const pageFrames = new Map<string, Buffer>();

function pageFrame(projectKey: string): Buffer {
  const known = pageFrames.get(projectKey);
  if (known) return known;
  const request = create(QueryCustomerGroupsRequestSchema, { projectKey, limit: PAGE_SIZE });
  const frame = frameOf(toBinary(QueryCustomerGroupsRequestSchema, request));
  pageFrames.set(projectKey, frame);
  return frame;
}

function query({ projectKey, all }: Groups): Call {
  const ids = all.slice(0, PAGE_SIZE).map(({ id }) => id);
  return {
    headers: HEADERS.query,
    frame: pageFrame(projectKey),
    check: (body, whole) =>
      checkPage(body, ids, whole, (bytes) => fromBinary(QueryCustomerGroupsResponseSchema, bytes)),
  };
}

const NUMBER = "000000000";
const CREATE_FRAME = frameOf(createRequest(CREATE_PROJECT, NUMBER));
const NUMBER_IN_NAME = CREATE_FRAME.indexOf(NUMBER);
const NUMBER_IN_KEY = CREATE_FRAME.lastIndexOf(NUMBER);

function creation(groups: Groups): Call {
  groups.created += 1;
  const number = `${groups.created}`.padStart(NUMBER.length, "0");
  const frame = Buffer.from(CREATE_FRAME);
  frame.write(number, NUMBER_IN_NAME);
  frame.write(number, NUMBER_IN_KEY);
  const isRight = ({ name, key }: CustomerGroup) =>
    name === `Gold members ${number}` && key === `gold-${number}`;
  return {
    headers: HEADERS.create,
    frame,
    check: (body, whole) => checkGroup(body, { idBytes: undefined, version: 1, isRight }, whole),
  };
}

const PRICE_LISTS = ["price-list-odd", "price-list-even"] as const;
const [TO_ODD, TO_EVEN] = PRICE_LISTS.map((priceListId) =>
  toBinary(
    UpdateCustomerGroupRequestSchema,
    create(UpdateCustomerGroupRequestSchema, {
      actions: [{ action: { case: "setPriceList", value: { priceListId } } }],
    }),
  ),
) as [Uint8Array, Uint8Array];

/** The two price lists take turns, so that every update changes something. */
function update(group: TargetGroup): Call {
  const version = group.version + 1;
  const isEven = version % 2 === 0;
  const isRight = ({ priceListId }: CustomerGroup) => priceListId === PRICE_LISTS[isEven ? 1 : 0];
  return {
    headers: HEADERS.update,
    // The parts of a message may come in any order.
    frame: frameOf(group.update, isEven ? TO_EVEN : TO_ODD, expectedVersion(group.version)),
    check(body, whole) {
      checkGroup(body, { idBytes: group.idBytes, version, isRight }, whole);
      group.version = version;
    },
  };
}

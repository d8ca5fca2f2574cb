import type { OutgoingHttpHeaders } from "node:http2";
import { create, toBinary } from "@bufbuild/protobuf";
import type { CustomerGroup } from "../gen/clientele/v1/customer_group_pb.ts";
import {
  QueryCustomerGroupsRequestSchema,
  UpdateCustomerGroupRequestSchema,
} from "../gen/clientele/v1/customer_group_service_pb.ts";
import { checkGroup, checkPage } from "./check.ts";
import { frameOf, headersOf } from "./grpc.ts";
import { CREATE_PROJECT, READ_PROJECT } from "./projects.ts";
import { createRequest, type Target, type TargetGroup } from "./target.ts";

export const workloadNames = ["get-by-id", "get-by-key", "query-page", "create", "update"] as const;
export type WorkloadName = (typeof workloadNames)[number];

/** One call, ready to be sent. */
export type Call = {
  readonly headers: OutgoingHttpHeaders;
  readonly frame: Buffer;
  /**
   * @param whole whether to look at all of the answer; otherwise at what tells a wrong one cheaply.
   * @throws Error when the answer is wrong.
   */
  check(body: Buffer, whole: boolean): void;
};

export function isWorkloadName(text: string): text is WorkloadName {
  return workloadNames.some((name) => name === text);
}

/** The next call of a caller, of which there are `callers` in all; none has another call under way. */
export function nextCall(workload: WorkloadName, target: Target, caller: number, callers: number): Call {
  switch (workload) {
    case "get-by-id":
      return get(anyGroup(target), "getById");
    case "get-by-key":
      return get(anyGroup(target), "getByKey");
    case "query-page":
      return query(target);
    case "create":
      return creation(target);
    case "update":
      return update(ownGroup(target, caller, callers));
    default:
      return workload satisfies never;
  }
}

const HEADERS = {
  get: headersOf("GetCustomerGroup"),
  query: headersOf("QueryCustomerGroups"),
  create: headersOf("CreateCustomerGroup"),
  update: headersOf("UpdateCustomerGroup"),
} as const;

function anyGroup({ groups }: Target): TargetGroup {
  return at(groups, Math.floor(Math.random() * groups.length));
}

/** A group that no other caller writes to, so that its version is known. */
function ownGroup({ groups }: Target, caller: number, callers: number): TargetGroup {
  const owned = Math.floor((groups.length - caller - 1) / callers) + 1;
  return at(groups, caller + callers * Math.floor(Math.random() * owned));
}

function at(groups: readonly TargetGroup[], index: number): TargetGroup {
  const group = groups[index];
  if (!group) throw new Error(`unreachable: there is no group ${index}`);
  return group;
}

function get(group: TargetGroup, by: "getById" | "getByKey"): Call {
  return {
    headers: HEADERS.get,
    frame: group[by],
    check: (body, whole) => checkGroup(body, group, whole),
  };
}

const PAGE_SIZE = 20;
const PAGE_FRAME = frameOf(
  toBinary(
    QueryCustomerGroupsRequestSchema,
    create(QueryCustomerGroupsRequestSchema, { projectKey: READ_PROJECT, limit: PAGE_SIZE }),
  ),
);

function query({ groups }: Target): Call {
  return {
    headers: HEADERS.query,
    frame: PAGE_FRAME,
    check: (body, whole) => checkPage(body, groups, PAGE_SIZE, whole),
  };
}

const NUMBER = "000000000";
const CREATE_FRAME = frameOf(createRequest(CREATE_PROJECT, NUMBER));
const NUMBER_IN_NAME = CREATE_FRAME.indexOf(NUMBER);
const NUMBER_IN_KEY = CREATE_FRAME.lastIndexOf(NUMBER);

function creation(target: Target): Call {
  target.created += 1;
  const number = `${target.created}`.padStart(NUMBER.length, "0");
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

const EXPECTED_VERSION_TAG = 0x18;

function expectedVersion(version: number): Uint8Array {
  const bytes = [EXPECTED_VERSION_TAG];
  let rest = version;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  return Uint8Array.from([...bytes, rest]);
}

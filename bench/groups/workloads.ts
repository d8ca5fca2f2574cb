import { fromBinary } from "@bufbuild/protobuf";
import type { CustomerGroup } from "../../gen/clientele/v1/customer_group_pb.ts";
import { GetCustomerGroupResponseSchema } from "../../gen/clientele/v1/customer_group_service_pb.ts";
import type { Call, Target } from "../call.ts";
import { checkResource, type ExpectedResource } from "../check.ts";
import { anyItem, ownIndex } from "../requests.ts";
import { type ProjectFrames, priceListOf, projectFrames } from "./frames.ts";
import { readPages } from "./pages.ts";
import { numberText, type SeededGroups, seededId } from "./seeded.ts";

export const workloadNames = [
  "get-by-id",
  "get-by-key",
  "query-page",
  "query-page-500",
  "create",
  "update",
  "mix",
] as const;
export type WorkloadName = (typeof workloadNames)[number];

/** How many groups a page holds. */
export const PAGE_SIZES = { "query-page": 20, "query-page-500": 500 } as const;
/** Of the mix, which share writes. */
const UPDATES = 0.1;

/** The seeded groups are told apart by a number: that in the project, times the projects, plus that of the project. */
export function groupsTarget(port: number, seeded: SeededGroups): Target<WorkloadName> {
  const { projects, rows, createProjects = projects } = seeded;
  const frames = projects.map((key, index) => projectFrames(key, createProjects[index] ?? key));
  const versions = new Uint32Array(projects.length * rows).fill(1);
  const pages = new Map<string, readonly Call[]>();
  let created = 0;

  return {
    port,
    async prepare(workload) {
      if (!(workload === "query-page" || workload === "query-page-500") || pages.has(workload)) return;
      pages.set(workload, await readPages(port, seeded, PAGE_SIZES[workload]));
    },
    nextCall(workload, caller, callers) {
      switch (workload) {
        case "get-by-id":
          return get(anyGroup(), "getById");
        case "get-by-key":
          return get(anyGroup(), "getByKey");
        case "query-page":
        case "query-page-500":
          return anyItem(pages.get(workload) ?? []);
        case "create":
          return creation();
        case "update":
          return update(ownGroup(caller, callers));
        case "mix":
          // Nobody else writes to one's own, so that a read knows what it is to meet.
          return Math.random() < UPDATES
            ? update(ownGroup(caller, callers))
            : get(ownGroup(caller, callers), "getById");
        default:
          return workload satisfies never;
      }
    },
  };

  function anyGroup(): number {
    return Math.floor(Math.random() * versions.length);
  }

  function ownGroup(caller: number, callers: number): number {
    return ownIndex(versions.length, caller, callers);
  }

  function framesOf(group: number): ProjectFrames {
    const found = frames[group % projects.length];
    if (!found) throw new Error("unreachable: every project has frames");
    return found;
  }

  function get(group: number, by: "getById" | "getByKey"): Call {
    const number = Math.floor(group / projects.length);
    const expected = { idBytes: Buffer.from(seededId(number), "latin1"), version: versions[group] ?? 0 };
    return {
      method: "CustomerGroupService/GetCustomerGroup",
      frame: framesOf(group)[by](number),
      check: (body, whole) => checkGroup(body, expected, whole),
    };
  }

  function creation(): Call {
    const number = rows + created;
    created += 1;
    const text = numberText(number);
    const isRight = ({ name, key }: CustomerGroup) =>
      name === `Gold members ${text}` && key === `gold-${text}`;
    return {
      method: "CustomerGroupService/CreateCustomerGroup",
      frame: framesOf(created).create(number),
      check: (body, whole) => checkGroup(body, { idBytes: undefined, version: 1, isRight }, whole),
    };
  }

  function update(group: number): Call {
    const number = Math.floor(group / projects.length);
    const before = versions[group] ?? 0;
    const version = before + 1;
    const idBytes = Buffer.from(seededId(number), "latin1");
    const isRight = ({ priceListId }: CustomerGroup) => priceListId === priceListOf(version);
    return {
      method: "CustomerGroupService/UpdateCustomerGroup",
      frame: framesOf(group).update(number, before),
      check(body, whole) {
        checkGroup(body, { idBytes, version, isRight }, whole);
        versions[group] = version;
      },
    };
  }
}

/** All answers but a page have the group as field 1. */
function checkGroup(body: Buffer, expected: ExpectedResource<CustomerGroup>, whole: boolean): void {
  checkResource(
    body,
    expected,
    whole,
    (bytes) => fromBinary(GetCustomerGroupResponseSchema, bytes).customerGroup,
  );
}

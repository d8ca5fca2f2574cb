import { create } from "@bufbuild/protobuf";
import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import { type CustomerGroup, CustomerGroupSchema } from "../../gen/clientele/v1/customer_group_pb.ts";
import { Mode } from "../../gen/clientele/v1/mode_pb.ts";
import { draftOf, numberText, seededId } from "../groups/seeded.ts";
import { READ_PROJECT } from "../projects.ts";

/** How many groups those from memory hold. */
export const MEMORY_ROWS = 1000;

/** The groups that a database would hold, by id. */
export function memoryGroups(): ReadonlyMap<string, CustomerGroup> {
  return new Map(Array.from({ length: MEMORY_ROWS }, (_, number) => [seededId(number), groupAt(number)]));
}

export function groupAt(number: number): CustomerGroup {
  const id = seededId(number);
  const at = timestampFromDate(new Date());
  return create(CustomerGroupSchema, {
    ...draftOf(numberText(number)),
    id,
    version: 1n,
    createdAt: at,
    lastModifiedAt: at,
    mode: Mode.TEST,
    self: `projects/${READ_PROJECT}/customer-groups/${id}`,
  });
}

import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import type { Change } from "../../gen/clientele/v1/change_pb.ts";
import { toActor } from "../resource.ts";
import type { ChangeRow } from "./store.ts";

export function toMessage(row: ChangeRow): Change {
  const change: Change = {
    $typeName: "clientele.v1.Change",
    sequence: row.sequence,
    resourceType: row.resourceType,
    resourceId: row.resourceId,
    actions: [...row.actions],
    at: timestampFromDate(row.at),
  };
  if (row.versionBefore !== null) change.versionBefore = row.versionBefore;
  if (row.versionAfter !== null) change.versionAfter = row.versionAfter;
  if (row.actor) change.actor = toActor(row.actor);
  return change;
}

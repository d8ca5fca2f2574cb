import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import { Mode } from "../../gen/clientele/v1/mode_pb.ts";
import {
  type Project,
  type ProjectDeletion,
  type ProjectLimits,
  ProjectState,
} from "../../gen/clientele/v1/project_pb.ts";
import { headerMessage } from "../resource.ts";
import type { ProjectLimitState } from "./state.ts";
import type { WholeProjectRow } from "./store.ts";

const STATE: Readonly<Record<WholeProjectRow["state"], ProjectState>> = {
  active: ProjectState.ACTIVE,
  deleting: ProjectState.DELETING,
  deleted: ProjectState.DELETED,
};

export function toMessage(row: WholeProjectRow): Project {
  const message: Project = {
    $typeName: "clientele.v1.Project",
    ...headerMessage(row),
    key: row.key,
    name: row.name,
    mode: toMode(row.mode),
    limits: toLimits(row),
    customerGroupCount: row.customerGroupCount,
    customerCount: row.customerCount,
    customTypeCount: row.customTypeCount,
    state: STATE[row.state],
    self: `projects/${row.key}`,
  };
  const deletion = toDeletion(row);
  if (deletion) message.deletion = deletion;
  return message;
}

export function toMode(mode: WholeProjectRow["mode"]): Mode {
  return mode === "live" ? Mode.LIVE : Mode.TEST;
}

function toLimits(row: ProjectLimitState): ProjectLimits {
  const limits: ProjectLimits = {
    $typeName: "clientele.v1.ProjectLimits",
    customerGroups: row.customerGroupLimit,
    customers: row.customerLimit,
    customTypes: row.customTypeLimit,
  };
  if (row.concurrentCallLimit !== null) limits.concurrentCalls = row.concurrentCallLimit;
  if (row.callsPerSecondLimit !== null) limits.callsPerSecond = row.callsPerSecondLimit;
  return limits;
}

function toDeletion(row: WholeProjectRow): ProjectDeletion | undefined {
  if (row.deletionStartedAt === null) return undefined;
  const deletion: ProjectDeletion = {
    $typeName: "clientele.v1.ProjectDeletion",
    startedAt: timestampFromDate(row.deletionStartedAt),
    deletedRowCount: row.deletedRowCount,
  };
  if (row.deletionFinishedAt) deletion.finishedAt = timestampFromDate(row.deletionFinishedAt);
  return deletion;
}

import { isDeepStrictEqual } from "node:util";
import type { ProjectLimits } from "../../gen/clientele/v1/project_pb.ts";
import type { ProjectDraft, ProjectUpdateAction } from "../../gen/clientele/v1/project_service_pb.ts";
import { DEFAULT_LIMITS, type ProjectLimitState, type ProjectState } from "./state.ts";

export function stateOfDraft({ name, limits }: ProjectDraft): ProjectState {
  return { name, ...limitState(limits) };
}

/** The state after all actions, each on what the one before left. */
export function applyActions(project: ProjectState, actions: readonly ProjectUpdateAction[]): ProjectState {
  return actions.reduce(applyAction, project);
}

/** Whether an update that leads from one to the other changes anything. */
export function isSameState(a: ProjectState, b: ProjectState): boolean {
  return isDeepStrictEqual(stateOf(a), stateOf(b));
}

function applyAction(project: ProjectState, { action }: ProjectUpdateAction): ProjectState {
  switch (action.case) {
    case "changeName":
      return { ...project, name: action.value.name };
    case "setLimits":
      return { ...project, ...limitState(action.value.limits) };
    case undefined:
      throw new Error("unreachable: the validator requires an action");
    default:
      return action satisfies never;
  }
}

function limitState(limits: ProjectLimits | undefined): ProjectLimitState {
  return {
    customerGroupLimit: limits?.customerGroups ?? DEFAULT_LIMITS.customerGroupLimit,
    customerLimit: limits?.customers ?? DEFAULT_LIMITS.customerLimit,
    customTypeLimit: limits?.customTypes ?? DEFAULT_LIMITS.customTypeLimit,
    concurrentCallLimit: limits?.concurrentCalls ?? null,
    callsPerSecondLimit: limits?.callsPerSecond ?? null,
  };
}

function stateOf(project: ProjectState): ProjectState {
  const { name, customerGroupLimit, customerLimit, customTypeLimit } = project;
  const { concurrentCallLimit, callsPerSecondLimit } = project;
  return {
    name,
    customerGroupLimit,
    customerLimit,
    customTypeLimit,
    concurrentCallLimit,
    callsPerSecondLimit,
  };
}

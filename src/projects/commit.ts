import type { MutationKind } from "../mutation.ts";
import type { ProjectState } from "./state.ts";
import { commitProjects } from "./store.ts";

export const projectMutation: MutationKind = {
  resourceType: "project",
  limitName: "projects",
  commit: commitProjects,
};

/** What the commit function writes of a project, besides what never changes. */
export function projectColumns(project: ProjectState): object {
  return {
    name: project.name,
    customer_group_limit: project.customerGroupLimit,
    customer_limit: project.customerLimit,
    custom_type_limit: project.customTypeLimit,
    concurrent_call_limit: project.concurrentCallLimit,
    calls_per_second_limit: project.callsPerSecondLimit,
  };
}

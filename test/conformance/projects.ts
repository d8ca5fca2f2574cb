import { fromJson, type JsonObject, toJson } from "@bufbuild/protobuf";
import { type Project, ProjectSchema } from "../../gen/clientele/v1/project_pb.ts";
import { ProjectDraftSchema, ProjectUpdateActionSchema } from "../../gen/clientele/v1/project_service_pb.ts";
import { projectOf } from "../support/projects.ts";
import { unique } from "./groups.ts";
import type { Callers } from "./services.ts";

type Caller = Callers["projects"];

// Drafts and actions of projects are said in JSON here, and answers are compared in it.

export const DEFAULT_LIMITS = { customerGroups: 1000, customers: 10_000_000, customTypes: 1000 };

export async function newProject(
  projects: Caller,
  draft: JsonObject = {},
  projectKey = unique("project"),
): Promise<Project> {
  return projectOf(await projects.createProject({ projectKey, draft: projectDraft(draft) }));
}

export function projectDraft(draft: JsonObject = {}) {
  return fromJson(ProjectDraftSchema, { name: "Project", mode: "MODE_TEST", ...draft });
}

export async function getProject(projects: Caller, projectKey: string): Promise<Project> {
  return projectOf(await projects.getProject({ projectKey }));
}

/** Updates the version of the project that is passed. */
export async function updateProject(
  projects: Caller,
  { key, version }: Project,
  ...actions: readonly JsonObject[]
): Promise<Project> {
  const request = { projectKey: key, expectedVersion: version, actions: projectActions(...actions) };
  return projectOf(await projects.updateProject(request));
}

export function projectActions(...actions: readonly JsonObject[]) {
  return actions.map((action) => fromJson(ProjectUpdateActionSchema, action));
}

export async function deleteProject(projects: Caller, { key, version }: Project): Promise<Project> {
  return projectOf(await projects.deleteProject({ projectKey: key, expectedVersion: version }));
}

export function projectJson(project: Project): JsonObject {
  return toJson(ProjectSchema, project) as JsonObject;
}

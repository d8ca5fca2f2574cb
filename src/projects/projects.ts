import type { Mode } from "../../gen/clientele/v1/mode_pb.ts";
import type { Reads } from "../db/reads.ts";
import { failure } from "../errors.ts";
import { toMode } from "./message.ts";
import { projectIdOf } from "./project-id.ts";
import { listProjectsById, type ProjectRow } from "./store.ts";

/** What a request needs to know of its project. None of it ever changes. */
export type Project = { readonly id: string; readonly key: string; readonly mode: Mode };

export type Projects = {
  /** @throws Failure RESOURCE_NOT_FOUND when no such project exists now. */
  require(projectKey: string): Promise<Project>;
  /** Like `require`, but may know the project from an earlier call: for requests that themselves find out whether it still exists. */
  recall(projectKey: string): Project | Promise<Project>;
};

export function openProjects(reads: Reads): Projects {
  const known = new Map<string, Project>();
  const find = reads.gather((wanted) => listProjectsById([...wanted.keys()]), "projectId");
  return { require, recall: (projectKey) => known.get(projectKey) ?? require(projectKey) };

  async function require(projectKey: string): Promise<Project> {
    const projectId = projectIdOf(projectKey);
    const row = (await find(projectId, projectId))?.read();
    if (row?.key !== projectKey) {
      known.delete(projectKey);
      throw failure.notFound({ type: "project", by: "key", value: projectKey });
    }
    const project = toProject(row);
    if (known.size >= MAX_KNOWN) known.clear();
    known.set(project.key, project);
    return project;
  }
}

const MAX_KNOWN = 10_000;

function toProject({ projectId, key, mode }: ProjectRow): Project {
  return { id: projectId, key, mode: toMode(mode) };
}

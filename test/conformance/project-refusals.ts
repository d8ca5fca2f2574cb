import type { JsonObject } from "@bufbuild/protobuf";
import { projectIdOf } from "../../src/projects/project-id.ts";
import { PROJECT } from "./groups.ts";
import type { Refusal } from "./obstacles.ts";
import { projectActions, projectDraft } from "./projects.ts";
import type { Callers } from "./services.ts";
import { duplicate, notAllowed, notFound, pageTokenInvalid, versionMismatch } from "./stories.ts";

export const projectRefusals: readonly Refusal[] = [
  ...[
    ({ projects }: Callers) => projects.getProject({ projectKey: "nowhere" }),
    ({ projects }: Callers) => projects.updateProject({ projectKey: "nowhere", expectedVersion: 1n }),
    ({ projects }: Callers) => projects.deleteProject({ projectKey: "nowhere", expectedVersion: 1n }),
  ].map((call) => ({
    title: `a project that isn't there: ${/\.(\w+)\(/.exec(`${call}`)?.[1]}`,
    call,
    says: () => notFound("project", "key", "nowhere"),
  })),
  {
    title: "a new project a key that another one has",
    call: ({ projects }) => projects.createProject({ projectKey: PROJECT, draft: projectDraft() }),
    says: () => duplicate("project", "key", projectIdOf(PROJECT)),
  },
  {
    title: "to update a version of a project that isn't there yet",
    call: ({ projects }) =>
      projects.updateProject({
        projectKey: "live",
        expectedVersion: 2n,
        actions: projectActions({ changeName: { name: "n" } } satisfies JsonObject),
      }),
    says: () => versionMismatch(2n, 1n),
  },
  {
    title: "to delete a version of a live project that isn't there yet",
    call: ({ projects }) => projects.deleteProject({ projectKey: "live", expectedVersion: 2n }),
    says: () => versionMismatch(2n, 1n),
  },
  {
    title: "to delete a live project",
    call: ({ projects }) => projects.deleteProject({ projectKey: "live", expectedVersion: 1n }),
    says: () => notAllowed("project_key", "a project of mode live is never deleted"),
  },
  {
    title: "a page token of other projects",
    call: async ({ projects }) => {
      const { nextPageToken } = await projects.listProjects({ limit: 1, withDeleted: true });
      return projects.listProjects({ limit: 1, pageToken: nextPageToken });
    },
    says: () => pageTokenInvalid,
  },
];

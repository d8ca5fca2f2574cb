import { toJson } from "@bufbuild/protobuf";
import type { ServiceImpl } from "@connectrpc/connect";
import { Mode } from "../../gen/clientele/v1/mode_pb.ts";
import {
  CreateProjectResponseSchema,
  DeleteProjectResponseSchema,
  ProjectDraftSchema,
  type ProjectService,
  ProjectUpdateActionSchema,
  UpdateProjectResponseSchema,
} from "../../gen/clientele/v1/project_service_pb.ts";
import type { Database } from "../db/database.ts";
import { failure } from "../errors.ts";
import { openMutations } from "../mutation.ts";
import type { PageTokens } from "../paging/page-token.ts";
import { required } from "../refs.ts";
import { changedHeader, newHeader, timeOfUpdate } from "../resource.ts";
import { applyActions, isSameState, stateOfDraft } from "./actions.ts";
import { projectColumns, projectMutation } from "./commit.ts";
import { toMessage } from "./message.ts";
import { projectIdOf } from "./project-id.ts";
import { listWholeProjects, listWholeProjectsById, type WholeProjectRow } from "./store.ts";

export type ProjectServiceOptions = {
  readonly db: Database;
  readonly tokens: PageTokens;
  /** The time, to the millisecond. */
  readonly clock: () => Date;
  /** Told when a project was created, updated or deleted; the call is answered then. */
  readonly onProjectChanged: () => Promise<void>;
};

export function projectService({
  db,
  tokens,
  clock,
  onProjectChanged,
}: ProjectServiceOptions): ServiceImpl<typeof ProjectService> {
  // Whether there is a project is for each method to find out.
  const mutate = openMutations(db, { recall: async (key) => named(key) }, projectMutation);

  return {
    async getProject({ projectKey }) {
      const project = await find(projectKey);
      if (!project) throw notFound(projectKey);
      return { project: toMessage(project) };
    },

    async listProjects({ limit = DEFAULT_LIMIT, pageToken, withDeleted }) {
      const identity = { projectId: "", method: "ListProjects", sort: [], filter: `${withDeleted}` };
      const after = pageToken === "" ? "" : (tokens.open(identity, pageToken)[0] ?? "");
      const found = await db.reads.query("", listWholeProjects(after, limit + 1, withDeleted));
      const projects = found.slice(0, limit);
      const last = projects.at(-1);
      return {
        projects: projects.map(toMessage),
        nextPageToken: last && found.length > limit ? tokens.seal(identity, [last.key]) : "",
      };
    },

    createProject: (request, context) =>
      changing(
        mutate(request, context, CreateProjectResponseSchema, async (actor, { id, key }) => {
          const draft = required(request.draft);
          const at = clock();
          const mode = draft.mode === Mode.LIVE ? "live" : "test";
          const project: WholeProjectRow = {
            ...NOTHING_YET,
            ...stateOfDraft(draft),
            ...newHeader(id, actor, at),
            key,
            mode,
          };
          return {
            kind: "create",
            id,
            expectedVersion: 0n,
            at,
            actions: [{ create: toJson(ProjectDraftSchema, draft) }],
            columns: { key, mode, ...projectColumns(project) },
            answer: { project: toMessage(project) },
          };
        }),
      ),

    updateProject: (request, context) =>
      changing(
        mutate(request, context, UpdateProjectResponseSchema, async (actor, { key }) => {
          const { expectedVersion } = request;
          const before = await requireVersion(key, expectedVersion);
          const state = applyActions(before, request.actions);
          const at = timeOfUpdate(before, clock());
          const actions = request.actions.map((action) => toJson(ProjectUpdateActionSchema, action));
          const decision = { id: before.id, expectedVersion, at, actions };
          if (isSameState(before, state)) {
            return { ...decision, kind: "confirm", answer: { project: toMessage(before) } };
          }
          const project = { ...before, ...state, ...changedHeader(before, actor, at) };
          const answer = { project: toMessage(project) };
          return { ...decision, kind: "update", columns: projectColumns(project), answer };
        }),
      ),

    deleteProject: (request, context) =>
      changing(
        mutate(request, context, DeleteProjectResponseSchema, async (actor, { key }) => {
          const { expectedVersion } = request;
          const before = await requireVersion(key, expectedVersion);
          if (before.mode === "live") {
            throw failure.operationNotAllowed("project_key", "a project of mode live is never deleted");
          }
          const at = timeOfUpdate(before, clock());
          const project: WholeProjectRow = {
            ...before,
            ...changedHeader(before, actor, at),
            state: "deleting",
            deletionStartedAt: at,
          };
          return {
            kind: "delete",
            id: before.id,
            expectedVersion,
            at,
            actions: [],
            answer: { project: toMessage(project) },
          };
        }),
      ),
  };

  async function find(projectKey: string): Promise<WholeProjectRow | undefined> {
    const projectId = projectIdOf(projectKey);
    const [project] = await db.reads.get(projectId, listWholeProjectsById(projectId));
    return project;
  }

  /** @throws Failure RESOURCE_NOT_FOUND, of one that was deleted too, or VERSION_MISMATCH. */
  async function requireVersion(projectKey: string, expectedVersion: bigint): Promise<WholeProjectRow> {
    const project = await find(projectKey);
    if (project?.state !== "active") throw notFound(projectKey);
    if (project.version !== expectedVersion) throw failure.versionMismatch(expectedVersion, project.version);
    return project;
  }

  async function changing<Answer>(answer: Promise<Answer>): Promise<Answer> {
    const answered = await answer;
    await onProjectChanged();
    return answered;
  }
}

const DEFAULT_LIMIT = 20;

/** What isn't said in a draft. */
const NOTHING_YET = {
  customerGroupCount: 0,
  customerCount: 0,
  customTypeCount: 0,
  state: "active",
  deletionStartedAt: null,
  deletionFinishedAt: null,
  deletedRowCount: 0n,
} as const;

function named(key: string) {
  return { id: projectIdOf(key), key, mode: Mode.UNSPECIFIED };
}

function notFound(projectKey: string) {
  return failure.notFound({ type: "project", by: "key", value: projectKey });
}

import { randomUUIDv7 } from "node:crypto";
import { fromBinary, type Message, type MessageInitShape, toJson } from "@bufbuild/protobuf";
import type { HandlerContext, ServiceImpl } from "@connectrpc/connect";
import type { CustomerGroup, CustomerGroupRef } from "../../gen/clientele/v1/customer_group_pb.ts";
import {
  type BatchGetCustomerGroupsResponse_ResultSchema,
  CreateCustomerGroupResponseSchema,
  CustomerGroupDraftSchema,
  type CustomerGroupService,
  CustomerGroupUpdateActionSchema,
  DeleteCustomerGroupResponseSchema,
  UpdateCustomerGroupResponseSchema,
} from "../../gen/clientele/v1/customer_group_service_pb.ts";
import { type Actor, callOf } from "../call.ts";
import type { Database } from "../db/database.ts";
import { failure } from "../errors.ts";
import { MAX_PAGE_BYTES } from "../paging/limits.ts";
import type { PageTokens } from "../paging/page-token.ts";
import { projectIdOf } from "../projects/project-id.ts";
import type { Project, Projects } from "../projects/projects.ts";
import { parseRef, type Ref, required } from "../refs.ts";
import { fingerprint } from "../requests/fingerprint.ts";
import { withRequestMemory } from "../requests/memory.ts";
import { applyActions, isSameState, stateOfDraft } from "./actions.ts";
import { type AnswerSchema, commitGroup, type GroupWrite } from "./commit.ts";
import { groupFinder } from "./find.ts";
import { toMessage } from "./message.ts";
import { parseQuery, runQuery } from "./query.ts";
import { MAX_GROUP_BYTES } from "./state.ts";
import { type GroupRow, type StoredGroupRow, sumGroupBytes } from "./store.ts";

export type CustomerGroupServiceOptions = {
  readonly db: Database;
  readonly projects: Projects;
  readonly tokens: PageTokens;
  /** The time, to the millisecond. */
  readonly clock: () => Date;
};

export function customerGroupService(
  options: CustomerGroupServiceOptions,
): ServiceImpl<typeof CustomerGroupService> {
  const { db, projects, tokens, clock } = options;
  const findGroup = groupFinder(db.reads);

  return {
    async getCustomerGroup({ projectKey, ref }) {
      const project = await projects.recall(projectKey);
      return { customerGroup: toMessage(await requireGroup(project.id, ref), project) };
    },

    async batchGetCustomerGroups({ projectKey, refs }) {
      const project = await projects.recall(projectKey);
      const wanted = refs.map(parseRef);
      // Groups that are too much to answer with are not read first.
      if (wanted.length * MAX_GROUP_BYTES > MAX_PAGE_BYTES) requireFitting(await sizeOf(project.id, wanted));
      const groups = await Promise.all(wanted.map((ref) => findGroup(project.id, ref)));
      requireFitting(groups.reduce((sum, group) => sum + (group?.byteSize ?? 0), 0));
      return { results: groups.map((group, index) => batchResult(group, refs[index], project)) };
    },

    async queryCustomerGroups(request) {
      const query = parseQuery(tokens, request);
      const project = await projects.recall(request.projectKey);
      const { groups, total, ...page } = await runQuery(db.reads, tokens, query);
      // An empty page is an answer only of a project that is still there.
      if (groups.length === 0) await projects.require(request.projectKey);
      return {
        ...page,
        ...(total === undefined ? {} : { total }),
        count: groups.length,
        results: groups.map((group) => toMessage(group, project)),
      };
    },

    async existsCustomerGroup({ projectKey, target }) {
      const group = await findGroup(projectIdOf(projectKey), parseRef(target.value));
      // That there is no group is an answer only of a project that is there.
      if (!group) await projects.require(projectKey);
      return { exists: group !== undefined };
    },

    createCustomerGroup: (request, context) =>
      mutate(request, context, CreateCustomerGroupResponseSchema, async (actor) => {
        const draft = required(request.draft);
        const at = clock();
        const group = {
          ...stateOfDraft(draft),
          id: randomUUIDv7(),
          version: 1n,
          createdAt: at,
          createdBy: actor,
          lastModifiedAt: at,
          lastModifiedBy: actor,
        };
        const actions = [{ create: toJson(CustomerGroupDraftSchema, draft) }];
        return { kind: "create", expectedVersion: 0n, group, at, actions };
      }),

    updateCustomerGroup: (request, context) =>
      mutate(request, context, UpdateCustomerGroupResponseSchema, async (actor, project) => {
        const { expectedVersion } = request;
        const group = await requireVersion(project.id, request.ref, expectedVersion);
        const state = applyActions(group, request.actions, randomUUIDv7);
        // Another instance's clock may be ahead.
        const at = later(clock(), group.lastModifiedAt);
        const actions = request.actions.map((action) => toJson(CustomerGroupUpdateActionSchema, action));
        if (isSameState(group, state)) return { kind: "confirm", expectedVersion, group, at, actions };
        const changed = { version: group.version + 1n, lastModifiedAt: at, lastModifiedBy: actor };
        return { kind: "update", expectedVersion, group: { ...group, ...state, ...changed }, at, actions };
      }),

    deleteCustomerGroup: (request, context) =>
      mutate(request, context, DeleteCustomerGroupResponseSchema, async (_, project) => {
        const { expectedVersion } = request;
        const group = await requireVersion(project.id, request.ref, expectedVersion);
        return { kind: "delete", expectedVersion, group, at: clock(), actions: [{ delete: {} }] };
      }),
  };

  async function sizeOf(projectId: string, refs: readonly Ref[]): Promise<number> {
    const valuesOf = (by: Ref["by"]) => refs.filter((ref) => ref.by === by).map(({ value }) => value);
    const [sum] = await db.reads.query(sumGroupBytes(projectId, valuesOf("id"), valuesOf("key")));
    return sum?.bytes ?? 0;
  }

  async function requireGroup(
    projectId: string,
    refMessage: CustomerGroupRef | undefined,
  ): Promise<StoredGroupRow> {
    const ref = parseRef(refMessage);
    const group = await findGroup(projectId, ref);
    if (!group) throw failure.notFound({ type: "customer-group", ...ref });
    return group;
  }

  async function requireVersion(
    projectId: string,
    ref: CustomerGroupRef | undefined,
    expectedVersion: bigint,
  ): Promise<GroupRow> {
    const group = await requireGroup(projectId, ref);
    if (group.version !== expectedVersion) throw failure.versionMismatch(expectedVersion, group.version);
    return group;
  }

  /**
   * Answers a mutation: what `decide` decides on the group that it finds is committed if that group is
   * still the current one. A repeated request gets its first answer.
   */
  async function mutate(
    request: Message & { readonly projectKey: string; readonly requestId: string },
    context: HandlerContext,
    answerSchema: AnswerSchema,
    decide: (actor: Actor, project: Project) => Promise<GroupWrite>,
  ): Promise<{ customerGroup: CustomerGroup }> {
    const call = callOf(context);
    const project = await projects.recall(request.projectKey);
    const repeatable = fingerprint(context.method, request, call.actor);
    const mutation = { project, call, request: repeatable, answerSchema };
    const answer = await withRequestMemory(db.reads, project.id, repeatable, async () =>
      commitGroup(db.writes, mutation, await decide(call.actor, project)),
    );
    if (!(answer instanceof Uint8Array)) return answer;
    return { customerGroup: required(fromBinary(answerSchema, answer).customerGroup) };
  }
}

function requireFitting(bytes: number): void {
  if (bytes > MAX_PAGE_BYTES) throw failure.tooLarge("the answer", MAX_PAGE_BYTES, bytes);
}

function later(a: Date, b: Date): Date {
  return a > b ? a : b;
}

function batchResult(
  group: GroupRow | undefined,
  ref: CustomerGroupRef | undefined,
  project: Project,
): MessageInitShape<typeof BatchGetCustomerGroupsResponse_ResultSchema> {
  if (group) return { result: { case: "customerGroup", value: toMessage(group, project) } };
  return { result: { case: "notFound", value: required(ref) } };
}

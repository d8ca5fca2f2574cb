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
import type { Project, Projects } from "../projects/projects.ts";
import { parseRef, required } from "../refs.ts";
import { fingerprint } from "../requests/fingerprint.ts";
import { withRequestMemory } from "../requests/memory.ts";
import { applyActions, isSameState, stateOfDraft } from "./actions.ts";
import { type AnswerSchema, commitGroup, type GroupWrite } from "./commit.ts";
import { groupFinder } from "./find.ts";
import { toMessage } from "./message.ts";
import { queryGroups } from "./query.ts";
import type { GroupRow, StoredGroupRow } from "./store.ts";

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
      const groups = await Promise.all(refs.map((ref) => findGroup(project.id, parseRef(ref))));
      const bytes = groups.reduce((sum, group) => sum + (group?.byteSize ?? 0), 0);
      if (bytes > MAX_PAGE_BYTES) throw failure.tooLarge("the answer", MAX_PAGE_BYTES, bytes);
      return { results: groups.map((group, index) => batchResult(group, refs[index], project)) };
    },

    async queryCustomerGroups(request) {
      const project = await projects.recall(request.projectKey);
      const { groups, total, ...page } = await queryGroups(db.reads, tokens, project.id, request);
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
      const project = await projects.require(projectKey);
      return { exists: (await findGroup(project.id, parseRef(target.value))) !== undefined };
    },

    createCustomerGroup: (request, context) =>
      mutate(request, 0n, CreateCustomerGroupResponseSchema, context, async (actor) => {
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
        return { kind: "create", group, at, actions: [{ create: toJson(CustomerGroupDraftSchema, draft) }] };
      }),

    updateCustomerGroup: (request, context) =>
      mutate(
        request,
        request.expectedVersion,
        UpdateCustomerGroupResponseSchema,
        context,
        async (actor, project) => {
          const group = await requireGroup(project.id, request.ref);
          requireVersion(group, request.expectedVersion);
          const state = applyActions(group, request.actions, randomUUIDv7);
          const at = clock();
          const actions = request.actions.map((action) => toJson(CustomerGroupUpdateActionSchema, action));
          if (isSameState(group, state)) return { kind: "confirm", group, at, actions };
          const updated = {
            ...group,
            ...state,
            version: group.version + 1n,
            lastModifiedAt: at,
            lastModifiedBy: actor,
          };
          return { kind: "update", group: updated, at, actions };
        },
      ),

    deleteCustomerGroup: (request, context) =>
      mutate(
        request,
        request.expectedVersion,
        DeleteCustomerGroupResponseSchema,
        context,
        async (_, project) => {
          const group = await requireGroup(project.id, request.ref);
          requireVersion(group, request.expectedVersion);
          return { kind: "delete", group, at: clock(), actions: [{ delete: {} }] };
        },
      ),
  };

  async function requireGroup(
    projectId: string,
    refMessage: CustomerGroupRef | undefined,
  ): Promise<StoredGroupRow> {
    const ref = parseRef(refMessage);
    const group = await findGroup(projectId, ref);
    if (!group) throw failure.notFound({ type: "customer-group", ...ref });
    return group;
  }

  /**
   * Answers a mutation: what `decide` decides on the group that it finds is committed if that group is
   * still the current one. A repeated request gets its first answer.
   */
  async function mutate(
    request: Message & { readonly projectKey: string; readonly requestId: string },
    expectedVersion: bigint,
    answerSchema: AnswerSchema,
    context: HandlerContext,
    decide: (actor: Actor, project: Project) => Promise<GroupWrite>,
  ): Promise<{ customerGroup: CustomerGroup }> {
    const call = callOf(context);
    const project = await projects.recall(request.projectKey);
    const repeatable = fingerprint(context.method, request, call.actor);
    const mutation = { project, call, request: repeatable, expectedVersion, answerSchema };
    const answer = await withRequestMemory(db.reads, project.id, repeatable, async () =>
      commitGroup(db.writes, mutation, await decide(call.actor, project)),
    );
    if (!(answer instanceof Uint8Array)) return answer;
    return { customerGroup: required(fromBinary(answerSchema, answer).customerGroup) };
  }
}

function requireVersion(group: GroupRow, expectedVersion: bigint): void {
  if (group.version !== expectedVersion) throw failure.versionMismatch(expectedVersion, group.version);
}

function batchResult(
  group: GroupRow | undefined,
  ref: CustomerGroupRef | undefined,
  project: Project,
): MessageInitShape<typeof BatchGetCustomerGroupsResponse_ResultSchema> {
  if (group) return { result: { case: "customerGroup", value: toMessage(group, project) } };
  return { result: { case: "notFound", value: required(ref) } };
}

import { randomUUIDv7 } from "node:crypto";
import { type MessageInitShape, toJson } from "@bufbuild/protobuf";
import type { ServiceImpl } from "@connectrpc/connect";
import { type CustomerGroupRef, CustomerGroupSchema } from "../../gen/clientele/v1/customer_group_pb.ts";
import {
  type BatchGetCustomerGroupsResponse_ResultSchema,
  CreateCustomerGroupResponseSchema,
  CustomerGroupDraftSchema,
  type CustomerGroupService,
  DeleteCustomerGroupResponseSchema,
  OnMembers,
  QueryCustomerGroupsResponseSchema,
} from "../../gen/clientele/v1/customer_group_service_pb.ts";
import { requireScope } from "../auth/require-scope.ts";
import { findBatch, valuesBy } from "../batch.ts";
import { callerOf, callOf } from "../call.ts";
import { type Expander, isNothing, parseExpand } from "../custom-fields/expand.ts";
import { hiddenFrom } from "../custom-fields/hidden.ts";
import { addedReferences, type ReferenceTargets, requireReferences } from "../custom-fields/references.ts";
import { NO_CUSTOM_FIELDS } from "../custom-fields/state.ts";
import type { StoredCustomTypeRow } from "../custom-types/store.ts";
import type { StoredCustomerRow } from "../customers/store.ts";
import type { Database } from "../db/database.ts";
import type { Find } from "../db/find.ts";
import type { FoundRow } from "../db/found-row.ts";
import { encoded } from "../encoding/encoded.ts";
import { loadKnown } from "../known.ts";
import { openLookup, openRequire } from "../lookup.ts";
import { openMutations } from "../mutation.ts";
import { pageMessages } from "../paging/page-message.ts";
import type { PageTokens } from "../paging/page-token.ts";
import { openPages } from "../paging/pages.ts";
import { existsRow, parseQuery } from "../paging/query.ts";
import { projectIdOf } from "../projects/project-id.ts";
import type { Project, Projects } from "../projects/projects.ts";
import { parseRef, type Ref, refText, required } from "../refs.ts";
import { newHeader } from "../resource.ts";
import { stateOfDraft } from "./actions.ts";
import { groupColumns, groupMutation } from "./commit.ts";
import { membershipHandlers } from "./memberships.ts";
import { toMessage } from "./message.ts";
import { groupQuery } from "./query.ts";
import { type GroupRow, groupsOf, type StoredGroupRow, sumGroupBytes } from "./store.ts";
import { updateHandler } from "./update.ts";
import { FoundGroup, plainResults, WrittenGroup } from "./write.ts";

export type CustomerGroupServiceOptions = {
  readonly db: Database;
  readonly projects: Projects;
  readonly tokens: PageTokens;
  readonly findGroup: Find<StoredGroupRow>;
  /** Finds the same ones. */
  readonly findGroupRow: Find<FoundRow<StoredGroupRow>>;
  readonly findCustomer: Find<StoredCustomerRow>;
  readonly findType: Find<StoredCustomTypeRow>;
  readonly expander: Expander;
  readonly targets: ReferenceTargets;
  /** The time, to the millisecond. */
  readonly clock: () => Date;
};

export function customerGroupService({
  db,
  projects,
  tokens,
  findGroup,
  findGroupRow,
  findCustomer,
  findType,
  expander,
  targets,
  clock,
}: CustomerGroupServiceOptions): ServiceImpl<typeof CustomerGroupService> {
  const mutate = openMutations(db, projects, groupMutation);
  const groups = openLookup("customer-group", findGroup);
  const requireRow = openRequire("customer-group", findGroupRow);
  const customers = openLookup("customer", findCustomer);
  const pages = openPages(db.reads, tokens, groupQuery);

  return {
    async getCustomerGroup({ projectKey, ref, expand: entries }, context) {
      const expand = parseExpand(entries, [], hiddenFrom(callerOf(context), projectKey));
      const project = await projects.recall(projectKey);
      const found = await requireRow(project.id, ref);
      if (isNothing(expand) && callOf(context).takesBytes) return new FoundGroup(found, project);
      const group = found.read();
      const expanded = await expander.loadFor(expand, project, group, group.byteSize);
      return { customerGroup: toMessage(group, project, expanded) };
    },

    async batchGetCustomerGroups({ projectKey, refs }) {
      const project = await projects.recall(projectKey);
      const sizeOf = (wanted: readonly Ref[]) => sumBytes(project.id, wanted);
      const found = await findBatch(findGroup, sizeOf, project.id, refs.map(parseRef), () =>
        projects.require(projectKey),
      );
      return { results: found.map((group, index) => batchResult(group, refs[index], project)) };
    },

    async queryCustomerGroups(request, context) {
      const { projectKey } = request;
      if (request.explain) requireScope(callerOf(context), ["manage_customer_groups"], projectKey);
      const expand = parseExpand(request.expand, [], hiddenFrom(callerOf(context), projectKey));
      const projectId = projectIdOf(projectKey);
      const filterIdentity = request.member && refText(request.member);
      const query = parseQuery(tokens, groupQuery, projectId, request, filterIdentity);
      const project = await projects.recall(projectKey);
      const member = request.member && (await customers.require(projectId, request.member));
      const isPlain = isNothing(expand);
      const { rows, page } = await pages.run(query, {
        over: callOf(context).deadline.over,
        filter: member && groupsOf(member.id),
        extraBytes: isPlain ? undefined : (found) => expander.extraBytes(expand, projectId, found),
      });
      // An empty page is an answer only of a project that is still there.
      if (rows.count === 0) await projects.require(projectKey);
      if (request.explain) return page;
      if (isPlain) return toPage(page, plainResults(rows, project), callOf(context));
      const items = rows.read();
      const expanded = await expander.load(expand, project, items);
      const results = { items, toMessage: (group: GroupRow) => toMessage(group, project, expanded) };
      return toPage(page, results, callOf(context));
    },

    async existsCustomerGroup({ projectKey, target }, context) {
      const projectId = projectIdOf(projectKey);
      const exists =
        target.case === "predicate"
          ? await existsRow(db.reads, groupQuery, projectId, target.value, callOf(context).deadline.over)
          : (await findGroup(projectId, parseRef(target.value))) !== undefined;
      // That there is no group is an answer only of a project that is there.
      if (!exists) await projects.require(projectKey);
      return { exists };
    },

    createCustomerGroup: (request, context) =>
      mutate(request, context, CreateCustomerGroupResponseSchema, async (actor, project) => {
        const draft = required(request.draft);
        const types = await loadKnown(
          findType,
          project.id,
          draft.custom?.type ? [parseRef(draft.custom.type)] : [],
        );
        const at = clock();
        const group = {
          ...stateOfDraft(draft, types),
          ...newHeader(randomUUIDv7(), actor, at),
          customerCount: 0,
        };
        const pathOf = (fieldName: string) => `draft.custom.fields.${fieldName}`;
        await requireReferences(targets, project.id, addedReferences(null, group.customFields, pathOf));
        const plain = encoded(CustomerGroupSchema, toMessage(group, project));
        return {
          kind: "create",
          id: group.id,
          expectedVersion: 0n,
          at,
          actions: [{ create: toJson(CustomerGroupDraftSchema, draft) }],
          columns: groupColumns(group, plain, NO_CUSTOM_FIELDS, types),
          answer: new WrittenGroup("clientele.v1.CreateCustomerGroupResponse", plain),
        };
      }),

    updateCustomerGroup: updateHandler({ mutate, groups, findType, expander, targets, clock }),

    deleteCustomerGroup: (request, context) =>
      mutate(request, context, DeleteCustomerGroupResponseSchema, async (_, project) => {
        const { expectedVersion } = request;
        const group = await groups.requireVersion(project.id, request.ref, expectedVersion);
        const detaches = request.onMembers === OnMembers.DETACH;
        return {
          kind: "delete",
          id: group.id,
          expectedVersion,
          at: clock(),
          actions: [{ delete: detaches ? { onMembers: "ON_MEMBERS_DETACH" } : {} }],
          columns: { detaches_members: detaches },
          answer: { customerGroup: toMessage(group, project) },
        };
      }),

    ...membershipHandlers({ db, projects, groups, findCustomer, clock }),
  };

  async function sumBytes(projectId: string, refs: readonly Ref[]): Promise<number> {
    const sum = sumGroupBytes(projectId, valuesBy("id", refs), valuesBy("key", refs));
    const [row] = await db.reads.query(projectId, sum);
    return row?.bytes ?? 0;
  }
}

const toPage = pageMessages(QueryCustomerGroupsResponseSchema);

function batchResult(
  group: GroupRow | undefined,
  ref: CustomerGroupRef | undefined,
  project: Project,
): MessageInitShape<typeof BatchGetCustomerGroupsResponse_ResultSchema> {
  if (group) return { result: { case: "customerGroup", value: toMessage(group, project) } };
  return { result: { case: "notFound", value: required(ref) } };
}

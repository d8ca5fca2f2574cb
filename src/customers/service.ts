import { randomUUIDv7 } from "node:crypto";
import { type MessageInitShape, toJson } from "@bufbuild/protobuf";
import type { ServiceImpl } from "@connectrpc/connect";
import type { CustomerRef } from "../../gen/clientele/v1/customer_pb.ts";
import {
  type BatchGetCustomersResponse_ResultSchema,
  CreateCustomerResponseSchema,
  CustomerDraftSchema,
  type CustomerService,
  CustomerUpdateActionSchema,
  DeleteCustomerResponseSchema,
  QueryCustomersResponseSchema,
  UpdateCustomerResponseSchema,
} from "../../gen/clientele/v1/customer_service_pb.ts";
import { requireScope } from "../auth/require-scope.ts";
import { findBatch, valuesBy } from "../batch.ts";
import { callerOf, callOf } from "../call.ts";
import { type Expander, isNothing, parseExpand } from "../custom-fields/expand.ts";
import { type ReferenceTargets, requireReferences } from "../custom-fields/references.ts";
import type { StoredCustomTypeRow } from "../custom-types/store.ts";
import type { StoredGroupRow } from "../customer-groups/store.ts";
import type { Database } from "../db/database.ts";
import type { Find } from "../db/find.ts";
import type { RawRow } from "../db/raw-rows.ts";
import { failure } from "../errors.ts";
import { loadKnown } from "../known.ts";
import { openLookup } from "../lookup.ts";
import { openMutations } from "../mutation.ts";
import { orderHandlers } from "../orders/handlers.ts";
import { pageMessages } from "../paging/page-message.ts";
import type { PageTokens } from "../paging/page-token.ts";
import { openPages } from "../paging/pages.ts";
import { existsRow, parseQuery } from "../paging/query.ts";
import { projectIdOf } from "../projects/project-id.ts";
import type { Project, Projects } from "../projects/projects.ts";
import { parseRef, type Ref, refText, required } from "../refs.ts";
import { changedHeader, newHeader, timeOfUpdate } from "../resource.ts";
import { applyActions, isSameState } from "./actions.ts";
import { customerColumns, customerMutation } from "./commit.ts";
import { addedReferencesOf, groupRefsOf, typeRefsOf } from "./custom.ts";
import { addedReferencesOfDraft, groupRefsOfDraft, stateOfDraft, typeRefsOfDraft } from "./draft.ts";
import { canonicalEmail } from "./email.ts";
import { expandable, OWN_PATHS } from "./expand.ts";
import { exportHandlers } from "./export.ts";
import { membersOf } from "./members.ts";
import { toMessage } from "./message.ts";
import { customerQuery } from "./query.ts";
import { type CustomerRow, type StoredCustomerRow, sumCustomerBytes } from "./store.ts";

export type CustomerServiceOptions = {
  readonly db: Database;
  readonly projects: Projects;
  readonly tokens: PageTokens;
  readonly findCustomer: Find<StoredCustomerRow>;
  readonly findGroup: Find<StoredGroupRow>;
  readonly findType: Find<StoredCustomTypeRow>;
  readonly expander: Expander;
  readonly targets: ReferenceTargets;
  /** The time, to the millisecond. */
  readonly clock: () => Date;
};

export function customerService({
  db,
  projects,
  tokens,
  findCustomer,
  findGroup,
  findType,
  expander,
  targets,
  clock,
}: CustomerServiceOptions): ServiceImpl<typeof CustomerService> {
  const mutate = openMutations(db, projects, customerMutation);
  const customers = openLookup("customer", findCustomer);
  const groups = openLookup("customer-group", findGroup);
  const pages = openPages(db.reads, tokens, customerQuery);

  return {
    async getCustomer({ projectKey, ref, expand: entries }) {
      const expand = parseExpand(entries, OWN_PATHS);
      const project = await projects.recall(projectKey);
      const customer = await customers.require(project.id, ref);
      const expanded = await expander.loadFor(
        expand,
        project,
        expandable(expand, customer),
        customer.byteSize,
      );
      return { customer: toMessage(customer, project, expanded) };
    },

    async batchGetCustomers({ projectKey, refs }) {
      const project = await projects.recall(projectKey);
      const sizeOf = (wanted: readonly Ref[]) => sumBytes(project.id, wanted);
      const found = await findBatch(findCustomer, sizeOf, project.id, refs.map(parseRef), () =>
        projects.require(projectKey),
      );
      return { results: found.map((customer, index) => batchResult(customer, refs[index], project)) };
    },

    async queryCustomers(request, context) {
      const { projectKey } = request;
      if (request.explain) requireScope(callerOf(context), ["manage_customers"], projectKey);
      const expand = parseExpand(request.expand, OWN_PATHS);
      const projectId = projectIdOf(projectKey);
      const filterIdentity = request.memberOf && refText(request.memberOf);
      const query = parseQuery(tokens, customerQuery, projectId, request, filterIdentity);
      const project = await projects.recall(projectKey);
      const group = request.memberOf && (await groups.require(projectId, request.memberOf));
      const toExpandable = (customer: CustomerRow) => expandable(expand, customer);
      const { rows, page } = await pages.run(query, {
        over: callOf(context).deadline.over,
        filter: group && membersOf({ by: "id", values: [group.id] }),
        extraBytes: isNothing(expand)
          ? undefined
          : (found) => expander.extraBytes(expand, projectId, found.map(toExpandable)),
      });
      // An empty page is an answer only of a project that is still there.
      if (rows.count === 0) await projects.require(projectKey);
      if (request.explain) return page;
      if (isNothing(expand)) {
        const results = {
          items: rows.rows,
          toMessage: (row: RawRow) => toMessage(rows.readRow(row), project),
        };
        return toPage(page, results, callOf(context));
      }
      const items = rows.read();
      const expanded = await expander.load(expand, project, items.map(toExpandable));
      const results = { items, toMessage: (customer: CustomerRow) => toMessage(customer, project, expanded) };
      return toPage(page, results, callOf(context));
    },

    async existsCustomer({ projectKey, target }, context) {
      const projectId = projectIdOf(projectKey);
      const exists =
        target.case === "predicate"
          ? await existsRow(db.reads, customerQuery, projectId, target.value, callOf(context).deadline.over)
          : (await findCustomer(projectId, parseRef(target.value))) !== undefined;
      // That there is no customer is an answer only of a project that is there.
      if (!exists) await projects.require(projectKey);
      return { exists };
    },

    createCustomer: (request, context) =>
      mutate(request, context, CreateCustomerResponseSchema, async (actor, project) => {
        const draft = required(request.draft);
        const types = await loadKnown(findType, project.id, typeRefsOfDraft(draft));
        const known = await loadKnown(findGroup, project.id, groupRefsOfDraft(draft));
        const at = clock();
        const state = stateOfDraft(draft, { newId: randomUUIDv7, types, groups: known, now: at });
        await requireReferences(targets, project.id, addedReferencesOfDraft(state));
        const customer = { ...state, ...newHeader(randomUUIDv7(), actor, at), placedOrderCount: 0 };
        const message = toMessage(customer, project);
        return {
          kind: "create",
          id: customer.id,
          expectedVersion: 0n,
          at,
          actions: [{ create: toJson(CustomerDraftSchema, draft) }],
          columns: customerColumns(customer, message, undefined, types),
          answer: { customer: message },
          missing: missingGroup("draft"),
        };
      }),

    async updateCustomer(request, context) {
      const expand = parseExpand(request.expand, OWN_PATHS);
      return mutate(request, context, UpdateCustomerResponseSchema, async (actor, project) => {
        const { ref, expectedVersion, actions } = request;
        const found = await customers.requireVersion(project.id, ref, expectedVersion);
        const typeRefs = typeRefsOf(found, actions);
        const types = await loadKnown(findType, project.id, typeRefs);
        // Read behind its types: it holds what these versions of them let it hold, or the commit is refused.
        // By its id: its key may be another customer's by now.
        const again = { value: { case: "id", value: found.id } } as const;
        const before =
          typeRefs.length === 0 ? found : await customers.requireVersion(project.id, again, expectedVersion);
        const known = await loadKnown(findGroup, project.id, groupRefsOf(actions));
        const at = timeOfUpdate(before, clock());
        const after = applyActions(before, actions, { newId: randomUUIDv7, types, groups: known, now: at });
        await requireReferences(targets, project.id, addedReferencesOf(before, after, actions));

        const actionsJson = actions.map((action) => toJson(CustomerUpdateActionSchema, action));
        const decision = {
          id: before.id,
          expectedVersion,
          at,
          actions: actionsJson,
          missing: missingGroup("actions"),
        };
        const customer = isSameState(before, after)
          ? before
          : { ...before, ...after, ...changedHeader(before, actor, at) };
        const plain = toMessage(customer, project);
        const columns = customer === before ? undefined : customerColumns(customer, plain, before, types);
        const byteSize = columns?.byte_size ?? before.byteSize;
        const expanded = await expander.loadFor(expand, project, expandable(expand, customer), byteSize);
        return {
          ...decision,
          ...(columns ? { kind: "update", columns } : { kind: "confirm" }),
          answer: { customer: expanded ? toMessage(customer, project, expanded) : plain },
          // What is included belongs to others, who may be erased.
          remembered: { customer: plain },
        };
      });
    },

    deleteCustomer: (request, context) =>
      mutate(request, context, DeleteCustomerResponseSchema, async (_, project) => {
        const { expectedVersion, dataErasure } = request;
        const customer = await customers.requireVersion(project.id, request.ref, expectedVersion);
        return {
          kind: "delete",
          id: customer.id,
          expectedVersion,
          at: clock(),
          actions: [{ delete: dataErasure ? { dataErasure } : {} }],
          columns: { data_erasure: dataErasure },
          answer: { customer: toMessage(customer, project) },
          // What is remembered of an erasure holds nothing personal.
          ...(dataErasure && { remembered: { customer: { id: customer.id } } }),
        };
      }),

    ...orderHandlers({ db, projects, tokens, customers, clock }),
    ...exportHandlers({ db, projects, tokens, customers }),
  };

  async function sumBytes(projectId: string, refs: readonly Ref[]): Promise<number> {
    const emails = valuesBy("email", refs).flatMap((email) => canonicalEmail(email) ?? []);
    const sum = sumCustomerBytes(projectId, {
      ids: valuesBy("id", refs),
      keys: valuesBy("key", refs),
      emails,
    });
    const [row] = await db.reads.query(projectId, sum);
    return row?.bytes ?? 0;
  }
}

/** A group that was deleted while the customer was being written. */
function missingGroup(path: string) {
  return (type: string, id: string) => failure.referenceNotFound(path, { type, by: "id", value: id });
}

const toPage = pageMessages(QueryCustomersResponseSchema);

function batchResult(
  customer: CustomerRow | undefined,
  ref: CustomerRef | undefined,
  project: Project,
): MessageInitShape<typeof BatchGetCustomersResponse_ResultSchema> {
  if (customer) return { result: { case: "customer", value: toMessage(customer, project) } };
  return { result: { case: "notFound", value: required(ref) } };
}

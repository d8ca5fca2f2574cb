import { randomUUIDv7 } from "node:crypto";
import { toJson } from "@bufbuild/protobuf";
import type { ServiceImpl } from "@connectrpc/connect";
import {
  CreateCustomTypeResponseSchema,
  CustomTypeDraftSchema,
  type CustomTypeService,
  CustomTypeUpdateActionSchema,
  DeleteCustomTypeResponseSchema,
  QueryCustomTypesResponseSchema,
  UpdateCustomTypeResponseSchema,
} from "../../gen/clientele/v1/custom_type_service_pb.ts";
import { requireScope } from "../auth/require-scope.ts";
import { callerOf, callOf } from "../call.ts";
import type { Database } from "../db/database.ts";
import type { Find } from "../db/find.ts";
import type { RawRow } from "../db/raw-rows.ts";
import { openLookup } from "../lookup.ts";
import { openMutations } from "../mutation.ts";
import { pageMessages } from "../paging/page-message.ts";
import type { PageTokens } from "../paging/page-token.ts";
import { openPages } from "../paging/pages.ts";
import { existsRow, parseQuery } from "../paging/query.ts";
import { projectIdOf } from "../projects/project-id.ts";
import type { Projects } from "../projects/projects.ts";
import { parseRef, required } from "../refs.ts";
import { changedHeader, newHeader, timeOfUpdate } from "../resource.ts";
import { applyActions, isSameState, removedFields, stateOfDraft } from "./actions.ts";
import { customTypeMutation, typeColumns } from "./commit.ts";
import { toMessage } from "./message.ts";
import { customTypeQuery } from "./query.ts";
import type { StoredCustomTypeRow } from "./store.ts";

export type CustomTypeServiceOptions = {
  readonly db: Database;
  readonly projects: Projects;
  readonly tokens: PageTokens;
  readonly findType: Find<StoredCustomTypeRow>;
  /** The time, to the millisecond. */
  readonly clock: () => Date;
  /** Told when fields were removed: their values may have to be swept. */
  readonly onFieldsRemoved: () => void;
};

export function customTypeService({
  db,
  projects,
  tokens,
  findType,
  clock,
  onFieldsRemoved,
}: CustomTypeServiceOptions): ServiceImpl<typeof CustomTypeService> {
  const mutate = openMutations(db, projects, customTypeMutation);
  const types = openLookup("custom-type", findType);
  const pages = openPages(db.reads, tokens, customTypeQuery);

  return {
    async getCustomType({ projectKey, ref }) {
      const project = await projects.recall(projectKey);
      return { customType: toMessage(await types.require(project.id, ref), project) };
    },

    async queryCustomTypes(request, context) {
      if (request.explain) requireScope(callerOf(context), ["manage_types"], request.projectKey);
      const query = parseQuery(tokens, customTypeQuery, projectIdOf(request.projectKey), request);
      const project = await projects.recall(request.projectKey);
      const { rows, page } = await pages.run(query, { over: callOf(context).deadline.over });
      // An empty page is an answer only of a project that is still there.
      if (rows.count === 0) await projects.require(request.projectKey);
      if (request.explain) return page;
      const results = { items: rows.rows, toMessage: (row: RawRow) => toMessage(rows.readRow(row), project) };
      return toPage(page, results, callOf(context));
    },

    async existsCustomType({ projectKey, target }, context) {
      const projectId = projectIdOf(projectKey);
      const exists =
        target.case === "predicate"
          ? await existsRow(db.reads, customTypeQuery, projectId, target.value, callOf(context).deadline.over)
          : (await findType(projectId, parseRef(target.value))) !== undefined;
      // That there is no type is an answer only of a project that is there.
      if (!exists) await projects.require(projectKey);
      return { exists };
    },

    createCustomType: (request, context) =>
      mutate(request, context, CreateCustomTypeResponseSchema, async (actor, project) => {
        const draft = required(request.draft);
        const at = clock();
        const type = { ...stateOfDraft(draft), ...newHeader(randomUUIDv7(), actor, at) };
        const customType = toMessage(type, project);
        return {
          kind: "create",
          id: type.id,
          expectedVersion: 0n,
          at,
          actions: [{ create: toJson(CustomTypeDraftSchema, draft) }],
          columns: typeColumns(type, customType, []),
          answer: { customType },
        };
      }),

    async updateCustomType(request, context) {
      const answer = await mutate(
        request,
        context,
        UpdateCustomTypeResponseSchema,
        async (actor, project) => {
          const { expectedVersion } = request;
          const type = await types.requireVersion(project.id, request.ref, expectedVersion);
          const state = applyActions(type, type.beingRemoved, request.actions);
          const at = timeOfUpdate(type, clock());
          const actions = request.actions.map((action) => toJson(CustomTypeUpdateActionSchema, action));
          const decision = { id: type.id, expectedVersion, at, actions };
          if (isSameState(type, state)) {
            return { ...decision, kind: "confirm", answer: { customType: toMessage(type, project) } };
          }
          const changed = { ...type, ...state, ...changedHeader(type, actor, at) };
          const customType = toMessage(changed, project);
          const columns = typeColumns(changed, customType, removedFields(type, state));
          return { ...decision, kind: "update", columns, answer: { customType } };
        },
      );
      if (request.actions.some(({ action }) => action.case === "removeFieldDefinition")) onFieldsRemoved();
      return answer;
    },

    deleteCustomType: (request, context) =>
      mutate(request, context, DeleteCustomTypeResponseSchema, async (_, project) => {
        const { expectedVersion } = request;
        const type = await types.requireVersion(project.id, request.ref, expectedVersion);
        const answer = { customType: toMessage(type, project) };
        return {
          kind: "delete",
          id: type.id,
          expectedVersion,
          at: clock(),
          actions: [{ delete: {} }],
          answer,
        };
      }),
  };
}

const toPage = pageMessages(QueryCustomTypesResponseSchema);

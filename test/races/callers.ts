import type { JsonObject, MessageInitShape } from "@bufbuild/protobuf";
import type { CustomTypeUpdateActionSchema } from "../../gen/clientele/v1/custom_type_service_pb.ts";
import type { CustomerGroup } from "../../gen/clientele/v1/customer_group_pb.ts";
import { type Action, byId, groupOf } from "../conformance/groups.ts";
import { field, typeDraft, typeOf } from "../support/custom-types.ts";
import { tally } from "../support/failures.ts";
import type { Instances } from "./instances.ts";

/** What callers do to the custom types and groups of a project; `caller` picks whose connection. */
export function openCallers(instances: Instances, projectKey: string) {
  return {
    /** Its fields take text. */
    async createType(caller: number, key: string, ...names: readonly string[]) {
      const draft = typeDraft(key, ...names.map((name) => field(name, "string")));
      return typeOf(await instances.types(caller).createCustomType({ projectKey, draft }));
    },

    async updateType(caller: number, id: string, expectedVersion: bigint, action: TypeAction) {
      await instances
        .types(caller)
        .updateCustomType({ projectKey, ref: byId(id), expectedVersion, actions: [{ action }] });
    },

    async createGroup(caller: number, draft: GroupDraft) {
      const { name, key, typeId, fields = {} } = draft;
      const custom = typeId === undefined ? {} : { custom: { type: byId(typeId), fields } };
      const call = instances
        .groups(caller)
        .createCustomerGroup({ projectKey, draft: { name, ...(key ? { key } : {}), ...custom } });
      return groupOf(await call);
    },

    async getGroups(caller: number, ids: readonly string[]): Promise<CustomerGroup[]> {
      const { results } = await instances
        .groups(caller)
        .batchGetCustomerGroups({ projectKey, refs: ids.map(byId) });
      return results.flatMap(({ result }) => (result.case === "customerGroup" ? result.value : []));
    },

    /** Updates a group, whatever its version is by now. */
    async updateGroup(caller: number, id: string, action: Action): Promise<void> {
      let expectedVersion = 1n;
      for (;;) {
        const call = instances
          .groups(caller)
          .updateCustomerGroup({ projectKey, ref: byId(id), expectedVersion, actions: [{ action }] });
        const [refusal] = (await tally([call])).failures;
        if (refusal?.reason !== "VERSION_MISMATCH") return void (await call);
        expectedVersion = BigInt(refusal.metadata.current_version ?? 0);
      }
    },
  };
}

export type Callers = ReturnType<typeof openCallers>;

type TypeAction = NonNullable<MessageInitShape<typeof CustomTypeUpdateActionSchema>["action"]>;

type GroupDraft = {
  readonly name: string;
  readonly key?: string;
  readonly typeId?: string | undefined;
  readonly fields?: JsonObject;
};

export function setField(name: string, value: string | number): Action {
  const kind =
    typeof value === "string"
      ? ({ case: "stringValue", value } as const)
      : ({ case: "numberValue", value } as const);
  return { case: "setCustomField", value: { name, value: { kind } } };
}

export function setType(id: string, fields: JsonObject): Action {
  return { case: "setCustomType", value: { type: byId(id), fields } };
}

/** Adds the outcomes of a round to those of the rounds before. */
export function addTo(totals: Record<string, number>, counts: Readonly<Record<string, number>>): void {
  for (const [outcome, count] of Object.entries(counts)) totals[outcome] = (totals[outcome] ?? 0) + count;
}

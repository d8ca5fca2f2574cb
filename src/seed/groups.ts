import { randomUUIDv7 } from "node:crypto";
import type { JsonValue } from "@bufbuild/protobuf";
import { CustomerGroupSchema } from "../../gen/clientele/v1/customer_group_pb.ts";
import { NO_CUSTOM_FIELDS } from "../custom-fields/state.ts";
import { groupColumns } from "../customer-groups/commit.ts";
import { toMessage as toGroupMessage } from "../customer-groups/message.ts";
import { commitGroups, customerGroupsTable, type StoredGroupRow } from "../customer-groups/store.ts";
import type { Connection } from "../db/connection.ts";
import { listRowsBy } from "../db/table.ts";
import { encoded } from "../encoding/encoded.ts";
import type { Known } from "../known.ts";
import type { Project } from "../projects/projects.ts";
import { newHeader } from "../resource.ts";
import { GROUP_KEYS } from "./people.ts";

/** The groups of the people; makes those that are not there. */
export async function ensureGroups(
  { run }: Pick<Connection, "run">,
  project: Project,
): Promise<Known<{ readonly id: string }>> {
  const found = await run(listRowsBy(customerGroupsTable, "key", project.id, GROUP_KEYS));
  const ids = new Map(found.map((group: StoredGroupRow) => [group.key ?? "", group.id]));
  const missing = GROUP_KEYS.filter((key) => !ids.has(key));
  const writes: JsonValue[] = missing.map((key) => newGroup(key, project));
  const outcomes = await run(commitGroups(project.id, JSON.stringify(writes), false));
  for (const [index, key] of missing.entries()) {
    const { outcome } = outcomes[index] ?? {};
    if (outcome !== "ok") throw new Error(`the group "${key}" can't be made: ${outcome}`);
    ids.set(key, String((writes[index] as { id: string }).id));
  }
  return { get: ({ value }) => (ids.has(value) ? { id: ids.get(value) ?? "" } : undefined) };
}

function newGroup(key: string, project: Project) {
  const at = new Date();
  const group = {
    ...NO_CUSTOM_FIELDS,
    ...newHeader(randomUUIDv7(), null, at),
    key,
    name: `${key[0]?.toUpperCase()}${key.slice(1)}`,
    reference: null,
    referenceOrigin: null,
    metadata: null,
    priceListId: null,
    marketIds: [],
    attachments: [],
    customerCount: 0,
  };
  return {
    kind: "create",
    write_id: randomUUIDv7(),
    at: at.toISOString(),
    actor: null,
    actions: [{ create: { name: group.name, key } }],
    id: group.id,
    expected_version: "0",
    ...groupColumns(group, encoded(CustomerGroupSchema, toGroupMessage(group, project)), NO_CUSTOM_FIELDS, {
      get: () => undefined,
    }),
  };
}

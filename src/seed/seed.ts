import { randomUUIDv7 } from "node:crypto";
import { type JsonValue, toJson } from "@bufbuild/protobuf";
import { CustomerDraftSchema } from "../../gen/clientele/v1/customer_service_pb.ts";
import { NO_CUSTOM_FIELDS } from "../custom-fields/state.ts";
import { groupColumns } from "../customer-groups/commit.ts";
import { toMessage as toGroupMessage } from "../customer-groups/message.ts";
import { commitGroups, customerGroupsTable, type StoredGroupRow } from "../customer-groups/store.ts";
import { customerColumns } from "../customers/commit.ts";
import { stateOfDraft } from "../customers/draft.ts";
import { toMessage } from "../customers/message.ts";
import { groupIdsOf } from "../customers/state.ts";
import { customersTable, insertCustomers } from "../customers/store.ts";
import type { Connection } from "../db/connection.ts";
import { listRowsBy } from "../db/table.ts";
import type { Known } from "../known.ts";
import type { Project } from "../projects/projects.ts";
import { newHeader } from "../resource.ts";
import { GROUP_KEYS, person } from "./people.ts";

/** Told after each batch how many customers are there. */
export type Progress = (done: number) => void;

/** More of them take no less time each. */
const BATCH = 2000;

/**
 * Fills a project up to `count` people, whatever it holds besides; those whom an earlier run made stay.
 *
 * @returns how many were made.
 */
export async function seedCustomers(
  { run }: Connection,
  project: Project,
  count: number,
  onProgress: Progress,
): Promise<number> {
  const groups = await ensureGroups({ run }, project);
  const first = await countSeeded({ run }, project);
  // The next batch is made while the database takes the last one.
  let underWay: Promise<unknown> = Promise.resolve();
  for (let n = first; n < count; n += BATCH) {
    const at = new Date();
    const batch = people(n, Math.min(n + BATCH, count), groups, project, at);
    await underWay;
    onProgress(n);
    underWay = run(insertCustomers(project.id, batch, at));
    // Thrown by the next turn.
    underWay.catch(() => {});
  }
  await underWay;
  onProgress(Math.max(first, count));
  return Math.max(0, count - first);
}

function people(
  from: number,
  to: number,
  groups: Known<{ readonly id: string }>,
  project: Project,
  at: Date,
) {
  const context = { newId: randomUUIDv7, types: { get: () => undefined }, groups, now: at };
  const rows = Array.from({ length: to - from }, (_, index) => {
    const draft = person(from + index);
    const customer = {
      ...stateOfDraft(draft, context),
      ...newHeader(randomUUIDv7(), null, at),
      placedOrderCount: 0,
    };
    return {
      id: customer.id,
      ...withoutNulls(customerColumns(customer, toMessage(customer, project), undefined, context.types)),
      group_ids: groupIdsOf(customer),
      draft: toJson(CustomerDraftSchema, draft),
    };
  });
  return JSON.stringify(rows);
}

/** PostgreSQL takes a third of its time to parse what is sent: a column that is not there is null too. */
function withoutNulls(columns: object): object {
  return Object.fromEntries(Object.entries(columns).filter(([, value]) => value !== null));
}

/** How many an earlier run made: they are numbered without gaps. */
async function countSeeded({ run }: Pick<Connection, "run">, project: Project): Promise<number> {
  const isThere = async (n: number) =>
    (await run(listRowsBy(customersTable, "key", project.id, [person(n).key ?? ""]))).length > 0;
  let [there, beyond] = [0, 1];
  while (await isThere(beyond - 1)) [there, beyond] = [beyond, beyond * 2];
  while (there < beyond - 1) {
    const middle = Math.floor((there + beyond) / 2);
    if (await isThere(middle - 1)) there = middle;
    else beyond = middle;
  }
  return there;
}

async function ensureGroups(
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
    ...groupColumns(group, toGroupMessage(group, project), NO_CUSTOM_FIELDS, { get: () => undefined }),
  };
}

import { randomUUIDv7 } from "node:crypto";
import { toJson } from "@bufbuild/protobuf";
import { CustomerDraftSchema } from "../../gen/clientele/v1/customer_service_pb.ts";
import type { KnownTypes } from "../custom-fields/state.ts";
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
import { ensureGroups } from "./groups.ts";
import { person } from "./people.ts";
import { ensureShopperType } from "./shopper-type.ts";

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
  const types = await ensureShopperType({ run }, project);
  const first = await countSeeded({ run }, project);
  // The next batch is made while the database takes the last one.
  let underWay: Promise<unknown> = Promise.resolve();
  for (let n = first; n < count; n += BATCH) {
    const at = new Date();
    const batch = people(n, Math.min(n + BATCH, count), { groups, types }, project, at);
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
  known: { readonly groups: Known<{ readonly id: string }>; readonly types: KnownTypes },
  project: Project,
  at: Date,
) {
  const context = { newId: randomUUIDv7, ...known, now: at };
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

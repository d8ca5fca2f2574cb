import { randomUUID, randomUUIDv7 } from "node:crypto";
import type { JsonObject } from "@bufbuild/protobuf";
import { commitGroups } from "../../src/customer-groups/store.ts";
import type { Sql } from "../../src/db/connection.ts";
import { required } from "../../src/refs.ts";

/** The write that creates a group, as a commit function takes it. */
export function groupCreation(changed: object = {}) {
  return {
    kind: "create",
    write_id: randomUUIDv7(),
    at: new Date().toISOString(),
    actor: { clientId: randomUUID() },
    actions: [{ create: { name: randomUUID() } }],
    id: randomUUIDv7(),
    expected_version: "0",
    name: randomUUID(),
    key: null,
    market_ids: [randomUUID()],
    attachments: [{ id: randomUUID(), name: randomUUID() }],
    byte_size: 100 + Math.floor(Math.random() * 100),
    ...changed,
  };
}

/** The write that creates a custom type. */
export function typeCreation(changed: object = {}) {
  return {
    kind: "create",
    write_id: randomUUIDv7(),
    at: new Date().toISOString(),
    actor: null,
    actions: [],
    id: randomUUIDv7(),
    expected_version: "0",
    key: randomUUID(),
    name: {},
    description: {},
    resource_types: ["customer-group"],
    field_definitions: [],
    field_signatures: {},
    removed_fields: [],
    byte_size: 100,
    ...changed,
  };
}

/** What a write says of fields of text. */
export function textFields(...names: readonly string[]) {
  return {
    field_definitions: names.map((name) => ({ name, type: { kind: "string" } })),
    field_signatures: Object.fromEntries(names.map((name) => [name, "string"])),
  };
}

/** A later write to the type that `write` creates: an update, unless `changed` says otherwise. */
export function following(write: ReturnType<typeof typeCreation>, expectedVersion: string, changed: object) {
  const next = { ...write, kind: "update", write_id: randomUUIDv7(), expected_version: expectedVersion };
  return { ...next, ...changed };
}

/** What a write says of the custom fields. */
export function customColumns(typeId: string | null, typeVersion: bigint | null, fields: JsonObject | null) {
  return {
    sets_custom: true,
    custom_type_id: typeId,
    custom_type_version: typeVersion === null ? null : `${typeVersion}`,
    custom_fields: fields,
  };
}

/** Creates many groups that have a type of version 1. */
export async function createGroups(
  sql: Sql,
  projectId: string,
  typeId: string,
  fields: readonly JsonObject[],
): Promise<void> {
  const writes = fields.map((one) => groupCreation(customColumns(typeId, 1n, one)));
  const outcomes = await commitGroups(projectId, JSON.stringify(writes), false)(sql);
  const refused = outcomes.find(({ outcome }) => outcome !== "ok");
  if (refused) throw new Error(`a group was not created: ${refused.outcome}`);
}

/** How many changes such writes have made. */
export async function changesOf(
  sql: Sql,
  projectId: string,
  writes: readonly { readonly write_id: string }[],
): Promise<number> {
  const ids = writes.map((write) => write.write_id);
  const [row] = await sql<{ changes: number }[]>`
    select count(*)::integer as changes
    from changes
    where project_id = ${projectId} and write_id = any(${ids}::uuid[])`;
  return row?.changes ?? -1;
}

/** What an outcome says, without what it says nothing of, and which write's it is. */
export function saying(outcome: object | undefined): object {
  const said = Object.entries(required(outcome)).filter(
    ([name, value]) => value !== null && name !== "projectId" && name !== "write",
  );
  return Object.fromEntries(said);
}

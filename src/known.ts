import type { Find } from "./db/find.ts";
import type { Ref } from "./refs.ts";

/** Resources that a request refers to, as they were found: each is known by id and by key. */
export type Known<Row> = { get(ref: Ref): Row | undefined };

export function loadKnown<Row extends { readonly id: string; readonly key: string | null }>(
  find: Find<Row>,
  projectId: string,
  refs: readonly Ref[],
): Promise<Known<Row>> {
  return refs.length === 0 ? NONE : loadAll(find, projectId, refs);
}

async function loadAll<Row extends { readonly id: string; readonly key: string | null }>(
  find: Find<Row>,
  projectId: string,
  refs: readonly Ref[],
): Promise<Known<Row>> {
  const found = await Promise.all(refs.map((ref) => find(projectId, ref)));
  const rows = new Map<string, Row>();
  for (const row of found) {
    if (!row) continue;
    rows.set(`id ${row.id}`, row);
    if (row.key !== null) rows.set(`key ${row.key}`, row);
  }
  return { get: ({ by, value }) => rows.get(`${by} ${value}`) };
}

const NONE: Promise<Known<never>> = Promise.resolve({ get: () => undefined });

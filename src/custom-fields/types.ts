import type { StoredCustomTypeRow } from "../custom-types/store.ts";
import type { Find } from "../db/find.ts";
import type { Ref } from "../refs.ts";
import type { FieldsType, KnownTypes } from "./state.ts";

/** Finds the types that a mutation is about; each is then known by id and by key. */
export async function loadTypes(
  findType: Find<StoredCustomTypeRow>,
  projectId: string,
  refs: readonly Ref[],
): Promise<KnownTypes> {
  const found = await Promise.all(refs.map((ref) => findType(projectId, ref)));
  const types = new Map<string, FieldsType>();
  for (const type of found) {
    if (type) types.set(`id ${type.id}`, type).set(`key ${type.key}`, type);
  }
  return { get: ({ by, value }) => types.get(`${by} ${value}`) };
}

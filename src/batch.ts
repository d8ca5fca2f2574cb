import type { Find } from "./db/find.ts";
import { failure } from "./errors.ts";
import { MAX_PAGE_BYTES } from "./paging/limits.ts";
import type { Ref } from "./refs.ts";
import { MAX_RESOURCE_BYTES } from "./resource.ts";

/**
 * Finds what each ref names, in the order asked.
 *
 * @param sizeOf the size of all that the refs name, as it is sent.
 * @param requireProject throws unless the project is there.
 * @throws Failure TOO_LARGE when they are more than an answer holds.
 */
export async function findBatch<Row extends { readonly byteSize: number }>(
  find: Find<Row>,
  sizeOf: (refs: readonly Ref[]) => Promise<number>,
  projectId: string,
  refs: readonly Ref[],
  requireProject: () => Promise<unknown>,
): Promise<readonly (Row | undefined)[]> {
  // What is too much to answer with is not read first.
  if (refs.length * MAX_RESOURCE_BYTES > MAX_PAGE_BYTES) requireFitting(await sizeOf(refs));
  const found = await Promise.all(refs.map((ref) => find(projectId, ref)));
  // That none is there is an answer only of a project that is.
  if (!found.some((row) => row)) await requireProject();
  requireFitting(found.reduce((sum, row) => sum + (row?.byteSize ?? 0), 0));
  return found;
}

/** The values of the refs of one kind. */
export function valuesBy(by: Ref["by"], refs: readonly Ref[]): string[] {
  return refs.filter((ref) => ref.by === by).map(({ value }) => value);
}

function requireFitting(bytes: number): void {
  if (bytes > MAX_PAGE_BYTES) throw failure.tooLarge("the answer", MAX_PAGE_BYTES, bytes);
}

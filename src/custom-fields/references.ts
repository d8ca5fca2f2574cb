import type { JsonObject, Message } from "@bufbuild/protobuf";
import { failure } from "../errors.ts";
import type { Project } from "../projects/projects.ts";
import { fieldValue } from "./state.ts";
import { OWN_RESOURCES, type ReferenceValue, referencesIn } from "./values/reference.ts";

/** A kind of resource that custom fields can refer to. */
export type ReferenceTarget = {
  /** The sizes of those of the ids that are there, in bytes as they are sent. */
  sizes(projectId: string, ids: readonly string[]): Promise<ReadonlyMap<string, number>>;
  /** Those of the ids that are there. */
  load(project: Project, ids: readonly string[]): Promise<ReadonlyMap<string, ExpandedResource>>;
};

/** A resource that is included in an answer, as a message or as JSON. */
export type ExpandedResource = { readonly message: Message; json(): JsonObject };

/** By the `typeId` of references. */
export type ReferenceTargets = ReadonlyMap<string, ReferenceTarget>;

/** A reference that a request makes, and where. */
export type WantedReference = ReferenceValue & { readonly path: string };

/**
 * The references to this service's resources that come in by a write: those that were there before may
 * lead nowhere by now.
 *
 * @param pathOf tells where the request says the value of a field.
 */
export function addedReferences(
  before: JsonObject | null,
  after: JsonObject | null,
  pathOf: (name: string) => string,
): readonly WantedReference[] {
  return Object.keys(after ?? {}).flatMap((name) => {
    const known = new Set(referencesIn(fieldValue(before, name)).map(({ id }) => id));
    const value = fieldValue(after, name);
    return referencesIn(value)
      .map((reference, index) => ({
        ...reference,
        path: `${pathOf(name)}${Array.isArray(value) ? `[${index}]` : ""}`,
      }))
      .filter(({ typeId, id }) => OWN_RESOURCES.includes(typeId) && !known.has(id));
  });
}

/** @throws Failure REFERENCE_NOT_FOUND at the first reference that leads nowhere. */
export function requireReferences(
  targets: ReferenceTargets,
  projectId: string,
  wanted: readonly WantedReference[],
): Promise<void> {
  return wanted.length === 0 ? NOTHING_MISSING : requireAll(targets, projectId, wanted);
}

const NOTHING_MISSING = Promise.resolve();

async function requireAll(
  targets: ReferenceTargets,
  projectId: string,
  wanted: readonly WantedReference[],
): Promise<void> {
  for (const [typeId, references] of Map.groupBy(wanted, (reference) => reference.typeId)) {
    const ids = references.map(({ id }) => id);
    const found = await targets.get(typeId)?.sizes(projectId, ids);
    const missing = references.find(({ id }) => !found?.has(id));
    if (missing) {
      throw failure.referenceNotFound(`${missing.path}.id`, { type: typeId, by: "id", value: missing.id });
    }
  }
}

import type { Find } from "./db/find.ts";
import { failure, type ResourceType } from "./errors.ts";
import { parseRef, type RefMessage } from "./refs.ts";
import type { ResourceHeader } from "./resource.ts";

/**
 * Finds a resource, or refuses.
 *
 * @param field where the request names the resource, when it names several.
 * @throws Failure RESOURCE_NOT_FOUND
 */
export type Require<Found> = (
  projectId: string,
  ref: RefMessage | undefined,
  field?: string,
) => Promise<Found>;

/** Finds the resources of one kind, or refuses. */
export type Lookup<Row> = {
  readonly require: Require<Row>;
  /** @throws Failure RESOURCE_NOT_FOUND, VERSION_MISMATCH */
  requireVersion(projectId: string, ref: RefMessage | undefined, expectedVersion: bigint): Promise<Row>;
};

export function openLookup<Row extends ResourceHeader>(type: ResourceType, find: Find<Row>): Lookup<Row> {
  const require = openRequire(type, find);
  return {
    require,
    async requireVersion(projectId, ref, expectedVersion) {
      const row = await require(projectId, ref);
      if (row.version !== expectedVersion) throw failure.versionMismatch(expectedVersion, row.version);
      return row;
    },
  };
}

export function openRequire<Found>(type: ResourceType, find: Find<Found>): Require<Found> {
  return async (projectId, refMessage, field) => {
    const ref = parseRef(refMessage);
    const found = await find(projectId, ref);
    if (!found) throw failure.notFound({ type, ...ref }, field);
    return found;
  };
}

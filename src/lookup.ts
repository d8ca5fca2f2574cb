import type { Find } from "./db/find.ts";
import { failure, type ResourceType } from "./errors.ts";
import { parseRef, type RefMessage } from "./refs.ts";
import type { ResourceHeader } from "./resource.ts";

/** Finds the resources of one kind, or refuses. */
export type Lookup<Row> = {
  /**
   * @param field where the request names the resource, when it names several.
   * @throws Failure RESOURCE_NOT_FOUND
   */
  require(projectId: string, ref: RefMessage | undefined, field?: string): Promise<Row>;
  /** @throws Failure RESOURCE_NOT_FOUND, VERSION_MISMATCH */
  requireVersion(projectId: string, ref: RefMessage | undefined, expectedVersion: bigint): Promise<Row>;
};

export function openLookup<Row extends ResourceHeader>(type: ResourceType, find: Find<Row>): Lookup<Row> {
  return {
    require,
    async requireVersion(projectId, ref, expectedVersion) {
      const row = await require(projectId, ref);
      if (row.version !== expectedVersion) throw failure.versionMismatch(expectedVersion, row.version);
      return row;
    },
  };

  async function require(
    projectId: string,
    refMessage: RefMessage | undefined,
    field?: string,
  ): Promise<Row> {
    const ref = parseRef(refMessage);
    const row = await find(projectId, ref);
    if (!row) throw failure.notFound({ type, ...ref }, field);
    return row;
  }
}

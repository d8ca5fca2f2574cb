import type { Timestamp } from "@bufbuild/protobuf/wkt";

/** An order of resources as a query has it. */
export type Compare<Resource> = (a: Resource, b: Resource) => number;

type Resource = {
  readonly id: string;
  readonly createdAt?: Timestamp | undefined;
  readonly lastModifiedAt?: Timestamp | undefined;
};

export function by<Compared>(
  value: (resource: Compared) => string | bigint | number | undefined,
): Compare<Compared> {
  return (a, b) => {
    const [left, right] = [value(a), value(b)];
    if (left === right) return 0;
    // Missing values come last.
    if (left === undefined || right === undefined) return left === undefined ? 1 : -1;
    if (typeof left !== "string" && typeof right !== "string") return left < right ? -1 : 1;
    return Buffer.compare(Buffer.from(`${left}`), Buffer.from(`${right}`));
  };
}

export function descending<Compared>(compare: Compare<Compared>): Compare<Compared> {
  return (a, b) => compare(b, a);
}

/** Not `then`: a module that exports one is taken for a promise when it is imported, and waited for in vain. */
export function thenBy<Compared>(...compares: readonly Compare<Compared>[]): Compare<Compared> {
  return (a, b) => compares.map((compare) => compare(a, b)).find((order) => order !== 0) ?? 0;
}

/** Of those that were made within a millisecond, any may come first. */
export function id(resource: Resource): string {
  return resource.id;
}

export function createdAt(resource: Resource): bigint | undefined {
  return nanosOf(resource.createdAt);
}

export function modifiedAt(resource: Resource): bigint | undefined {
  return nanosOf(resource.lastModifiedAt);
}

function nanosOf(at: Timestamp | undefined): bigint | undefined {
  return at && at.seconds * 1_000_000_000n + BigInt(at.nanos);
}

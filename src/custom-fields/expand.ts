import type { CustomType } from "../../gen/clientele/v1/custom_type_pb.ts";
import { failure } from "../errors.ts";
import { MAX_PAGE_BYTES } from "../paging/limits.ts";
import type { Project } from "../projects/projects.ts";
import type { ExpandedResource, ReferenceTarget, ReferenceTargets } from "./references.ts";
import { type CustomState, fieldValue } from "./state.ts";
import { type ReferenceValue, referencesIn } from "./values/reference.ts";

/** What a request asks to include of what a resource refers to. */
export type Expand = {
  readonly type: boolean;
  readonly fieldNames: ReadonlySet<string>;
  /** Paths of the resource's own. */
  readonly own: ReadonlySet<string>;
  /** The kinds of resources that are passed over, as references name them. */
  readonly hidden: ReadonlySet<string>;
};

/** What can be expanded: custom fields, and what else a resource refers to. */
export type Expandable = CustomState & { readonly links?: readonly ReferenceValue[] };

/** What is included. */
export type Expanded = {
  /** By id. */
  readonly types: ReadonlyMap<string, CustomType>;
  readonly fieldNames: ReadonlySet<string>;
  readonly own: ReadonlySet<string>;
  /** By type id, then by id. */
  readonly resources: ReadonlyMap<string, ReadonlyMap<string, ExpandedResource>>;
};

/** The custom types, to be included. */
export type TypeTarget = {
  sizes(projectId: string, ids: readonly string[]): Promise<ReadonlyMap<string, number>>;
  load(project: Project, ids: readonly string[]): Promise<ReadonlyMap<string, CustomType>>;
};

export type Expander = {
  /** How many bytes each row's answer holds besides the row. */
  extraBytes(expand: Expand, projectId: string, rows: readonly Expandable[]): Promise<readonly number[]>;
  /** Loads what the rows refer to; their extra bytes are to be within bounds. */
  load(expand: Expand, project: Project, rows: readonly Expandable[]): Promise<Expanded | undefined>;
  /** Both for one row. @throws Failure TOO_LARGE */
  loadFor(expand: Expand, project: Project, row: Expandable, byteSize: number): Promise<Expanded | undefined>;
};

/**
 * Reads `expand`: entries `custom.type`, `custom.fields.<name>`, the latter also with `[*]` behind it.
 *
 * @param ownPaths what the resource has besides.
 * @param hidden what the caller may not see.
 * @throws Failure FIELD_INVALID at `expand[i]`.
 */
export function parseExpand(
  entries: readonly string[],
  ownPaths: readonly string[] = [],
  hidden: ReadonlySet<string> = NONE,
): Expand {
  if (entries.length === 0) return NOTHING;
  const fieldNames = entries.flatMap((entry, index) => {
    if (entry === "custom.type" || ownPaths.includes(entry)) return [];
    const name = FIELD.exec(entry)?.[1];
    if (name !== undefined) return [name];
    const known = ["custom.type", "custom.fields.<name>", ...ownPaths].map((path) => `"${path}"`);
    const words = `must be ${known.slice(0, -1).join(", ")} or ${known.at(-1)}`;
    throw failure.field(`expand[${index}]`, "expand.path", words);
  });
  const own = new Set(entries.filter((entry) => ownPaths.includes(entry)));
  return { type: entries.includes("custom.type"), fieldNames: new Set(fieldNames), own, hidden };
}

const NONE: ReadonlySet<string> = new Set();
const NOTHING: Expand = { type: false, fieldNames: NONE, own: NONE, hidden: NONE };
const FIELD = /^custom\.fields\.([A-Za-z0-9_-]{2,36})(?:\[\*\])?$/;

export function openExpander(types: TypeTarget, targets: ReferenceTargets): Expander {
  return {
    extraBytes,
    load,
    loadFor: (expand, ...of) => (isNothing(expand) ? NOTHING_EXPANDED : loadFor(expand, ...of)),
  };

  async function loadFor(expand: Expand, project: Project, row: Expandable, byteSize: number) {
    const [extra = 0] = await extraBytes(expand, project.id, [row]);
    const bytes = byteSize + extra;
    if (bytes > MAX_PAGE_BYTES) throw failure.tooLarge("the answer", MAX_PAGE_BYTES, bytes);
    return load(expand, project, [row]);
  }

  async function extraBytes(expand: Expand, projectId: string, rows: readonly Expandable[]) {
    if (isNothing(expand)) return [];
    const typeSizes = await types.sizes(projectId, typeIdsOf(expand, rows));
    const sizes = await forEachTarget(expand, rows, (target, ids) => target.sizes(projectId, ids));
    return rows.map((row) => {
      const typeBytes = (expand.type && typeSizes.get(row.customTypeId ?? "")) || 0;
      const resourceBytes = referencesOf(expand, row).map(({ typeId, id }) => {
        const size = sizes.get(typeId)?.get(id);
        return size === undefined ? 0 : STRUCT_FACTOR * size + STRUCT_BYTES;
      });
      return resourceBytes.reduce((sum, bytes) => sum + bytes, typeBytes);
    });
  }

  async function load(expand: Expand, project: Project, rows: readonly Expandable[]) {
    if (isNothing(expand)) return undefined;
    return {
      types: await types.load(project, typeIdsOf(expand, rows)),
      fieldNames: expand.fieldNames,
      own: expand.own,
      resources: await forEachTarget(expand, rows, (target, ids) => target.load(project, ids)),
    };
  }

  /** Asks every target for the ids that the rows refer to. */
  async function forEachTarget<Result>(
    expand: Expand,
    rows: readonly Expandable[],
    ask: (target: ReferenceTarget, ids: readonly string[]) => Promise<Result>,
  ): Promise<Map<string, Result>> {
    const answers = new Map<string, Result>();
    const byType = Map.groupBy(
      rows.flatMap((row) => referencesOf(expand, row)),
      ({ typeId }) => typeId,
    );
    for (const [typeId, references] of byType) {
      const target = targets.get(typeId);
      if (target) answers.set(typeId, await ask(target, [...new Set(references.map(({ id }) => id))]));
    }
    return answers;
  }
}

const NOTHING_EXPANDED = Promise.resolve(undefined);

/** A resource inside of a Struct, in binary, against the size that is stored of it. */
const STRUCT_FACTOR = 2;
const STRUCT_BYTES = 1024;

export function isNothing({ type, fieldNames, own }: Expand): boolean {
  return !type && fieldNames.size === 0 && own.size === 0;
}

function typeIdsOf(expand: Expand, rows: readonly Expandable[]): readonly string[] {
  return expand.type ? [...new Set(rows.flatMap(({ customTypeId }) => customTypeId ?? []))] : [];
}

function referencesOf({ fieldNames, hidden }: Expand, { customFields, links = [] }: Expandable) {
  return [...fieldNames]
    .flatMap((name) => referencesIn(fieldValue(customFields, name)))
    .concat(links)
    .filter(({ typeId }) => !hidden.has(typeId));
}

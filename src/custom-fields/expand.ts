import type { JsonObject } from "@bufbuild/protobuf";
import type { CustomType } from "../../gen/clientele/v1/custom_type_pb.ts";
import { failure } from "../errors.ts";
import { MAX_PAGE_BYTES } from "../paging/limits.ts";
import type { Project } from "../projects/projects.ts";
import type { ReferenceTarget, ReferenceTargets } from "./references.ts";
import { type CustomState, fieldValue } from "./state.ts";
import { referencesIn } from "./values/reference.ts";

/** What a request asks to include of what custom fields refer to. */
export type Expand = { readonly type: boolean; readonly fieldNames: ReadonlySet<string> };

/** What is included. */
export type Expanded = {
  /** By id. */
  readonly types: ReadonlyMap<string, CustomType>;
  readonly fieldNames: ReadonlySet<string>;
  /** By type id, then by id. */
  readonly resources: ReadonlyMap<string, ReadonlyMap<string, JsonObject>>;
};

/** The custom types, to be included. */
export type TypeTarget = {
  sizes(projectId: string, ids: readonly string[]): Promise<ReadonlyMap<string, number>>;
  load(project: Project, ids: readonly string[]): Promise<ReadonlyMap<string, CustomType>>;
};

export type Expander = {
  /** How many bytes each row's answer holds besides the row. */
  extraBytes(expand: Expand, projectId: string, rows: readonly CustomState[]): Promise<readonly number[]>;
  /** Loads what the rows refer to; their extra bytes are to be within bounds. */
  load(expand: Expand, project: Project, rows: readonly CustomState[]): Promise<Expanded | undefined>;
  /** Both for one row. @throws Failure TOO_LARGE */
  loadFor(
    expand: Expand,
    project: Project,
    row: CustomState,
    byteSize: number,
  ): Promise<Expanded | undefined>;
};

/**
 * Reads `expand`: entries `custom.type`, `custom.fields.<name>`, the latter also with `[*]` behind it.
 *
 * @throws Failure FIELD_INVALID at `expand[i]`.
 */
export function parseExpand(entries: readonly string[]): Expand {
  if (entries.length === 0) return NOTHING;
  const fieldNames = entries.flatMap((entry, index) => {
    if (entry === "custom.type") return [];
    const name = FIELD.exec(entry)?.[1];
    if (name !== undefined) return [name];
    throw failure.field(`expand[${index}]`, "expand.path", 'must be "custom.type" or "custom.fields.<name>"');
  });
  return { type: entries.includes("custom.type"), fieldNames: new Set(fieldNames) };
}

const NOTHING: Expand = { type: false, fieldNames: new Set() };
const FIELD = /^custom\.fields\.([A-Za-z0-9_-]{2,36})(?:\[\*\])?$/;

export function openExpander(types: TypeTarget, targets: ReferenceTargets): Expander {
  return {
    extraBytes,
    load,
    async loadFor(expand, project, row, byteSize) {
      const [extra = 0] = await extraBytes(expand, project.id, [row]);
      const bytes = byteSize + extra;
      if (bytes > MAX_PAGE_BYTES) throw failure.tooLarge("the answer", MAX_PAGE_BYTES, bytes);
      return load(expand, project, [row]);
    },
  };

  async function extraBytes(expand: Expand, projectId: string, rows: readonly CustomState[]) {
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

  async function load(expand: Expand, project: Project, rows: readonly CustomState[]) {
    if (isNothing(expand)) return undefined;
    return {
      types: await types.load(project, typeIdsOf(expand, rows)),
      fieldNames: expand.fieldNames,
      resources: await forEachTarget(expand, rows, (target, ids) => target.load(project, ids)),
    };
  }

  /** Asks every target for the ids that the rows refer to. */
  async function forEachTarget<Result>(
    expand: Expand,
    rows: readonly CustomState[],
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

/** A resource inside of a Struct, in binary, against the size that is stored of it. */
const STRUCT_FACTOR = 2;
const STRUCT_BYTES = 1024;

function isNothing({ type, fieldNames }: Expand): boolean {
  return !type && fieldNames.size === 0;
}

function typeIdsOf(expand: Expand, rows: readonly CustomState[]): readonly string[] {
  return expand.type ? [...new Set(rows.flatMap(({ customTypeId }) => customTypeId ?? []))] : [];
}

function referencesOf({ fieldNames }: Expand, { customFields }: CustomState) {
  return [...fieldNames].flatMap((name) => referencesIn(fieldValue(customFields, name)));
}

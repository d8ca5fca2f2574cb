import { timestampDate } from "@bufbuild/protobuf/wkt";
import { Mode } from "../../gen/clientele/v1/mode_pb.ts";
import { type Project, ProjectState } from "../../gen/clientele/v1/project_pb.ts";

/** One project for people: a line for each thing that there is to say. */
export function projectText(project: Project): string {
  const { limits, deletion } = project;
  const rows: readonly (readonly [name: string, value: string])[] = [
    ["key", project.key],
    ["name", project.name],
    ["mode", modeText(project)],
    ["state", stateText(project)],
    ["version", `${project.version}`],
    ["created", project.createdAt ? timestampDate(project.createdAt).toISOString() : ""],
    ["customer groups", ofLimit(project.customerGroupCount, limits?.customerGroups)],
    ["customers", ofLimit(project.customerCount, limits?.customers)],
    ["custom types", ofLimit(project.customTypeCount, limits?.customTypes)],
    ["concurrent calls", callLimit(limits?.concurrentCalls)],
    ["calls per second", callLimit(limits?.callsPerSecond)],
    ...(deletion ? [["rows deleted", grouped(Number(deletion.deletedRowCount))] as const] : []),
  ];
  return rows.map(([name, value]) => `${name.padEnd(18)}${value}`).join("\n");
}

/** Many projects as a table. */
export function projectTable(projects: readonly Project[]): string {
  const rows = [
    ["KEY", "MODE", "STATE", "GROUPS", "CUSTOMERS", "TYPES", "NAME"],
    ...projects.map((project) => [
      project.key,
      modeText(project),
      stateText(project),
      grouped(project.customerGroupCount),
      grouped(project.customerCount),
      grouped(project.customTypeCount),
      project.name,
    ]),
  ];
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows
    .map((row) =>
      row
        .map((cell, column) => align(cell, widths[column] ?? 0, column))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

export function grouped(count: number): string {
  return count.toLocaleString("en");
}

const NUMBERS: readonly number[] = [3, 4, 5];

function align(cell: string, width: number, column: number): string {
  return NUMBERS.includes(column) ? cell.padStart(width) : cell.padEnd(width);
}

function modeText({ mode }: Project): string {
  return mode === Mode.LIVE ? "live" : "test";
}

function stateText({ state }: Project): string {
  switch (state) {
    case ProjectState.DELETING:
      return "being deleted";
    case ProjectState.DELETED:
      return "deleted";
    default:
      return "active";
  }
}

function ofLimit(count: number, limit: number | undefined): string {
  return `${grouped(count)} of ${grouped(limit ?? 0)}`;
}

function callLimit(limit: number | undefined): string {
  if (limit === undefined) return "as the service is set";
  return limit === 0 ? "no limit" : `at most ${grouped(limit)}`;
}

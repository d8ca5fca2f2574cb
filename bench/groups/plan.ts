import { type LoadShape, loadText } from "../call.ts";
import { fullestOf } from "../load-process.ts";
import { type ContestantName, MEMORY_NAMES, SIDE_NAMES } from "./contestants.ts";
import type { GroupBenchOptions } from "./options.ts";
import type { WorkloadName } from "./workloads.ts";

export type GroupCase = {
  readonly workload: WorkloadName;
  readonly load: LoadShape;
  /** Over how many projects the calls are spread, and how many groups there are. */
  readonly projects: number;
  readonly rows: number;
};

/** The others tell little more at another load, or spread over projects, than these do. */
const EVERYWHERE: readonly WorkloadName[] = ["get-by-id", "query-page", "create", "update"];
/** What a quick run tells of with more than the fullest load. */
const QUICK: readonly WorkloadName[] = ["get-by-id", "create", "update"];

/**
 * What is measured with so many groups. One project and the first number of groups meet every load; all else
 * only the fullest, and only what says something there.
 */
export function planCases(options: GroupBenchOptions, rows: number): GroupCase[] {
  const { workloads, loads, rows: allRows } = options;
  const fullest = fullestOf(loads);
  return projectsFor(options, rows).flatMap((projects) =>
    workloads.flatMap((workload) => {
      const isOnlyHere = projects === 1 && rows === allRows[0];
      if (!isOnlyHere && !EVERYWHERE.includes(workload)) return [];
      if (projects > 1 && options.quick && !QUICK.includes(workload)) return [];
      return loads
        .filter((load) => load === fullest || (isOnlyHere && meets(workload, load, options)))
        .map((load) => ({ workload, load, projects, rows }));
    }),
  );
}

/** Whether one project is called so with a load that is not the fullest. */
function meets(workload: WorkloadName, load: LoadShape, { loads, quick }: GroupBenchOptions): boolean {
  if (!quick) return EVERYWHERE.includes(workload) || workload === "query-page-500";
  return workload === "get-by-id" || (load === loads[0] && QUICK.includes(workload));
}

/** Over how many projects so many groups are spread: more than the first number of groups, over the first only. */
export function projectsFor({ projects, rows: allRows }: GroupBenchOptions, rows: number): readonly number[] {
  return rows === allRows[0] ? projects : projects.slice(0, 1);
}

/** Who takes part with so many groups: with more than the first number, no one whose groups are few or who is there for a comparison on the side. */
export function namesFor(
  { contestants, rows: allRows }: GroupBenchOptions,
  rows: number,
): readonly ContestantName[] {
  if (rows === allRows[0]) return contestants;
  return contestants.filter((name) => !MEMORY_NAMES.includes(name) && !SIDE_NAMES.includes(name));
}

export function caseText({ workload, load, projects, rows }: GroupCase): string {
  const where = projects === 1 ? "one project" : `${projects} projects`;
  return `${workload} ${loadText(load)}, ${where}, ${rows.toLocaleString("en")} groups`;
}

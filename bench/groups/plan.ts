import { type LoadShape, loadText } from "../call.ts";
import { fullestOf } from "../load-process.ts";
import type { GroupBenchOptions } from "./options.ts";
import type { WorkloadName } from "./workloads.ts";

export type GroupCase = {
  readonly workload: WorkloadName;
  readonly load: LoadShape;
  /** Over how many projects the calls are spread, and how many groups there are. */
  readonly projects: number;
  readonly rows: number;
};

/**
 * What is measured with so many groups. One project and the first number of groups meet every load; all else
 * only the fullest, and what the targets are about.
 */
export function planCases(
  { workloads, loads, projects, rows: allRows, quick }: GroupBenchOptions,
  rows: number,
): GroupCase[] {
  const isFirst = rows === allRows[0];
  const fullest = fullestOf(loads);
  return projects.flatMap((count) =>
    workloads.flatMap((workload) =>
      loads
        .filter((load) => {
          if (count > 1) {
            // There are too few for such a page in each.
            if (workload === "query-page-500") return false;
            return load === fullest && ((isFirst && !quick) || isTarget(workload));
          }
          if (load === fullest) return true;
          return isFirst && (!quick || workload === "get-by-id" || (load === loads[0] && isTarget(workload)));
        })
        .map((load) => ({ workload, load, projects: count, rows })),
    ),
  );
}

export function caseText({ workload, load, projects, rows }: GroupCase): string {
  const where = projects === 1 ? "one project" : `${projects} projects`;
  return `${workload} ${loadText(load)}, ${where}, ${rows.toLocaleString("en")} groups`;
}

function isTarget(workload: WorkloadName): boolean {
  return workload === "get-by-id" || workload === "create" || workload === "update";
}

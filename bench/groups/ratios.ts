import { loadText } from "../call.ts";
import { compare } from "../compare.ts";
import type { Window } from "../measure.ts";
import { comparisonText } from "../report.ts";
import type { ContestantName } from "./contestants.ts";
import type { GroupCaseResult } from "./field.ts";
import { SPREAD } from "./seed.ts";
import { type TargetResult, verdictOf } from "./verdict.ts";
import type { WorkloadName } from "./workloads.ts";

/** What contestants are to reach in proportion to each other. */
export function judgeRatios(cases: readonly GroupCaseResult[]): TargetResult[] {
  return RATIOS.map((ratio) => judgeRatio(ratio, cases));
}

/** The first contestant's figure in proportion to the second's, in one project unless it says otherwise. */
type Ratio = {
  readonly workload: WorkloadName;
  readonly load: string;
  readonly projects?: number;
  readonly first?: ContestantName;
  readonly second: ContestantName;
  readonly figure: keyof typeof FIGURES;
  readonly least?: number;
  readonly most?: number;
};

const FIGURES = {
  "calls/s": ({ callsPerSecond }: Window) => callsPerSecond,
  p50: ({ p50 }: Window) => p50,
  "PostgreSQL CPU": ({ postgresCpuUs }: Window) => postgresCpuUs,
  "server CPU": ({ serverCpuUs }: Window) => serverCpuUs,
} as const;

const rate = (
  workload: WorkloadName,
  load: string,
  second: ContestantName,
  least: number,
  projects = 1,
): Ratio => ({ workload, load, second, least, projects, figure: "calls/s" });

const RATIOS: readonly Ratio[] = [
  rate("get-by-id", "4x64", "grpc-pg", 2.5),
  rate("get-by-id", "4x64", "connect-postgres", 5),
  rate("get-by-id", "1x16", "grpc-pg", 1.8),
  { workload: "get-by-id", load: "1x1", second: "grpc-pg", figure: "p50", most: 1 },
  { workload: "get-by-id", load: "4x64", second: "grpc-pg", figure: "PostgreSQL CPU", most: 0.3 },
  rate("get-by-id", "4x64", "pgbench", 0.3),
  rate("update", "4x64", "grpc-pg", 3),
  rate("update", "4x64", "grpc-pg", 4, SPREAD),
  rate("update", "1x1", "grpc-pg", 1),
  rate("create", "4x64", "grpc-pg", 3),
  rate("create", "4x64", "grpc-pg", 4, SPREAD),
  rate("create", "1x1", "grpc-pg", 1),
  rate("query-page", "4x64", "grpc-pg", 1.5),
  rate("query-page-500", "4x64", "grpc-pg", 1.4),
  {
    workload: "get-by-id",
    load: "4x64",
    first: "ours-memory",
    second: "floor",
    figure: "server CPU",
    most: 2.5,
  },
  { ...rate("get-by-id", "4x64", "grpc-memory", 1.2), first: "ours-memory" },
];

function judgeRatio(
  { workload, load, projects = 1, first = "ours", second, figure, least, most }: Ratio,
  cases: readonly GroupCaseResult[],
): TargetResult {
  const where = projects === 1 ? "" : `, ${projects} projects`;
  const found = cases.find(
    (one) => one.workload === workload && loadText(one.load) === load && one.projects === projects,
  );
  const comparison = found && compare(found, first, second, FIGURES[figure]);
  const isMet =
    comparison !== undefined &&
    comparison.median >= (least ?? 0) &&
    comparison.median <= (most ?? Number.POSITIVE_INFINITY);
  return {
    what: `${workload} ${load}${where}: ${figure}, ${first} : ${second}`,
    bound: least === undefined ? `at most ${most}` : `at least ${least}`,
    measured: comparison ? comparisonText(comparison) : "not measured",
    verdict: comparison?.isConclusive ? verdictOf(isMet) : "inconclusive",
  };
}

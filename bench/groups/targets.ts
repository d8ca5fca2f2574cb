import { comparisonText, fixed } from "../report.ts";
import { neighbourNames } from "./neighbour.ts";
import { type NeighboursResult, p99ToAlone } from "./neighbours.ts";
import { judgeRatios } from "./ratios.ts";
import type { GroupBenchResult } from "./report.ts";
import type { SoakResult } from "./soak.ts";
import { type TargetResult, verdictOf } from "./verdict.ts";

/** Of the cases with the first number of groups. */
export function judge({
  cases,
  neighbours,
  soak,
}: Pick<GroupBenchResult, "cases" | "neighbours" | "soak">): TargetResult[] {
  const [first] = cases;
  return [
    ...judgeRatios(cases.filter(({ rows }) => rows === first?.rows)),
    ...neighbours.filter(({ name }) => name === "ours").flatMap(judgeNeighbours),
    ...(soak ? judgeSoak(soak) : []),
  ];
}

function judgeNeighbours(result: NeighboursResult): TargetResult[] {
  return neighbourNames
    .filter((neighbour) => neighbour !== "alone")
    .map((neighbour) => {
      const comparison = p99ToAlone(result, neighbour);
      const isMet = comparison !== undefined && comparison.median <= MOST_P99_TO_ALONE;
      return {
        what: `get-by-id beside ${neighbour}: p99, with : alone`,
        bound: `at most ${MOST_P99_TO_ALONE}`,
        measured: comparisonText(comparison),
        verdict: comparison?.isConclusive ? verdictOf(isMet) : "inconclusive",
      };
    });
}

const MOST_P99_TO_ALONE = 2;

function judgeSoak(soak: SoakResult): TargetResult[] {
  const { windows, windowMs, lastToFirst, firstCalls, lastCalls, firstRssBytes, lastRssBytes } = soak;
  const seconds = windowMs / 1000;
  const growth = lastRssBytes / firstRssBytes;
  return [
    {
      what: `soak of ${windows * seconds} s: calls/s, last ${seconds} s : first ${seconds} s`,
      bound: "at least 0.95",
      measured: fixed(lastToFirst, 2),
      verdict: soak.isConclusive ? verdictOf(lastToFirst >= 0.95) : "inconclusive",
    },
    {
      what: `memory after ${fixed(lastCalls, 0)} calls : after ${fixed(firstCalls, 0)}`,
      bound: "at most 1.1",
      measured: fixed(growth, 2),
      verdict: verdictOf(growth <= 1.1),
    },
  ];
}

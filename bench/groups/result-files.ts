import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { retryText } from "../report.ts";
import { contestantNames, descriptions } from "./contestants.ts";
import type { GroupBenchOptions } from "./options.ts";
import { caseText } from "./plan.ts";
import { type Plot, plotsOf } from "./plots.ts";
import { factLines, type GroupBenchResult, neighboursText, toJsonText } from "./report.ts";
import {
  CASE_HEADER,
  caseRows,
  NEIGHBOUR_HEADER,
  neighbourRows,
  OPEN_LOOP_HEADER,
  openLoopRows,
} from "./rows.ts";
import { judge } from "./targets.ts";

/** Writes RESULTS.md, results.json and the plots into `bench`, where they are asked for. */
export function writeResults(result: GroupBenchResult, { results }: GroupBenchOptions): void {
  if (!results) return;
  const plots = plotsOf(result);
  rmSync(PLOTS, { recursive: true, force: true });
  mkdirSync(PLOTS);
  for (const { file, svg } of plots) writeFileSync(path.join(PLOTS, file), svg);
  writeFileSync(path.join(BENCH, "results.json"), toJsonText(result));
  writeFileSync(path.join(BENCH, "RESULTS.md"), toMarkdown(result, plots));
}

const BENCH = path.join(import.meta.dirname, "..");
const PLOTS = path.join(BENCH, "plots");

function toMarkdown(result: GroupBenchResult, plots: readonly Plot[]): string {
  const { environment, options, cases, openLoops, neighbours } = result;
  const targets = judge(result).map(({ what, bound, measured, verdict }) => [
    what,
    bound,
    measured,
    verdict === "met" ? verdict : `**${verdict}**`,
  ]);
  const took = contestantNames.filter((name) => cases.some(({ windows }) => windows[name]));
  return [
    "# Results",
    "",
    "Written by `npm run bench -- --results`, which repeats them: `npm ci` first, on a machine that does nothing else.",
    "`results.json` holds every window. How to read it all is in the [README](README.md).",
    ...(options.quick ? ["", "**A quick run: it shows that the bench works, and decides nothing.**"] : []),
    "",
    "## Targets",
    "",
    ...markdownTable([["what", "is to be", "is", ""], ...targets], 4),
    "",
    "## What else was measured",
    "",
    ...factLines(result)
      .filter((line) => line !== "")
      .map((line) => `- ${line}`),
    "",
    ...plots.map(({ file, title }) => `![${title}](plots/${file})`),
    "",
    // Written by hand: what a profile says has to be understood first.
    readFileSync(path.join(BENCH, "PROFILES.md"), "utf8").replaceAll(/^#/gm, "##"),
    "## Who took part",
    "",
    ...markdownTable([["contestant", "is"], ...took.map((name) => [name, descriptions[name]])], 2),
    "",
    "## Windows",
    "",
    "Medians of the clean windows; of all, and inconclusive, where too few are. CPU in microseconds a call. `ours : it` is the median of the ratios of windows side by side, and their range.",
    ...cases.flatMap((one) => [
      "",
      `### ${caseText(one)}`,
      "",
      ...markdownTable([CASE_HEADER, ...caseRows(one)], 1),
    ]),
    "",
    "## An open loop at half of what each reached",
    "",
    "Latencies from the intended start of each call, at the fullest load's connections and streams.",
    "",
    ...markdownTable([OPEN_LOOP_HEADER, ...openLoopRows(openLoops)], 2),
    "",
    "## Gets beside neighbours",
    "",
    `${neighboursText(neighbours)}.`,
    "",
    ...markdownTable([NEIGHBOUR_HEADER, ...neighbourRows(neighbours)], 2),
    "",
    retryText(cases),
    "## Machine and settings",
    "",
    "```json",
    JSON.stringify({ ...environment, options: { ...options, jsonFile: undefined } }, undefined, 2),
    "```",
    "",
  ].join("\n");
}

/** The columns from `firstNumber` on hold numbers. */
function markdownTable(rows: readonly (readonly string[])[], firstNumber: number): string[] {
  const [header = [], ...rest] = rows;
  const rule = header.map((_, column) => (column < firstNumber ? "---" : "--:"));
  return [header, rule, ...rest].map((cells) => `| ${cells.join(" | ")} |`);
}

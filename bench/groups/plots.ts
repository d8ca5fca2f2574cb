import { loadText } from "../call.ts";
import { medianIn, usableWindows } from "../compare.ts";
import { medianOf } from "../statistics.ts";
import { type Bars, barChart } from "../svg.ts";
import { type ContestantName, contestantNames } from "./contestants.ts";
import type { GroupCaseResult } from "./field.ts";
import { neighbourNames } from "./neighbour.ts";
import type { NeighboursResult } from "./neighbours.ts";
import type { GroupBenchResult } from "./report.ts";
import { namesIn } from "./rows.ts";
import { workloadNames } from "./workloads.ts";

export type Plot = { readonly file: string; readonly title: string; readonly svg: string };

/** Calls per second of each workload; CPU of a Get; Gets beside neighbours; the soak. */
export function plotsOf({ cases, neighbours, soak }: GroupBenchResult): Plot[] {
  const rates = workloadNames.flatMap((workload) => {
    const own = cases.filter((one) => one.workload === workload);
    if (own.length === 0) return [];
    const title = `${workload}: calls/s, median of the windows and their range`;
    return [{ file: `${workload}.svg`, title, svg: barChart(title, own.map(rateBars)) }];
  });
  const gets = cases.filter(({ workload }) => workload === "get-by-id");
  const title = "get-by-id: CPU of server and PostgreSQL, microseconds a call";
  const cpu = { file: "get-by-id-cpu.svg", title, svg: barChart(title, gets.map(cpuBars)) };
  return [
    ...rates,
    ...(gets.length > 0 ? [cpu] : []),
    ...(neighbours.length > 0 ? [neighboursPlot(neighbours)] : []),
    ...(soak ? [soakPlot(soak.measured)] : []),
  ];
}

const COLOURS = [
  "#0b6e4f",
  "#6bbf59",
  "#b5c99a",
  "#c84c09",
  "#8d5a97",
  "#08a4bd",
  "#e0a458",
  "#8a8a8a",
  "#2d3047",
];

function rateBars(one: GroupCaseResult): Bars {
  return {
    label: labelOf(one),
    bars: namesIn(one).map((name) => {
      const values = usableWindows(one, name).map(({ callsPerSecond }) => callsPerSecond);
      const value = medianIn(one, name, ({ callsPerSecond }) => callsPerSecond);
      return { name, colour: colourOf(name), value, least: Math.min(...values), most: Math.max(...values) };
    }),
  };
}

function cpuBars(one: GroupCaseResult): Bars {
  return {
    label: labelOf(one),
    bars: namesIn(one).flatMap((name) => {
      if (name === "pgbench") return [];
      const value = medianIn(one, name, ({ serverCpuUs, postgresCpuUs = 0 }) => serverCpuUs + postgresCpuUs);
      return [{ name, colour: colourOf(name), value, least: value, most: value }];
    }),
  };
}

function neighboursPlot(results: readonly NeighboursResult[]): Plot {
  const title = "Gets beside neighbours: p99 in microseconds, median of the windows and their range";
  const groups = results.map((result) => ({
    label: result.name,
    bars: neighbourNames.map((neighbour) => {
      const values = usableWindows(result, neighbour).map(({ p99 }) => p99 * 1000);
      return {
        name: neighbour,
        colour: colourOf(result.name),
        value: medianOf(values),
        least: Math.min(...values),
        most: Math.max(...values),
      };
    }),
  }));
  return { file: "neighbours.svg", title, svg: barChart(title, groups) };
}

function soakPlot(measured: readonly { readonly callsPerSecond: number }[]): Plot {
  const title = "Soak of the mix: calls/s of ours, window by window";
  const bars = measured.map(({ callsPerSecond: value }, index) => ({
    name: `${index + 1}`,
    colour: colourOf("ours"),
    value,
    least: value,
    most: value,
  }));
  return { file: "soak.svg", title, svg: barChart(title, [{ label: "", bars }]) };
}

function labelOf({ load, projects, rows }: GroupCaseResult): string {
  return `${loadText(load)}, ${projects === 1 ? "one project" : `${projects} projects`}, ${rows.toLocaleString("en")} groups`;
}

function colourOf(name: ContestantName): string {
  return COLOURS[contestantNames.indexOf(name)] ?? "#000";
}

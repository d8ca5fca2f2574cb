import { type CaseResult, measureCase } from "../case.ts";
import type { Contestant } from "../contestants/contestant.ts";
import type { BenchDatabase } from "../database.ts";
import { type Load, warmUp } from "../load-process.ts";
import { type CleanUp, progress } from "../run.ts";
import {
  type ContestantName,
  type FieldOptions,
  openContestant,
  takesPart,
  targetOf,
} from "./contestants.ts";
import type { GroupBenchOptions } from "./options.ts";
import { caseText, type GroupCase, planCases } from "./plan.ts";
import { seededGroups, seedGroups, seedProjects } from "./seed.ts";
import type { WorkloadName } from "./workloads.ts";

export type GroupCaseResult = GroupCase & CaseResult<ContestantName, WorkloadName>;

/** Makes the database that those of all contestants are copies of; its name. */
export async function seedDatabase(
  database: BenchDatabase,
  rows: number,
  projects: readonly number[],
): Promise<string> {
  const name = `seed-${rows}`;
  await database.createDatabase(name);
  await database.withSession(name, async (sql) => {
    for (const count of projects) {
      const { projects: keys, rows: each, createProjects } = seededGroups(rows, count);
      await seedProjects(sql, [...keys, ...createProjects]);
      await seedGroups(sql, keys, each);
    }
  });
  await database.analyze(name);
  return name;
}

/** Starts all who take part, with the same groups. */
export async function openField(
  database: BenchDatabase,
  load: Load,
  seed: string,
  options: FieldOptions,
  cleanUps: CleanUp[],
): Promise<Contestant<ContestantName>[]> {
  const contestants: Contestant<ContestantName>[] = [];
  for (const name of options.names) {
    progress(`starting ${name}, ${options.rows.toLocaleString("en")} groups`);
    const contestant = await openContestant(name, database, load, seed, options);
    if (!contestant) progress(`${name} is not found: it doesn't take part`);
    else {
      cleanUps.push(contestant.stop);
      contestants.push(contestant);
    }
  }
  return contestants;
}

export async function measureField(
  load: Load,
  contestants: readonly Contestant<ContestantName>[],
  database: BenchDatabase,
  rows: number,
  options: GroupBenchOptions,
): Promise<GroupCaseResult[]> {
  const cases = planCases(options, rows);
  progress("warming up");
  for (const { name, callItself } of contestants) {
    if (callItself) continue;
    for (const projects of new Set(cases.map((one) => one.projects))) {
      const workloads = options.workloads.filter(
        (workload) =>
          takesPart(name, workload, projects) &&
          cases.some((one) => one.workload === workload && one.projects === projects),
      );
      const loads = options.loads.filter((shape) =>
        cases.some((one) => one.projects === projects && one.load === shape),
      );
      await warmUp(load, [targetOf(name, projects)], { ...options, workloads, loads });
    }
  }
  const results: GroupCaseResult[] = [];
  for (const one of cases) {
    progress(caseText(one));
    const takers = contestants.filter(({ name }) => takesPart(name, one.workload, one.projects));
    const target = (name: string) => targetOf(name, one.projects);
    const result = await measureCase(load, takers, database, { ...one, target }, options);
    results.push({ ...one, ...result });
  }
  return results;
}

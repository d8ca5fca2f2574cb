import path from "node:path";
import { type Contestant, contestantNames, startContestant } from "../contestants/contestant.ts";
import { openBenchDatabase } from "../database.ts";
import { describeEnvironment } from "../environment.ts";
import { measureCase, startLoad, warmUp } from "../measure.ts";
import { type CleanUp, progress, runBench } from "../run.ts";
import { measureMemory } from "./memory.ts";
import { type GroupBenchOptions, parseOptions, USAGE } from "./options.ts";
import { type GroupBenchResult, toJsonText, toText } from "./report.ts";
import { measureStartUps } from "./start-up.ts";

await runBench({ usage: USAGE, parse: parseOptions, measure, toText, toJsonText });

async function measure(
  options: GroupBenchOptions,
  folder: string,
  cleanUps: CleanUp[],
): Promise<GroupBenchResult> {
  const databaseUrl = process.env.DATABASE_URL || undefined;
  progress("starting PostgreSQL");
  const database = await openBenchDatabase(databaseUrl, path.join(folder, "postgres"));
  cleanUps.push(database.close);

  progress("starting ours, again and again");
  const ownDatabase: Record<string, string> =
    databaseUrl === undefined
      ? { CLIENTELE_DATA_DIR: path.join(folder, "start-up") }
      : { DATABASE_URL: await database.createDatabase("start-up") };
  const startUps = await measureStartUps(ownDatabase, options.startUps);

  const load = startLoad();
  cleanUps.push(load.stop);
  const contestants: Contestant[] = [];
  for (const name of contestantNames) {
    progress(`starting and filling ${name}`);
    const profile =
      name === "ours" && options.profileDir !== undefined
        ? ["--cpu-prof", `--cpu-prof-dir=${path.resolve(options.profileDir)}`]
        : [];
    const contestant = await startContestant(name, await database.createDatabase(name), profile);
    cleanUps.push(contestant.stop);
    contestants.push(contestant);
    await load.order({ do: "prepare", target: name, port: contestant.port });
    await database.analyze(name);
  }
  const rssBytes = await measureMemory(load, contestants);

  progress("warming up");
  await warmUp(load, contestants, options);
  const cases = [];
  for (const workload of options.workloads) {
    for (const callers of options.callers) {
      progress(`${workload}, ${callers} callers`);
      cases.push(await measureCase(load, contestants, database, { workload, callers }, options));
    }
  }
  return { environment: describeEnvironment(database.settings), options, cases, startUps, rssBytes };
}

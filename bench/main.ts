import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { type Contestant, contestantNames, startContestant } from "./contestants/contestant.ts";
import { openBenchDatabase } from "./database.ts";
import { describeEnvironment } from "./environment.ts";
import { measureCase, startLoad, warmUp } from "./measure.ts";
import { measureMemory } from "./memory.ts";
import { type BenchOptions, parseOptions, USAGE } from "./options.ts";
import { type BenchResult, toJsonText, toText } from "./report.ts";
import { measureStartUps } from "./start-up.ts";

let options: BenchOptions | undefined;
try {
  options = parseOptions(process.argv.slice(2));
} catch (error) {
  console.error(`${error instanceof Error ? error.message : error}\n${USAGE}`);
  process.exitCode = 2;
}
if (options) await bench(options);

async function bench(options: BenchOptions): Promise<void> {
  // Beside the sources rather than in a temporary folder, which may be memory: writes are to reach a disk.
  const folder = path.join(import.meta.dirname, `data-${process.pid}`);
  mkdirSync(folder);
  const cleanUps: CleanUp[] = [() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 })];
  const interrupted = new Promise<never>((_, reject) => {
    process.once("SIGINT", () => reject(new Error("interrupted")));
  });
  try {
    const result = await Promise.race([measure(options, folder, cleanUps), interrupted]);
    process.stdout.write(toText(result));
    if (options.jsonFile !== undefined) writeFileSync(options.jsonFile, toJsonText(result));
  } catch (error) {
    console.error(error);
    process.exitCode = 1;
  }
  for (const cleanUp of cleanUps.toReversed()) {
    // What can't be ended, or has ended with Ctrl-C already, keeps nothing else from being ended.
    try {
      await cleanUp();
    } catch (error) {
      console.error(error);
    }
  }
  // An interrupted run may still be starting something; it ends with this process.
  if (process.exitCode === 1) process.exit();
}

/** Ends something; they are called last first. */
type CleanUp = () => Promise<void> | void;

async function measure(options: BenchOptions, folder: string, cleanUps: CleanUp[]): Promise<BenchResult> {
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

function progress(text: string): void {
  console.error(`bench: ${text}`);
}

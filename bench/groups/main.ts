import path from "node:path";
import { openBenchDatabase } from "../database.ts";
import { describeEnvironment } from "../environment.ts";
import { startLoad } from "../load-process.ts";
import { type CleanUp, progress, runBench } from "../run.ts";
import { type GroupCaseResult, measureField, openField, seedDatabase } from "./field.ts";
import { type Further, measureFurther } from "./further.ts";
import { type GroupBenchOptions, parseOptions, USAGE } from "./options.ts";
import { namesFor, projectsFor } from "./plan.ts";
import { choosePoolSize, type PoolChoice } from "./pool-size.ts";
import { type GroupBenchResult, toJsonText, toText } from "./report.ts";
import { writeResults } from "./result-files.ts";
import { measureStartUps } from "./start-up.ts";

await runBench({ usage: USAGE, parse: parseOptions, measure, toText, toJsonText, write: writeResults });

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
  const cases: GroupCaseResult[] = [];
  let pool: PoolChoice | undefined;
  let further: Further | undefined;
  for (const rows of options.rows) {
    progress(`seeding ${rows.toLocaleString("en")} groups`);
    const projects = projectsFor(options, rows);
    const seed = await seedDatabase(database, rows, projects);
    if (!pool) progress("choosing the pool size of grpc-pg");
    pool ??= await choosePoolSize(load, database, seed, options);
    const names = namesFor(options, rows);
    const field = { ...options, projects, names, rows, poolSize: pool.size };
    const contestants = await openField(database, load, seed, field, cleanUps);
    const measured = await measureField(load, contestants, database, rows, options);
    cases.push(...measured);
    further ??= await measureFurther({ load, database, contestants, measured, rows }, options, cleanUps);
    for (const { name, stop } of contestants) {
      await stop();
      await database.dropDatabase(name);
    }
    await database.dropDatabase(seed);
  }
  if (!pool || !further) throw new Error("unreachable: there is a number of groups");
  const environment = describeEnvironment(database.settings);
  return { environment, options, pool, cases, ...further, startUps };
}

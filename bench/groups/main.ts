import path from "node:path";
import { openBenchDatabase } from "../database.ts";
import { describeEnvironment } from "../environment.ts";
import { fullestOf, startLoad } from "../load-process.ts";
import { type CleanUp, progress, runBench } from "../run.ts";
import { type GroupCaseResult, measureField, openField, seedDatabase } from "./field.ts";
import { checkWithH2load, type H2LoadResult } from "./h2load.ts";
import { measureOpenLoops, type OpenLoopResult } from "./open-loop.ts";
import { type GroupBenchOptions, parseOptions, USAGE } from "./options.ts";
import { namesFor, projectsFor } from "./plan.ts";
import { choosePoolSize, type PoolChoice } from "./pool-size.ts";
import { type GroupBenchResult, toJsonText, toText } from "./report.ts";
import { writeResults } from "./result-files.ts";
import { measureSoak, type SoakResult } from "./soak.ts";
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
  const shape = fullestOf(options.loads);
  const cases: GroupCaseResult[] = [];
  let pool: PoolChoice | undefined;
  let openLoops: readonly OpenLoopResult[] = [];
  let soak: SoakResult | undefined;
  let h2load: H2LoadResult | undefined;
  for (const rows of options.rows) {
    const isFirst = pool === undefined;
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
    const [ours] = contestants;
    if (isFirst && ours) {
      progress("an open loop");
      const inOneProject = measured.filter(({ projects }) => projects === 1);
      openLoops = await measureOpenLoops(
        load,
        contestants,
        database,
        inOneProject,
        shape,
        options.openLoopMs,
      );
      progress("the soak");
      if (options.projects.includes(1)) soak = await measureSoak(load, ours, database, shape, options.soak);
      h2load = await checkWithH2load(contestants, shape, Math.ceil(options.windowMs / 1000));
    }
    for (const { name, stop } of contestants) {
      await stop();
      await database.dropDatabase(name);
    }
    await database.dropDatabase(seed);
  }
  if (!pool) throw new Error("unreachable: there is a number of groups");
  const environment = describeEnvironment(database.settings);
  return { environment, options, pool, cases, openLoops, soak, h2load, startUps };
}

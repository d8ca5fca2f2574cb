import path from "node:path";
import { loadText } from "../call.ts";
import { measureCase } from "../case.ts";
import { runChild } from "../child.ts";
import { type Contestant, startContestant } from "../contestants/contestant.ts";
import { openBenchDatabase } from "../database.ts";
import { describeEnvironment } from "../environment.ts";
import { startLoad, warmUp } from "../load-process.ts";
import { READ_PROJECT } from "../projects.ts";
import { type CleanUp, progress, runBench } from "../run.ts";
import { type CustomerBenchOptions, parseOptions, SMALL_SIZE, USAGE } from "./options.ts";
import { readSample } from "./read-sample.ts";
import { type CustomerBenchResult, type SizeName, sizeNames, toJsonText, toText } from "./report.ts";

/** Before each workload. */
const WARM_UP_CALLS = 4000;

await runBench({ usage: USAGE, parse: parseOptions, measure, toText, toJsonText });

async function measure(
  options: CustomerBenchOptions,
  folder: string,
  cleanUps: CleanUp[],
): Promise<CustomerBenchResult> {
  progress("starting PostgreSQL");
  const database = await openBenchDatabase(
    process.env.DATABASE_URL || undefined,
    path.join(folder, "postgres"),
  );
  cleanUps.push(database.close);
  const load = startLoad();
  cleanUps.push(load.stop);

  const sizes: Readonly<Record<SizeName, number>> = { small: SMALL_SIZE, large: options.size };
  const seedSeconds = { small: 0, large: 0 };
  const contestants: Contestant<SizeName>[] = [];
  for (const name of sizeNames) {
    progress(`seeding ${sizes[name].toLocaleString("en")} customers`);
    const url = await database.createDatabase(name);
    seedSeconds[name] = await seed(url, sizes[name]);
    await database.analyze(name);
    const customers = await database.withSession(name, (sql) => readSample(sql, sizes[name]));

    const contestant = { ...(await startContestant("ours", url)), name };
    cleanUps.push(contestant.stop);
    contestants.push(contestant);
    await load.order({ do: "prepare", target: name, port: contestant.port, customers });
  }

  const cases = [];
  for (const workload of options.workloads) {
    // One after the other, so that no creation comes before the pages are measured.
    progress(`warming up ${workload}`);
    await warmUp(load, sizeNames, { ...options, warmUpCalls: WARM_UP_CALLS, workloads: [workload] });
    for (const shape of options.loads) {
      progress(`${workload}, ${loadText(shape)}`);
      cases.push(await measureCase(load, contestants, database, { workload, load: shape }, options));
    }
  }
  return { environment: describeEnvironment(database.settings), options, seedSeconds, cases };
}

/** @returns how many seconds the command took, from start to end. */
async function seed(databaseUrl: string, customers: number): Promise<number> {
  const begin = performance.now();
  await runChild("src/main.ts", {
    args: ["seed", "--customers", `${customers}`, "--project", READ_PROJECT],
    env: { DATABASE_URL: databaseUrl, CLIENTELE_PROJECTS: READ_PROJECT },
  });
  return (performance.now() - begin) / 1000;
}

import { parseArgs } from "node:util";
import { type Env, toConfig } from "../config.ts";
import { openConnection } from "../db/connection.ts";
import { openLanes } from "../db/lanes.ts";
import { openReads } from "../db/reads.ts";
import { Failure } from "../failure.ts";
import { prepareDatabase } from "../prepare-database.ts";
import { openProjects } from "../projects/projects.ts";
import { seedCustomers } from "../seed/seed.ts";
import { startDatabase } from "./database.ts";
import { openLogOf } from "./operator-log.ts";
import { inWordsFor, StartUpError } from "./start-up-error.ts";

const STATEMENT_MS = 60_000;
const MAX_CUSTOMERS = 10_000_000;

/** Fills a project with people who don't exist, for trying the service under load. The service need not run. */
export async function seedCommand(env: Env, args: readonly string[]): Promise<number> {
  const { customers, project: projectKey } = parseOptions(args);
  const config = toConfig({ CLIENTELE_LOG_LEVEL: "warn", ...env });
  const log = openLogOf(config);
  const database = await startDatabase(config, log);
  const connection = openConnection(database.address, STATEMENT_MS);
  const lanes = openLanes(database.address, {
    connections: 1,
    statementTimeoutMs: STATEMENT_MS,
    maxWaitMs: 1000,
    maxWaiting: 10,
  });
  try {
    await prepareDatabase(database.address, config.projects, log).catch(inWordsFor(config));
    const project = await openProjects(openReads(lanes, lanes, STATEMENT_MS))
      .require(projectKey)
      .catch(inSeedWords);
    const begin = performance.now();
    const made = await seedCustomers(connection, project, customers, progressBar(customers, begin));
    const seconds = (performance.now() - begin) / 1000;
    console.log(
      JSON.stringify({ project: projectKey, customers, made, seconds: Math.round(seconds * 10) / 10 }),
    );
    return 0;
  } finally {
    await Promise.all([connection.close(), lanes.close()]);
    await database.stop();
  }
}

/** @throws StartUpError that says what is wrong. */
function parseOptions(args: readonly string[]): { readonly customers: number; readonly project: string } {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { customers: { type: "string" }, project: { type: "string", default: "demo" } },
    });
    const customers = Number(values.customers);
    if (Number.isInteger(customers) && customers >= 1 && customers <= MAX_CUSTOMERS) {
      return { customers, project: values.project };
    }
    throw new Error(`--customers must be a whole number from 1 to ${MAX_CUSTOMERS}`);
  } catch (error) {
    throw new StartUpError(`${(error as Error).message}: npm run seed -- --customers 1000 [--project demo]`, {
      cause: error,
    });
  }
}

function inSeedWords(error: unknown): never {
  throw error instanceof Failure
    ? new StartUpError(`${error.rawMessage}: make it with CLIENTELE_PROJECTS`)
    : error;
}

/** One line that is written over on a terminal; elsewhere a line every five seconds. */
function progressBar(total: number, begin: number): (done: number) => void {
  let [writtenAt, from] = [0, -1];
  return (done) => {
    if (from < 0) from = done;
    const now = performance.now();
    const isLast = done === total;
    if (!isLast && now - writtenAt < (process.stderr.isTTY ? 100 : 5000)) return;
    writtenAt = now;
    const perSecond = ((done - from) * 1000) / Math.max(1, now - begin);
    const left = perSecond > 0 ? `, ${Math.ceil((total - done) / perSecond)} s left` : "";
    const bar = "█".repeat(Math.floor((done / total) * WIDTH)).padEnd(WIDTH, "░");
    const line = `${bar} ${done.toLocaleString("en")} of ${total.toLocaleString("en")} customers, ${Math.round(perSecond).toLocaleString("en")}/s${left}`;
    process.stderr.write(process.stderr.isTTY ? `\r${line}\u001b[K${isLast ? "\n" : ""}` : `${line}\n`);
  };
}

const WIDTH = 30;

import path from "node:path";
import { createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { ProjectService } from "../../gen/clientele/v1/project_service_pb.ts";
import { startChild } from "../child.ts";
import { startContestant } from "../contestants/contestant.ts";
import { openBenchDatabase } from "../database.ts";
import { describeEnvironment } from "../environment.ts";
import { seedGroups } from "../groups/seed.ts";
import { CREATE_PROJECT, READ_PROJECT } from "../projects.ts";
import { type CleanUp, progress, runBench } from "../run.ts";
import type { CallersOrder, CallersReply, CallersWindow } from "./callers.ts";
import { type FairShareOptions, GROUP_COUNT, parseOptions, USAGE } from "./options.ts";
import {
  type CaseName,
  type CaseWindow,
  caseNames,
  type FairShareResult,
  toJsonText,
  toText,
} from "./report.ts";

const QUIET = READ_PROJECT;
const FLOOD = CREATE_PROJECT;
const QUIET_CALLERS = 4;

await runBench({ usage: USAGE, parse: parseOptions, measure, toText, toJsonText });

async function measure(
  options: FairShareOptions,
  folder: string,
  cleanUps: CleanUp[],
): Promise<FairShareResult> {
  progress("starting PostgreSQL");
  const databaseUrl = process.env.DATABASE_URL || undefined;
  const database = await openBenchDatabase(databaseUrl, path.join(folder, "postgres"));
  cleanUps.push(database.close);
  progress("starting and filling");
  const url = await database.createDatabase("ours");
  await database.withSession("ours", (sql) => seedGroups(sql, [QUIET, FLOOD], GROUP_COUNT));
  await database.analyze("ours");
  const { port, stop } = await startContestant("ours", url);
  cleanUps.push(stop);
  const quiet = startCallers(cleanUps);
  const flood = startCallers(cleanUps);
  await quiet({ do: "prepare", port, projectKey: QUIET });
  await flood({ do: "prepare", port, projectKey: FLOOD });

  progress("warming up");
  await runCase("unlimited", options.warmUpMs);
  const windows: Record<CaseName, CaseWindow[]> = {
    alone: [],
    unlimited: [],
    limited: [],
    "limited, impatient": [],
  };
  for (let round = 0; round < options.windows; round += 1) {
    progress(`round ${round + 1} of ${options.windows}`);
    for (const name of round % 2 === 0 ? caseNames : caseNames.toReversed()) {
      windows[name].push(await runCase(name, options.windowMs));
    }
  }
  return { environment: describeEnvironment(database.settings), options, windows };

  async function runCase(name: CaseName, ms: number): Promise<CaseWindow> {
    await setLimits(port, name.startsWith("limited") ? options : { concurrentCalls: 0, callsPerSecond: 0 });
    const isPatient = name !== "limited, impatient";
    const [quietWindow, floodWindow] = await Promise.all([
      quiet({ do: "window", callers: QUIET_CALLERS, ms, isPatient: true }),
      name === "alone" ? undefined : flood({ do: "window", callers: options.floodCallers, ms, isPatient }),
    ]);
    if (!quietWindow) throw new Error("unreachable: a window is answered by one");
    return { quiet: quietWindow, flood: floodWindow };
  }
}

/** As an operator does, on the running service. */
async function setLimits(
  port: number,
  { concurrentCalls, callsPerSecond }: Pick<FairShareOptions, "concurrentCalls" | "callsPerSecond">,
): Promise<void> {
  const projects = createClient(
    ProjectService,
    createGrpcTransport({ baseUrl: `http://127.0.0.1:${port}`, idleConnectionTimeoutMs: 100 }),
  );
  const { project } = await projects.getProject({ projectKey: FLOOD });
  const limits = { concurrentCalls, callsPerSecond, customerGroups: 1_000_000 };
  await projects.updateProject({
    projectKey: FLOOD,
    expectedVersion: project?.version ?? 0n,
    actions: [{ action: { case: "setLimits", value: { limits } } }],
  });
}

function startCallers(cleanUps: CleanUp[]) {
  const child = startChild("bench/fair-share/callers.ts", {});
  cleanUps.push(child.stop);
  return async (order: CallersOrder): Promise<CallersWindow | undefined> => {
    const reply = await child.ask<CallersReply>(order);
    if ("error" in reply) throw new Error(reply.error);
    return reply.window;
  };
}

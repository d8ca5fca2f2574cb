import { create } from "@bufbuild/protobuf";
import type { Authentication } from "./auth/authentication.ts";
import type { Config } from "./config.ts";
import { startFieldSweep } from "./custom-types/sweep.ts";
import type { Connection, DatabaseAddress } from "./db/connection.ts";
import { BACKGROUND_CONNECTIONS } from "./db/connection-counts.ts";
import { type Database, openDatabase } from "./db/database.ts";
import { openLanes } from "./db/lanes.ts";
import { actor } from "./interceptors/actor.ts";
import { authorize } from "./interceptors/authorize.ts";
import { countCalls } from "./interceptors/count-calls.ts";
import { deadline } from "./interceptors/deadline.ts";
import { errorBoundary } from "./interceptors/error-boundary.ts";
import { fairShare } from "./interceptors/fair-share.ts";
import { projectWall } from "./interceptors/project-wall.ts";
import { requestLog } from "./interceptors/request-log.ts";
import { type Check, createCheck, validate } from "./interceptors/validate.ts";
import type { Log } from "./log.ts";
import { pageTokens } from "./paging/page-token.ts";
import { prepareDatabase } from "./prepare-database.ts";
import { createCallLimiter } from "./projects/call-limiter.ts";
import { openCallLimits } from "./projects/call-limits.ts";
import { openProjects } from "./projects/projects.ts";
import { startProjectPurge } from "./projects/purge.ts";
import type { Repetition } from "./repeat.ts";
import { startRequestSweep } from "./requests/sweep.ts";
import { registerServices, SERVICES } from "./routes.ts";
import type { TlsOptions } from "./server/port.ts";
import { createServer, type Server } from "./server/server.ts";

export type Service = {
  readonly host: string;
  readonly port: number;
  /** Answers what is under way, takes nothing new, and ends. */
  stop(): Promise<void>;
};

export type ServiceOptions = {
  readonly config: Config;
  readonly address: DatabaseAddress;
  /** Of page tokens, where the database is prepared already. Absent: it is prepared here. */
  readonly secret?: Uint8Array | undefined;
  /** Closed by whoever opened it. */
  readonly authentication: Authentication;
  /** When `config.tls` names files. */
  readonly tls?: TlsOptions | undefined;
  /** Is waited for when all is ready but the port. */
  readonly beforeListening?: (() => Promise<void>) | undefined;
  readonly log: Log;
};

/**
 * Starts the whole service on a database; resolves when it answers calls at full speed. When it fails,
 * nothing is left open.
 */
export async function startService({
  config,
  address,
  authentication,
  tls,
  log,
  ...options
}: ServiceOptions): Promise<Service> {
  const secret = options.secret ?? (await prepareDatabase(address, config.projects, log));
  const db = openDatabase(address, config);
  const projects = openProjects(db.reads);
  const callLimits = openCallLimits(db.reads, config.callLimits, log);
  const background = openLanes(address, BACKGROUND);
  const clock = () => new Date();
  const check = createCheck();
  let server: Server | undefined;
  let requestSweep: Repetition | undefined;
  let fieldSweep: Repetition | undefined;
  let projectPurge: Repetition | undefined;
  let limitRefresh: Repetition | undefined;

  try {
    server = createTheServer();
    await warmUp(db, check);
    await callLimits.refresh();
    await options.beforeListening?.();
    const { host, port } = await server.listen();
    const run: Connection["run"] = (statement) => background.withConnection("", (one) => one.run(statement));
    requestSweep = startRequestSweep({ run }, clock, log);
    fieldSweep = startFieldSweep({ run }, clock, log);
    projectPurge = startProjectPurge({ run }, clock, log);
    limitRefresh = callLimits.keepFresh();
    return { host, port, stop };
  } catch (error) {
    await stop();
    throw error;
  }

  async function stop(): Promise<void> {
    requestSweep?.stop();
    fieldSweep?.stop();
    projectPurge?.stop();
    limitRefresh?.stop();
    await server?.drain();
    await Promise.all([db.close(), background.close()]);
  }

  function createTheServer(): Server {
    const limiter = createCallLimiter({
      limitsOf: callLimits.of,
      now: () => performance.now(),
      onRefused: (project, { limitName, limit }, count) =>
        log.warn({ project, limitName, limit, count }, "calls of a project are refused: too many"),
    });
    return createServer({
      host: config.host,
      port: config.port,
      tls,
      authorities: config.allowedHosts,
      corsOrigins: config.corsOrigins,
      authenticate: authentication.authenticate,
      interceptors: [
        ...(config.logRequests === "none" ? [] : [requestLog(log, config.logRequests)]),
        errorBoundary(log),
        deadline(),
        authorize(SERVICES),
        actor(),
        fairShare(limiter),
        countCalls(db.longReads.noteCall),
        validate(check),
        projectWall(projects),
      ],
      routes: (router) =>
        registerServices(router, {
          db,
          projects,
          tokens: pageTokens(secret),
          clock,
          onFieldsRemoved: () => fieldSweep?.hurry(),
          onProjectChanged() {
            projectPurge?.hurry();
            return callLimits.refresh();
          },
        }),
      ready: () => authentication.isReady() && isAnswering(db),
      reflection: config.reflection,
      unaryLane: config.unaryLane,
      drainMs: config.drainMs,
      maxConnectionAgeMs: config.connectionAgeMs,
      log,
    });
  }
}

const BACKGROUND = {
  connections: BACKGROUND_CONNECTIONS,
  statementTimeoutMs: 30_000,
  maxWaitMs: 60_000,
  maxWaiting: 10,
};

/** The first check of a message type compiles its rules, 35 to 130 ms: done before the first caller waits for it. */
async function warmUp(db: Database, check: Check): Promise<void> {
  for (const { input } of SERVICES.flatMap(({ methods }) => methods)) {
    try {
      check(input, create(input));
    } catch {
      // An empty request breaks rules; they are compiled all the same.
    }
  }
  await db.open();
}

async function isAnswering({ reads }: Database): Promise<boolean> {
  try {
    await reads.get("", (sql) => sql<object[]>`select 1`);
    return true;
  } catch {
    return false;
  }
}

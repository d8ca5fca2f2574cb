import { create, type DescService } from "@bufbuild/protobuf";
import type { ConnectRouter } from "@connectrpc/connect";
import { CustomerGroupService } from "../gen/clientele/v1/customer_group_service_pb.ts";
import type { Config } from "./config.ts";
import { customerGroupService } from "./customer-groups/service.ts";
import { type DatabaseAddress, openConnection } from "./db/connection.ts";
import { type Database, openDatabase } from "./db/database.ts";
import { caller } from "./interceptors/caller.ts";
import { deadline } from "./interceptors/deadline.ts";
import { errorBoundary } from "./interceptors/error-boundary.ts";
import { requestLog } from "./interceptors/request-log.ts";
import { type Check, createCheck, validate } from "./interceptors/validate.ts";
import type { Log } from "./log.ts";
import { pageTokens } from "./paging/page-token.ts";
import { prepareDatabase } from "./prepare-database.ts";
import { openProjects } from "./projects/projects.ts";
import { startRequestSweep } from "./requests/sweep.ts";
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
  /** PEM, when `config.tls` names files. */
  readonly tls?: { readonly cert: string; readonly key: string } | undefined;
  readonly log: Log;
};

/**
 * Starts the whole service on a database; resolves when it answers calls at full speed. When it fails,
 * nothing is left open.
 */
export async function startService({ config, address, tls, log }: ServiceOptions): Promise<Service> {
  const secret = await prepareDatabase(address, config.projects, log);
  const db = openDatabase(address, config);
  const background = openConnection(address, BACKGROUND_STATEMENT_MS);
  const clock = () => new Date();
  const check = createCheck();
  let server: Server | undefined;
  let stopSweep = () => {};

  try {
    server = createTheServer();
    await warmUp(db, check);
    const { host, port } = await server.listen();
    stopSweep = startRequestSweep(background, clock, log);
    return { host, port, stop };
  } catch (error) {
    await stop();
    throw error;
  }

  async function stop(): Promise<void> {
    stopSweep();
    await server?.drain();
    await Promise.all([db.close(), background.close()]);
  }

  function createTheServer(): Server {
    return createServer({
      host: config.host,
      port: config.port,
      tls,
      authorities: config.allowedHosts,
      corsOrigins: config.corsOrigins,
      interceptors: [
        ...(config.logRequests === "none" ? [] : [requestLog(log, config.logRequests)]),
        errorBoundary(log),
        deadline(),
        caller(),
        validate(check),
      ],
      routes(router: ConnectRouter) {
        const options = { db, projects: openProjects(db.reads), tokens: pageTokens(secret), clock };
        router.service(CustomerGroupService, customerGroupService(options));
      },
      ready: () => isAnswering(db),
      reflection: config.reflection,
      unaryLane: config.unaryLane,
      drainMs: config.drainMs,
      maxConnectionAgeMs: config.connectionAgeMs,
      log,
    });
  }
}

const BACKGROUND_STATEMENT_MS = 30_000;

/** The first check of a message type compiles its rules, 35 to 130 ms: done before the first caller waits for it. */
async function warmUp(db: Database, check: Check): Promise<void> {
  const services: readonly DescService[] = [CustomerGroupService];
  for (const { input } of services.flatMap(({ methods }) => methods)) {
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
    await reads.get((sql) => sql<object[]>`select 1`);
    return true;
  } catch {
    return false;
  }
}

import { once } from "node:events";
import type { AddressInfo } from "node:net";
import type { ConnectRouter, Interceptor } from "@connectrpc/connect";
import { Health } from "../../gen/grpc/health/v1/health_pb.ts";
import type { Log } from "../log.ts";
import type { Authenticate } from "./authenticate.ts";
import type { Authorities } from "./authority.ts";
import { createCalls } from "./calls.ts";
import { createCors } from "./cors.ts";
import { drainServer } from "./drain.ts";
import { createAuthorityTest, createGuard } from "./guard.ts";
import { healthService } from "./health.ts";
import { createHttp1Connections } from "./http1-connections.ts";
import { type ServerLimits, serverLimits } from "./limits.ts";
import { createListener } from "./listener.ts";
import { createPort, type TlsOptions } from "./port.ts";
import { createProbes, probePaths } from "./probes.ts";
import { createProtocols } from "./protocols.ts";
import { createReadiness } from "./readiness.ts";
import { reflectionServices, registerReflection } from "./reflection.ts";
import { createRoutes, openToAll, servicesOf } from "./router.ts";
import { createRpcResponder } from "./rpc.ts";
import { createSessions } from "./sessions.ts";
import { renewStreamTable } from "./stream-table.ts";
import { createUnaryLane } from "./unary-lane/unary-lane.ts";

export type ServerOptions = {
  readonly host: string;
  /** 0 takes any free one; `listen` says which. */
  readonly port: number;
  /** Absent: cleartext HTTP/1.1 and HTTP/2 with prior knowledge. */
  readonly tls?: TlsOptions | undefined;
  /** The names this server answers to. Default "localhost". */
  readonly authorities?: Authorities | undefined;
  /** Origins whose scripts may call. Default none. */
  readonly corsOrigins?: readonly string[] | undefined;
  /** Before every call of `routes`; not before health and reflection. Default: nobody is asked. */
  readonly authenticate?: Authenticate | undefined;
  /** Around every call of `routes`, the first outermost; not around health and reflection. */
  readonly interceptors?: Interceptor[] | undefined;
  readonly routes: (router: ConnectRouter) => void;
  /** Serves grpc.health.v1. Default true. */
  readonly health?: boolean | undefined;
  /** Whether calls can be answered now; health and `/readyz` follow it. Default always. */
  readonly ready?: (() => Promise<boolean> | boolean) | undefined;
  /** Serves grpc.reflection.v1 and v1alpha. Default true. */
  readonly reflection?: boolean | undefined;
  /** Serves plain unary gRPC calls without Connect's machinery. Default true. */
  readonly unaryLane?: boolean | undefined;
  readonly drainMs?: number | undefined;
  readonly maxConnectionAgeMs?: number | undefined;
  /** Figures to replace in `serverLimits`. */
  readonly limits?: Partial<ServerLimits> | undefined;
  readonly log: Log;
};

export type Server = {
  /** Resolves when connections are taken; rejects when the port cannot be had. */
  listen(): Promise<{ readonly host: string; readonly port: number }>;
  /** Shuts down without failing a call in flight; a second call waits for the first. Never rejects. */
  drain(): Promise<void>;
};

export function createServer(options: ServerOptions): Server {
  const limits = limitsOf(options);
  const { log } = options;
  const readiness = createReadiness(options.ready ?? (() => true), limits);
  const endStreams = new AbortController();
  const endCalls = new AbortController();

  const { router, unaryMethods } = createRoutes({
    interceptors: options.interceptors ?? [],
    authenticate: options.authenticate,
    limits,
    endStreams: endStreams.signal,
    endCalls: endCalls.signal,
  });
  options.routes(router);
  registerStandardServices(router, options, readiness, limits);

  const calls = createCalls();
  const connections = createHttp1Connections(limits.maxConnectionAgeMs);
  const sessions = createSessions(limits);
  const onRequest = createListener({
    responders: [
      createGuard(options.authorities ?? "localhost", probePaths),
      createCors(options.corsOrigins ?? []),
      createProbes(readiness),
      createRpcResponder(router, limits, log),
    ],
    calls,
    connections,
    lingerMs: limits.lingerMs,
    log,
  });
  const isAllowed = createAuthorityTest(options.authorities ?? "localhost");
  const serveUnary =
    options.unaryLane === false
      ? undefined
      : createUnaryLane({ methods: unaryMethods, isAllowed, limits, endCalls: endCalls.signal });
  const protocols = createProtocols(limits, onRequest, (stream, headers, rawHeaders) => {
    const { session } = stream;
    const exchange = serveUnary?.(stream, headers, rawHeaders);
    calls.begin();
    if (session) sessions.opened(session);
    // The only one on each stream: listeners are a good part of what a call costs.
    stream.on("close", () => {
      exchange?.closed();
      calls.end();
      if (session) sessions.closed(session);
    });
    return exchange !== undefined;
  });
  protocols.http1.on("connection", connections.add);
  protocols.http2.on("session", renewStreamTable);
  protocols.http2.on("session", sessions.add);
  const port = createPort(protocols, limits, log, options.tls);

  async function drain() {
    const { clean } = await drainServer(
      {
        refuseTraffic: readiness.drain,
        takeWaiting: port.takeWaiting,
        stopListening: () => new Promise((resolve) => port.server.close(() => resolve())),
        callsEnded: calls.ended,
        retireConnections() {
          port.endUndecided();
          sessions.close();
          connections.close();
        },
        endStreams,
        endCalls,
        destroy: port.destroy,
      },
      limits,
    );
    protocols.http1.close(); // ends its timer
    if (!clean)
      log.warn({ drainMs: limits.drainMs }, "calls were cut off: they took longer than the shutdown may");
  }

  let drained: Promise<void> | undefined;
  return {
    async listen() {
      port.server.listen(options.port, options.host);
      await once(port.server, "listening");
      const address = port.server.address() as AddressInfo;
      return { host: address.address, port: address.port };
    },
    drain() {
      drained ??= drain();
      return drained;
    },
  };
}

function limitsOf({ limits, drainMs, maxConnectionAgeMs }: ServerOptions): ServerLimits {
  const merged = { ...serverLimits, ...limits };
  return {
    ...merged,
    drainMs: drainMs ?? merged.drainMs,
    maxConnectionAgeMs: maxConnectionAgeMs ?? merged.maxConnectionAgeMs,
  };
}

function registerStandardServices(
  router: ConnectRouter,
  { health = true, reflection = true }: ServerOptions,
  readiness: ReturnType<typeof createReadiness>,
  limits: ServerLimits,
): void {
  const services = [
    ...servicesOf(router),
    ...(health ? [Health] : []),
    ...(reflection ? reflectionServices : []),
  ];
  const names = services.map(({ typeName }) => typeName);
  if (health) {
    const implementation = healthService(names, readiness, limits.maxHealthWatchers);
    router.service(Health, implementation, openToAll);
  }
  if (reflection) registerReflection(router, services, limits.maxReflectionRequests);
}

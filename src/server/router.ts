import type { DescService } from "@bufbuild/protobuf";
import { type ConnectRouter, type ConnectRouterOptions, createConnectRouter } from "@connectrpc/connect";
import { compressionGzip } from "@connectrpc/connect-node";
import { type Authenticate, requestGate } from "./authenticate.ts";
import type { ServerLimits } from "./limits.ts";
import { type UnaryMethod, unaryMethods } from "./unary-lane/methods.ts";

export type RouterOptions = {
  readonly interceptors: NonNullable<ConnectRouterOptions["interceptors"]>;
  /** Absent: nobody is asked. */
  readonly authenticate: Authenticate | undefined;
  readonly limits: ServerLimits;
  /** Ends streams at the beginning of a shutdown: they would not end by themselves. */
  readonly endStreams: AbortSignal;
  /** Ends the other calls at its end. */
  readonly endCalls: AbortSignal;
};

export type Routes = {
  readonly router: ConnectRouter;
  /** The unary methods of the services that were registered, by request path. */
  readonly unaryMethods: ReadonlyMap<string, UnaryMethod>;
};

/** For a service that everybody may call who may connect: interceptors know nothing of it. */
export const openToAll: Partial<ConnectRouterOptions> = { interceptors: [], requestGate: () => {} };

/** A Connect router whose unary calls outlive its streams on shutdown, and whose limits are not the library's. */
export function createRoutes({
  interceptors,
  authenticate,
  limits,
  endStreams,
  endCalls,
}: RouterOptions): Routes {
  const methods = new Map<string, UnaryMethod>();
  const options: ConnectRouterOptions = {
    interceptors,
    ...(authenticate && { requestGate: requestGate(authenticate) }),
    acceptCompression: [compressionGzip],
    compressMinBytes: limits.compressMinBytes,
    readMaxBytes: limits.readMaxBytes,
    writeMaxBytes: limits.writeMaxBytes,
    // Unknown fields are kept by nobody: a misspelt one in JSON is an error, a newer one in binary is skipped.
    jsonOptions: { ignoreUnknownFields: false },
    binaryOptions: { readUnknownFields: false },
  };
  // Connect takes one shutdown signal for all methods of a router, so there are two routers.
  const unary = createConnectRouter({ ...options, shutdownSignal: endCalls });
  const streams = createConnectRouter({ ...options, shutdownSignal: endStreams });
  const router: ConnectRouter = {
    get handlers() {
      return [
        ...unary.handlers.filter(({ method }) => method.methodKind === "unary"),
        ...streams.handlers.filter(({ method }) => method.methodKind !== "unary"),
      ];
    },
    service(service, implementation, overrides) {
      for (const [path, method] of unaryMethods(
        service,
        implementation,
        overrides?.interceptors ?? interceptors,
        overrides === openToAll ? undefined : authenticate,
        limits,
      )) {
        methods.set(path, method);
      }
      unary.service(service, implementation, overrides);
      streams.service(service, implementation, overrides);
      return router;
    },
    rpc(method, implementation, overrides) {
      unary.rpc(method, implementation, overrides);
      streams.rpc(method, implementation, overrides);
      return router;
    },
  };
  return { router, unaryMethods: methods };
}

/** The services that have been registered, each once. */
export function servicesOf(router: ConnectRouter): DescService[] {
  return [...new Set(router.handlers.map(({ service }) => service))];
}

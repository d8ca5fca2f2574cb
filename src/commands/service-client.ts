import type { DescService } from "@bufbuild/protobuf";
import { type Client, Code, ConnectError, createClient, type Interceptor } from "@connectrpc/connect";
import { createGrpcTransport, Http2SessionManager } from "@connectrpc/connect-node";
import type { Config } from "../config.ts";
import { StartUpError } from "./start-up-error.ts";

/** Where the service of this configuration is, for a program on the same machine. */
export function urlOfService({ host, port, tls }: Config): string {
  const name = host === "0.0.0.0" ? "127.0.0.1" : host === "::" ? "::1" : host;
  return `${tls ? "https" : "http"}://${name.includes(":") ? `[${name}]` : name}:${port}`;
}

/**
 * Lends a client of a running service to `work`, and says its refusals in words.
 *
 * @param token for the `authorization` header, where the service asks who calls.
 * @throws StartUpError
 */
export async function withClient<Service extends DescService, Result>(
  service: Service,
  { url, token }: { readonly url: string; readonly token: string | undefined },
  work: (client: Client<Service>) => Promise<Result>,
): Promise<Result> {
  const sessions = new Http2SessionManager(url);
  const authorize: Interceptor = (next) => (request) => {
    if (token !== undefined) request.header.set("authorization", `Bearer ${token}`);
    return next(request);
  };
  const transport = createGrpcTransport({
    baseUrl: url,
    sessionManager: sessions,
    interceptors: [authorize],
  });
  try {
    return await work(createClient(service, transport));
  } catch (error) {
    throw error instanceof ConnectError ? inWords(error, url) : error;
  } finally {
    // Or it would keep the process alive.
    sessions.abort();
  }
}

function inWords(error: ConnectError, url: string): StartUpError {
  const { code } = (error.cause ?? {}) as NodeJS.ErrnoException;
  const isAway = error.code === Code.Unavailable && code !== undefined;
  return new StartUpError(
    isAway
      ? `The service can't be reached at ${url} (${code}): start it, or say where it is with --url.`
      : error.rawMessage,
    { cause: error },
  );
}

import type { DescMethod } from "@bufbuild/protobuf";
import { Code } from "@connectrpc/connect";
import type { Caller } from "../call.ts";
import { failure } from "../errors.ts";
import { Failure } from "../failure.ts";
import type { Log } from "../log.ts";
import type { Authenticate, CallHead } from "../server/authenticate.ts";
import type { Claims } from "./claims.ts";
import { type CertificateClients, certificateReader } from "./client-certificates.ts";
import { TokenRefused } from "./token-refused.ts";
import type { Tokens } from "./tokens.ts";

/** Where everyone may do everything. */
export const openToEveryone: Authenticate = () => EVERYONE;
const EVERYONE: Caller = { may: () => true };

export type AuthenticateOptions = {
  /** Present where callers may come with a token. */
  readonly tokens?: Tokens | undefined;
  /** Present where they may come with a client certificate. */
  readonly clients?: CertificateClients | undefined;
  readonly clock: () => Date;
  /** Told why a call was refused; absent: nobody is. */
  readonly log: Log | undefined;
};

/** Asks callers who they are. A token decides where there is one; a client certificate, where there is none. */
export function authenticateBy({ tokens, clients, clock, log }: AuthenticateOptions): Authenticate {
  const callerByCertificate = clients && certificateReader(clients, clock);
  return (head, method) => {
    try {
      const found = find(head);
      return found instanceof Promise ? found.catch((error) => refuse(error, method)) : found;
    } catch (error) {
      return refuse(error, method);
    }
  };

  function find(head: CallHead): Caller | Promise<Caller> {
    const { authorization, origin } = headersOf(head);
    if (tokens && (authorization.length > 0 || !callerByCertificate)) {
      const claims = tokens.read(tokenOf(authorization));
      return claims instanceof Promise ? claims.then((read) => admit(read, origin)) : admit(claims, origin);
    }
    const caller = head.socket && callerByCertificate?.(head.socket);
    if (!caller) throw new TokenRefused("no client certificate that is known");
    return caller;
  }

  /** Whatever was wrong: the caller hears one answer, and the operator reads why. */
  function refuse(error: unknown, method: DescMethod): never {
    const refusal = error instanceof Failure ? error : failure.tokenInvalid();
    const { code, reason } = refusal;
    log?.info(
      { service: method.parent.typeName, code: Code[code], reason, why: reasonOf(error) },
      method.name,
    );
    throw refusal;
  }
}

function admit({ caller, origins }: Claims, origin: string | undefined): Caller {
  if (origin !== undefined && origins?.has(origin) === false) throw new TokenRefused("another origin");
  return caller;
}

/** @throws TokenRefused */
function tokenOf(authorization: readonly string[]): string {
  const [header, ...more] = authorization;
  if (header === undefined) throw new TokenRefused("no authorization header");
  if (more.length > 0) throw new TokenRefused("several authorization headers");
  if (header.length > MAX_TOKEN_BYTES + "Bearer ".length) throw new TokenRefused("more than 8 KiB");
  const token = /^bearer ([\w.-]+)$/i.exec(header)?.[1];
  if (token === undefined) throw new TokenRefused("no bearer token");
  return token;
}

const MAX_TOKEN_BYTES = 8 * 1024;

function headersOf({ rawHeaders }: CallHead) {
  const authorization: string[] = [];
  let origin: string | undefined;
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = rawHeaders[i]?.toLowerCase();
    const value = rawHeaders[i + 1] ?? "";
    if (name === "authorization") authorization.push(value);
    // Two are none that a token could have.
    else if (name === "origin") origin = origin === undefined ? value : `${origin}, ${value}`;
  }
  return { authorization, origin };
}

/** By codes and names: messages of jose's may quote the token. */
function reasonOf(error: unknown): string {
  if (error instanceof TokenRefused || error instanceof Failure) return error.message;
  const { code, claim, name } = error as {
    readonly code?: string;
    readonly claim?: string;
    readonly name?: string;
  };
  return [code ?? name ?? typeof error, claim].filter((part) => part !== undefined).join(" ");
}

import type { TLSSocket } from "node:tls";
import type { Caller } from "../call.ts";
import { certificateNames, toName } from "./certificate-names.ts";
import { IDENTIFIER } from "./claims.ts";
import { grantsOf, parseScope } from "./scopes.ts";

/** The clients that are known by their certificates, by the certificates' names. */
export type CertificateClients = ReadonlyMap<string, Caller>;

/**
 * Reads `{"clients": [{"certificate": "DNS:orders.example", "clientId": "orders", "scopes": ["view_customers:demo"]}]}`.
 *
 * @throws Error that says what is wrong with it.
 */
export function parseCertificateClients(text: string): CertificateClients {
  const list = membersOf(parseJson(text), "it", ["clients"]).clients;
  if (!Array.isArray(list)) throw new Error("it must have a list of clients");
  const clients = new Map<string, Caller>();
  for (const [index, one] of list.entries()) {
    const where = `clients[${index}]`;
    const { certificate, clientId, scopes } = membersOf(one, where, ["certificate", "clientId", "scopes"]);
    const name = requireText(certificate, NAME, `${where}.certificate must be URI:..., DNS:... or CN:...`);
    const id = requireText(
      clientId,
      IDENTIFIER,
      `${where}.clientId must be 1 to 128 visible ASCII characters`,
    );
    if (!Array.isArray(scopes)) throw new Error(`${where}.scopes must be a list`);
    const unknown = scopes.find((scope) => typeof scope !== "string" || !parseScope(scope));
    if (unknown !== undefined) {
      throw new Error(`${where}.scopes has ${JSON.stringify(unknown)}; a scope is like view_customers:demo`);
    }
    if (clients.has(toName(name))) throw new Error(`${where}.certificate is there twice`);
    clients.set(toName(name), { clientId: id, may: grantsOf(scopes as string[]) });
  }
  return clients;
}

/** Tells who is at the other end of a connection; undefined when the certificate doesn't say, or there is none. */
export function certificateReader(clients: CertificateClients, clock: () => Date) {
  const known = new WeakMap<TLSSocket, { readonly caller: Caller | undefined; readonly validTo: Date }>();
  return (socket: TLSSocket): Caller | undefined => {
    if (!socket.authorized || socket.authorizationError) return undefined;
    let entry = known.get(socket);
    if (!entry) {
      const certificate = socket.getPeerX509Certificate();
      // A resumed connection without any counts as authorized too.
      if (!certificate) return undefined;
      const name = certificateNames(certificate).find((one) => clients.has(one));
      entry = { caller: clients.get(name ?? ""), validTo: certificate.validToDate };
      known.set(socket, entry);
    }
    return clock() < entry.validTo ? entry.caller : undefined;
  };
}

const NAME = /^(?:URI|DNS|CN):[!-~][ -~]{0,254}$/;

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error("it is no JSON");
  }
}

function membersOf(value: unknown, what: string, names: readonly string[]): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new Error(`${what} must be an object with ${names.join(", ")}`);
  }
  const unknown = Object.keys(value).find((name) => !names.includes(name));
  if (unknown !== undefined) throw new Error(`${what} has ${unknown}; it can have ${names.join(", ")}`);
  return value as Record<string, unknown>;
}

function requireText(value: unknown, pattern: RegExp, fault: string): string {
  if (typeof value !== "string" || !pattern.test(value)) throw new Error(fault);
  return value;
}

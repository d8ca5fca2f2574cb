import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { isUrl, type JwtConfig } from "../auth-config.ts";
import { type Config, ConfigError } from "../config.ts";
import type { Log } from "../log.ts";
import type { Authenticate } from "../server/authenticate.ts";
import { authenticateBy, openToEveryone } from "./authenticate.ts";
import { type CertificateClients, parseCertificateClients } from "./client-certificates.ts";
import {
  DEVELOPMENT_AUDIENCE,
  DEVELOPMENT_ISSUER,
  developmentKey,
  publicKeySet,
} from "./development-keys.ts";
import { fetchText } from "./fetch-text.ts";
import { type Keys, openKeys } from "./keys.ts";
import { type Issuer, openTokens } from "./tokens.ts";

/** How the service finds out who calls. */
export type Authentication = {
  readonly authenticate: Authenticate;
  /** Whether callers can be told apart now. */
  isReady(): boolean;
  close(): void;
};

/**
 * Reads the files that the configuration names, and begins to load keys.
 *
 * @throws ConfigError when a file can't be used.
 */
export async function openAuthentication(
  config: Config,
  clock: () => Date,
  log: Log,
): Promise<Authentication> {
  const { open, jwt, mtls } = config.auth;
  if (open) return { authenticate: openToEveryone, isReady: () => true, close: () => {} };
  const clients = mtls && readClients(mtls.clientsFile);
  const issuers = jwt ? await openIssuers(jwt, clock, log) : [];
  const tokens = jwt && openTokens({ issuers, maxLifetimeMs: jwt.maxLifetimeMs, clock });
  return {
    authenticate: authenticateBy({
      tokens,
      clients,
      clock,
      log: config.logRequests === "none" ? undefined : log,
    }),
    // A client with a certificate needs no key.
    isReady: () => clients !== undefined || issuers.every(({ keys }) => keys.isLoaded()),
    close() {
      for (const { keys } of issuers) keys.close();
    },
  };
}

async function openIssuers({ issuer, developmentKeyFile }: JwtConfig, clock: () => Date, log: Log) {
  const issuers: Issuer[] = [];
  if (developmentKeyFile !== undefined) {
    const keySet = publicKeySet(await readDevelopmentKey(developmentKeyFile));
    const keys = openKeys({ load: async () => keySet, initial: keySet, clock, log });
    issuers.push({ issuer: DEVELOPMENT_ISSUER, audience: DEVELOPMENT_AUDIENCE, keys });
  }
  if (issuer) issuers.push({ ...issuer, keys: openIssuerKeys(issuer.keys, clock, log) });
  return issuers;
}

/** @throws ConfigError */
export async function readDevelopmentKey(file: string) {
  try {
    return await developmentKey(file);
  } catch (error) {
    throw new ConfigError(`The development key is to be in "${file}": ${wordsOf(error)}`);
  }
}

function openIssuerKeys(source: string, clock: () => Date, log: Log): Keys {
  if (isUrl(source)) return openKeys({ load: () => fetchText(source), clock, log });
  return reading("CLIENTELE_JWT_KEYS", source, (initial) =>
    openKeys({ load: () => readFile(source, "utf8"), initial, clock, log }),
  );
}

function readClients(file: string): CertificateClients {
  return reading("CLIENTELE_MTLS_CLIENTS_FILE", file, parseCertificateClients);
}

function reading<Result>(setting: string, file: string, parse: (text: string) => Result): Result {
  try {
    return parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new ConfigError(`${setting} is "${file}": ${wordsOf(error)}`);
  }
}

function wordsOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code === undefined ? message : `it can't be read (${code})`;
}

import path from "node:path";
import { fileURLToPath } from "node:url";
import { type AuthConfig, toAuth } from "./auth-config.ts";
import { ConfigError } from "./config-error.ts";
import { isLoopback, parseDatabaseUrl } from "./db/address.ts";
import type { DatabaseAddress } from "./db/connection.ts";
import type { CallLimits } from "./projects/call-limiter.ts";
import { parseAuthority } from "./server/authority.ts";
import { type Setting, settings } from "./settings.ts";

export { ConfigError } from "./config-error.ts";

/** Everything that an operator decides, checked. */
export type Config = {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** Processes that share the port. */
  readonly workers: number;
  readonly auth: AuthConfig;
  /** Signs the tokens of `token`, and checks them where that is set. */
  readonly developmentKeyFile: string;
  readonly projects: readonly ProjectSetting[];
  readonly database: EmbeddedDatabase | ForeignDatabase;
  readonly queryConnections: number;
  readonly writeConnections: number;
  /** On the calls of projects that have no limits of their own. */
  readonly callLimits: CallLimits;
  readonly tls: { readonly certFile: string; readonly keyFile: string } | undefined;
  /** `any` name when callers reach the service over a network; only local names when on loopback. */
  readonly allowedHosts: "localhost" | "any" | readonly string[];
  readonly corsOrigins: readonly string[];
  readonly reflection: boolean;
  readonly unaryLane: boolean;
  readonly logLevel: "error" | "warn" | "info" | "silent";
  readonly logFormat: "auto" | "text" | "json";
  readonly logRequests: "all" | "failed" | "none";
  readonly drainMs: number;
  readonly connectionAgeMs: number;
};

export type ProjectSetting = { readonly key: string; readonly mode: "test" | "live" };
export type EmbeddedDatabase = { readonly kind: "embedded"; readonly dataDir: string };
export type ForeignDatabase = { readonly kind: "foreign"; readonly address: DatabaseAddress };

export type Env = Readonly<Record<string, string | undefined>>;

/**
 * Reads the configuration off environment variables.
 *
 * @throws ConfigError
 */
export function toConfig(env: Env): Config {
  refuseUnknown(env);
  const read = reader(env);
  const host = read("CLIENTELE_HOST");
  const databaseUrl = read("DATABASE_URL");
  const tls = tlsFiles(read("CLIENTELE_TLS_CERT_FILE"), read("CLIENTELE_TLS_KEY_FILE"));
  const developmentKeyFile = path.join(dataDir(env, read), "development-key.json");
  return {
    host,
    port: integer(read, "CLIENTELE_PORT", 0, 65_535),
    workers: integer(read, "CLIENTELE_WORKERS", 1, 64),
    auth: auth(env, read, { host, developmentKeyFile, hasTls: tls !== undefined }),
    developmentKeyFile,
    projects: projectSettings(read("CLIENTELE_PROJECTS")),
    database:
      databaseUrl === ""
        ? { kind: "embedded", dataDir: dataDir(env, read) }
        : { kind: "foreign", address: databaseAddress(databaseUrl) },
    queryConnections: integer(read, "CLIENTELE_QUERY_CONNECTIONS", 1, 64),
    writeConnections: integer(read, "CLIENTELE_WRITE_CONNECTIONS", 1, 64),
    callLimits: {
      concurrentCalls: integer(read, "CLIENTELE_PROJECT_CONCURRENT_CALLS", 0, 100_000),
      callsPerSecond: integer(read, "CLIENTELE_PROJECT_CALLS_PER_SECOND", 0, 100_000),
    },
    tls,
    allowedHosts: allowedHosts(read("CLIENTELE_ALLOWED_HOSTS"), host),
    corsOrigins: list(read("CLIENTELE_CORS_ORIGINS")).map(origin),
    reflection: oneOf(read, "CLIENTELE_REFLECTION", ["on", "off"]) === "on",
    unaryLane: oneOf(read, "CLIENTELE_UNARY_LANE", ["on", "off"]) === "on",
    logLevel: oneOf(read, "CLIENTELE_LOG_LEVEL", ["error", "warn", "info", "silent"]),
    logFormat: oneOf(read, "CLIENTELE_LOG_FORMAT", ["auto", "text", "json"]),
    logRequests: oneOf(read, "CLIENTELE_LOG_REQUESTS", ["all", "failed", "none"]),
    drainMs: integer(read, "CLIENTELE_DRAIN_SECONDS", 0, 600) * 1000,
    connectionAgeMs: integer(read, "CLIENTELE_CONNECTION_AGE_MINUTES", 1, 1440) * 60_000,
  };
}

/** The settings in force, one a line; secrets hidden. */
export function describeConfig(env: Env): string {
  const read = reader(env);
  return settings
    .map(({ name }) => `${name}=${name === "DATABASE_URL" ? withoutPassword(read(name)) : read(name)}`)
    .join("\n");
}

type Name = (typeof settings)[number]["name"];
type Read = (name: Name) => string;

function reader(env: Env): Read {
  const defaults = new Map<string, string>(
    settings.map((setting: Setting) => [setting.name, setting.default]),
  );
  return (name) => env[name] || (defaults.get(name) ?? "");
}

function refuseUnknown(env: Env): void {
  const names = new Set<string>(settings.map(({ name }) => name));
  const unknown = Object.keys(env).filter((name) => name.startsWith("CLIENTELE_") && !names.has(name));
  if (unknown.length > 0) {
    throw new ConfigError(`${unknown.join(", ")}: no such setting; the README lists those that there are`);
  }
}

function oneOf<const Value extends string>(read: Read, name: Name, values: readonly Value[]): Value {
  const text = read(name);
  const value = values.find((one) => one === text);
  if (value === undefined) throw new ConfigError(`${name} is "${text}"; it can be ${values.join(", ")}`);
  return value;
}

function integer(read: Read, name: Name, least: number, most: number): number {
  const text = read(name);
  const value = Number(text);
  if (!/^\d{1,6}$/.test(text) || value < least || value > most) {
    throw new ConfigError(`${name} is "${text}"; it must be a whole number from ${least} to ${most}`);
  }
  return value;
}

function list(text: string): string[] {
  return text
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "");
}

function auth(
  env: Env,
  read: Read,
  facts: { readonly host: string; readonly developmentKeyFile: string; readonly hasTls: boolean },
): AuthConfig {
  return toAuth({
    ...facts,
    wanted: env.CLIENTELE_AUTH,
    ways: list(read("CLIENTELE_AUTH")),
    issuer: {
      keys: read("CLIENTELE_JWT_KEYS"),
      issuer: read("CLIENTELE_JWT_ISSUER"),
      audience: read("CLIENTELE_JWT_AUDIENCE"),
    },
    hasDevelopmentKeys: oneOf(read, "CLIENTELE_JWT_DEVELOPMENT_KEYS", ["on", "off"]) === "on",
    wantedLifetime: env.CLIENTELE_JWT_MAX_LIFETIME_MINUTES,
    maxLifetimeMs: integer(read, "CLIENTELE_JWT_MAX_LIFETIME_MINUTES", 1, 43_200) * 60_000,
    caFile: read("CLIENTELE_TLS_CLIENT_CA_FILE"),
    clientsFile: read("CLIENTELE_MTLS_CLIENTS_FILE"),
  });
}

function projectSettings(text: string): ProjectSetting[] {
  const projects = list(text).map(projectSetting);
  const keys = projects.map(({ key }) => key);
  const repeated = keys.find((key, index) => keys.indexOf(key) !== index);
  if (repeated !== undefined) {
    throw new ConfigError(`CLIENTELE_PROJECTS has "${repeated}" twice; name each project once`);
  }
  return projects;
}

function projectSetting(item: string): ProjectSetting {
  const [key = "", mode = "test", ...more] = item.split(":");
  if (!/^[a-z0-9][a-z0-9-]{1,62}$/.test(key) || (mode !== "test" && mode !== "live") || more.length > 0) {
    throw new ConfigError(
      `CLIENTELE_PROJECTS has "${item}"; each is a key of 2 to 63 lower-case letters, digits and "-", and ":live" or ":test"`,
    );
  }
  return { key, mode };
}

/** The default is the same from wherever the service is started; a path of the operator's is as in a shell. */
function dataDir(env: Env, read: Read): string {
  const text = read("CLIENTELE_DATA_DIR");
  return env.CLIENTELE_DATA_DIR ? path.resolve(text) : path.resolve(PROJECT_FOLDER, text);
}

const PROJECT_FOLDER = fileURLToPath(new URL("..", import.meta.url));

function databaseAddress(url: string): DatabaseAddress {
  try {
    return parseDatabaseUrl(url);
  } catch (error) {
    throw new ConfigError(error instanceof Error ? error.message : "DATABASE_URL can't be read");
  }
}

function tlsFiles(certFile: string, keyFile: string): Config["tls"] {
  if (certFile === "" && keyFile === "") return undefined;
  if (certFile === "" || keyFile === "") {
    throw new ConfigError("CLIENTELE_TLS_CERT_FILE and CLIENTELE_TLS_KEY_FILE are set both or neither");
  }
  return { certFile, keyFile };
}

function allowedHosts(text: string, host: string): Config["allowedHosts"] {
  const names = list(text).map(allowedHost);
  if (names.length > 0) return names;
  return isLoopback(host) ? "localhost" : "any";
}

function allowedHost(text: string): string {
  if (parseAuthority(text) === undefined) {
    throw new ConfigError(
      `CLIENTELE_ALLOWED_HOSTS has "${text}"; each is a host name or an address, maybe with a port: shop.example, shop.example:8443, [2001:db8::1]`,
    );
  }
  return text;
}

function origin(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.origin !== text) {
    throw new ConfigError(
      `CLIENTELE_CORS_ORIGINS has "${text}"; each is a scheme, a host and maybe a port: https://shop.example`,
    );
  }
  return text;
}

function withoutPassword(text: string): string {
  if (!URL.canParse(text)) return text === "" ? "" : "***";
  const url = new URL(text);
  if (url.password !== "") url.password = "***";
  // Refused, but whoever wrote one may ask what is in force.
  for (const name of url.searchParams.keys()) if (/password/i.test(name)) url.searchParams.set(name, "***");
  return url.href;
}

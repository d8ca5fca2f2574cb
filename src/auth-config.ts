import { ConfigError } from "./config-error.ts";
import { isLoopback } from "./db/address.ts";

/** How callers are asked who they are. */
export type AuthConfig = {
  /** Everyone may do everything; never with the other ways. */
  readonly open: boolean;
  readonly jwt: JwtConfig | undefined;
  readonly mtls: MtlsConfig | undefined;
};

export type JwtConfig = {
  /** The operator's identity provider. `keys`: a URL or a file. */
  readonly issuer: { readonly issuer: string; readonly audience: string; readonly keys: string } | undefined;
  /** Set: tokens that it signed count. */
  readonly developmentKeyFile: string | undefined;
  readonly maxLifetimeMs: number;
};

export type MtlsConfig = { readonly caFile: string; readonly clientsFile: string };

export type AuthSettings = {
  readonly host: string;
  /** CLIENTELE_AUTH as it is set, if it is. */
  readonly wanted: string | undefined;
  readonly ways: readonly string[];
  readonly issuer: { readonly keys: string; readonly issuer: string; readonly audience: string };
  readonly hasDevelopmentKeys: boolean;
  readonly developmentKeyFile: string;
  /** Of CLIENTELE_JWT_MAX_LIFETIME_MINUTES, as it is set, if it is. */
  readonly wantedLifetime: string | undefined;
  readonly maxLifetimeMs: number;
  readonly hasTls: boolean;
  readonly caFile: string;
  readonly clientsFile: string;
};

/** @throws ConfigError when the settings are incomplete, unsafe, or would not be heeded. */
export function toAuth(settings: AuthSettings): AuthConfig {
  const { host, wanted, ways } = settings;
  const unknown = ways.find((way) => !["open", "jwt", "mtls"].includes(way));
  if (unknown !== undefined || ways.length === 0) {
    throw new ConfigError(
      `CLIENTELE_AUTH has "${unknown ?? wanted}"; it can be open, or jwt, mtls, or both with a comma between`,
    );
  }
  const open = ways.includes("open");
  if (open && ways.some((way) => way !== "open")) {
    throw new ConfigError(
      "CLIENTELE_AUTH has open and another way; open lets everyone do everything, so nobody would need the other: name one of them",
    );
  }
  if (open && !isLoopback(host) && !wanted) {
    throw new ConfigError(
      `CLIENTELE_HOST is ${host}, which others can reach, and nobody is asked who he is: set CLIENTELE_AUTH to jwt or mtls, or to open if everyone who reaches it may do everything, or bind 127.0.0.1`,
    );
  }
  return {
    open,
    jwt: ways.includes("jwt") ? toJwt(settings) : refuseUnused("jwt", jwtNames(settings)),
    mtls: ways.includes("mtls") ? toMtls(settings) : refuseUnused("mtls", mtlsNames(settings)),
  };
}

function toJwt({ issuer, hasDevelopmentKeys, developmentKeyFile, maxLifetimeMs }: AuthSettings): JwtConfig {
  const values = Object.values(issuer);
  const isSet = values.some((value) => value !== "");
  if (isSet && values.includes("")) {
    throw new ConfigError(
      "CLIENTELE_JWT_KEYS, CLIENTELE_JWT_ISSUER and CLIENTELE_JWT_AUDIENCE are set all or none: a token of another issuer, or for another service, must not count",
    );
  }
  if (!isSet && !hasDevelopmentKeys) {
    throw new ConfigError(
      "CLIENTELE_AUTH has jwt, and there are no keys: set CLIENTELE_JWT_KEYS, CLIENTELE_JWT_ISSUER and CLIENTELE_JWT_AUDIENCE, or CLIENTELE_JWT_DEVELOPMENT_KEYS=on",
    );
  }
  if (isSet) requireSafeSource(issuer.keys);
  return {
    issuer: isSet ? issuer : undefined,
    developmentKeyFile: hasDevelopmentKeys ? developmentKeyFile : undefined,
    maxLifetimeMs,
  };
}

/** Not a path of a file, though a drive's letter looks like a scheme. */
export function isUrl(text: string): boolean {
  return /^[a-z][\w+.-]+:\/\//i.test(text);
}

/** Whoever can change the keys on their way can make tokens. */
function requireSafeSource(keys: string): void {
  if (!isUrl(keys)) return;
  const url = URL.canParse(keys) ? new URL(keys) : undefined;
  const { protocol, hostname = "", username, password } = url ?? {};
  const isLocal = isLoopback(hostname.replace(/^\[|\]$/g, ""));
  if ((protocol === "https:" || (protocol === "http:" && isLocal)) && username === "" && password === "")
    return;
  throw new ConfigError(
    "CLIENTELE_JWT_KEYS must be a file, or an https URL without a password in it; http only for this machine",
  );
}

function toMtls({ hasTls, caFile, clientsFile }: AuthSettings): MtlsConfig {
  if (!hasTls) {
    throw new ConfigError(
      "CLIENTELE_AUTH has mtls, which needs TLS: set CLIENTELE_TLS_CERT_FILE and CLIENTELE_TLS_KEY_FILE",
    );
  }
  if (caFile === "" || clientsFile === "") {
    throw new ConfigError(
      "CLIENTELE_AUTH has mtls: set CLIENTELE_TLS_CLIENT_CA_FILE, and CLIENTELE_MTLS_CLIENTS_FILE",
    );
  }
  return { caFile, clientsFile };
}

/** Whoever sets these believes that callers are asked. */
function refuseUnused(way: string, names: readonly string[]): undefined {
  const [name] = names;
  if (name !== undefined) {
    throw new ConfigError(`${name} is set, but CLIENTELE_AUTH has no ${way}: add it, or unset ${name}`);
  }
}

function jwtNames({ issuer, hasDevelopmentKeys, wantedLifetime }: AuthSettings): string[] {
  return [
    ...(issuer.keys === "" ? [] : ["CLIENTELE_JWT_KEYS"]),
    ...(issuer.issuer === "" ? [] : ["CLIENTELE_JWT_ISSUER"]),
    ...(issuer.audience === "" ? [] : ["CLIENTELE_JWT_AUDIENCE"]),
    ...(hasDevelopmentKeys ? ["CLIENTELE_JWT_DEVELOPMENT_KEYS"] : []),
    ...(wantedLifetime ? ["CLIENTELE_JWT_MAX_LIFETIME_MINUTES"] : []),
  ];
}

function mtlsNames({ caFile, clientsFile }: AuthSettings): string[] {
  return [
    ...(caFile === "" ? [] : ["CLIENTELE_TLS_CLIENT_CA_FILE"]),
    ...(clientsFile === "" ? [] : ["CLIENTELE_MTLS_CLIENTS_FILE"]),
  ];
}

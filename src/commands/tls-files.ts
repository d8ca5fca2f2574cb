import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { createSecureContext } from "node:tls";
import { type Config, ConfigError } from "../config.ts";
import type { TlsOptions } from "../server/port.ts";

/**
 * Reads the certificate and its key, and who signs those of clients; undefined when none is configured.
 *
 * @throws ConfigError when they can't be read, or don't belong together.
 */
export function readTlsFiles({ tls, auth }: Pick<Config, "tls" | "auth">): TlsOptions | undefined {
  if (tls === undefined) return undefined;
  const cert = readPem("CLIENTELE_TLS_CERT_FILE", tls.certFile);
  const key = readPem("CLIENTELE_TLS_KEY_FILE", tls.keyFile);
  try {
    createSecureContext({ cert, key });
  } catch (error) {
    throw new ConfigError(
      `CLIENTELE_TLS_CERT_FILE and CLIENTELE_TLS_KEY_FILE are no PEM certificate and its key (${codeOf(error)})`,
    );
  }
  return { cert, key, ...(auth.mtls && { clientCa: readCa(auth.mtls.caFile) }) };
}

function readCa(file: string): string {
  const pem = readPem("CLIENTELE_TLS_CLIENT_CA_FILE", file);
  try {
    new X509Certificate(pem);
    createSecureContext({ ca: pem });
  } catch (error) {
    throw new ConfigError(`CLIENTELE_TLS_CLIENT_CA_FILE is no PEM certificate (${codeOf(error)})`);
  }
  return pem;
}

function readPem(setting: string, file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new ConfigError(`${setting} is "${file}", which can't be read (${codeOf(error)})`);
  }
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? "unknown";
}

import { readFileSync } from "node:fs";
import { createSecureContext } from "node:tls";
import { type Config, ConfigError } from "../config.ts";
import type { TlsOptions } from "../server/port.ts";

/**
 * Reads the certificate and its key; undefined when none is configured.
 *
 * @throws ConfigError when they can't be read, or don't belong together.
 */
export function readTlsFiles(files: Config["tls"]): TlsOptions | undefined {
  if (files === undefined) return undefined;
  const cert = readPem("CLIENTELE_TLS_CERT_FILE", files.certFile);
  const key = readPem("CLIENTELE_TLS_KEY_FILE", files.keyFile);
  try {
    createSecureContext({ cert, key });
  } catch (error) {
    throw new ConfigError(
      `CLIENTELE_TLS_CERT_FILE and CLIENTELE_TLS_KEY_FILE are no PEM certificate and its key (${codeOf(error)})`,
    );
  }
  return { cert, key };
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

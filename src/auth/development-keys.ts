import { randomUUID } from "node:crypto";
import { linkSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { exportJWK, generateKeyPair, type JWK, SignJWT } from "jose";

/** Who signs development tokens, and for whom. */
export const DEVELOPMENT_ISSUER = "clientele-development";
export const DEVELOPMENT_AUDIENCE = "clientele";

export type TokenWish = {
  readonly clientId: string;
  readonly scopes: readonly string[];
  readonly origins: readonly string[];
  readonly minutes: number;
};

/**
 * The private key that signs development tokens, made unless it is there.
 *
 * @throws Error that says why it can't be used.
 */
export async function developmentKey(file: string): Promise<JWK> {
  if (!statSync(file, { throwIfNoEntry: false })) await makeKey(file);
  if (process.platform !== "win32" && (statSync(file).mode & 0o077) !== 0) {
    throw new Error("others may read it; take their rights away: chmod 600");
  }
  const key = parseKey(readFileSync(file, "utf8"));
  if (key?.kty !== "EC" || !key.d) throw new Error("it is no private key; delete it, and a new one is made");
  return key;
}

/** What tokens signed by the key are checked by: a JSON Web Key Set. */
export function publicKeySet({ d: _, ...key }: JWK): string {
  return JSON.stringify({ keys: [key] });
}

export async function signDevelopmentToken(key: JWK, wish: TokenWish, now: Date): Promise<string> {
  const { clientId, scopes, origins, minutes } = wish;
  const issuedAt = Math.floor(now.getTime() / 1000);
  return new SignJWT({ client_id: clientId, scope: scopes.join(" "), ...(origins.length > 0 && { origins }) })
    .setProtectedHeader({ alg: "ES256", typ: "at+jwt", kid: key.kid ?? "" })
    .setIssuer(DEVELOPMENT_ISSUER)
    .setAudience(DEVELOPMENT_AUDIENCE)
    .setSubject(clientId)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + minutes * 60)
    .sign(key);
}

/** What can't be parsed is not repeated, as JSON.parse would. */
function parseKey(text: string): JWK | undefined {
  try {
    return JSON.parse(text) as JWK;
  } catch {
    return undefined;
  }
}

/** Another process may make one at the same time: the first stays. */
async function makeKey(file: string): Promise<void> {
  const { privateKey } = await generateKeyPair("ES256", { extractable: true });
  const key = { ...(await exportJWK(privateKey)), alg: "ES256", use: "sig", kid: randomUUID() };
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  const whole = `${file}.${randomUUID()}`;
  writeFileSync(whole, `${JSON.stringify(key)}\n`, { mode: 0o600, flag: "wx" });
  try {
    linkSync(whole, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    rmSync(whole);
  }
}

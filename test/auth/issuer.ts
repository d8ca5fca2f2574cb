import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair, type JWK, type JWTHeaderParameters, SignJWT } from "jose";
import type { Env } from "../../src/config.ts";

export const ISSUER = "https://identity.example/";
export const AUDIENCE = "clientele-test";

/** A key pair of an identity provider. */
export type SigningKey = {
  readonly kid: string;
  readonly alg: string;
  readonly private: JWK;
  readonly public: JWK;
};

export async function signingKey(kid: string, alg = "ES256"): Promise<SigningKey> {
  const pair = await generateKeyPair(alg, { extractable: true });
  const named = { kid, alg, use: "sig" };
  return {
    kid,
    alg,
    private: { ...(await exportJWK(pair.privateKey)), ...named },
    public: { ...(await exportJWK(pair.publicKey)), ...named },
  };
}

export type Claims = Readonly<Record<string, unknown>>;

/** The claims of a token that counts; `undefined` takes one away. */
export function claimsOf(more: Claims = {}, now = Date.now()): Claims {
  const seconds = Math.floor(now / 1000);
  const common = { iss: ISSUER, aud: AUDIENCE, sub: "orders", iat: seconds, exp: seconds + 600 };
  return { ...common, scope: "manage_customers:demo", ...more };
}

export function sign(
  key: SigningKey,
  claims: Claims = claimsOf(),
  header: Partial<JWTHeaderParameters> = {},
): Promise<string> {
  return new SignJWT(claims)
    .setProtectedHeader({ alg: key.alg, kid: key.kid, typ: "at+jwt", ...header })
    .sign(key.private);
}

/** A server of keys, as an identity provider has one. */
export async function startIssuer(...first: readonly SigningKey[]) {
  let answer: () => { readonly status?: number; readonly body: string | undefined };
  let fetches = 0;
  const serve = (...keys: readonly SigningKey[]) => {
    answer = () => ({ body: JSON.stringify({ keys: keys.map((key) => key.public) }) });
  };
  serve(...first);
  const server = createServer((_, response) => {
    fetches += 1;
    const { status = 200, body } = answer();
    if (body === undefined) response.destroy();
    else response.writeHead(status, { "content-type": "application/json" }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys`;
  return {
    url,
    /** What a service needs to take this provider's tokens. */
    env: jwtEnv(url),
    serve,
    /** Answers something else; undefined breaks the connection. */
    say(body: string | undefined, status = 200) {
      answer = () => ({ status, body });
    },
    fetches: () => fetches,
    close: () => new Promise((resolve) => server.close(resolve).closeAllConnections()),
  };
}

export function jwtEnv(keys: string): Env {
  return {
    CLIENTELE_AUTH: "jwt",
    CLIENTELE_JWT_KEYS: keys,
    CLIENTELE_JWT_ISSUER: ISSUER,
    CLIENTELE_JWT_AUDIENCE: AUDIENCE,
  };
}

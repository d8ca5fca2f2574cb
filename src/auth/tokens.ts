import {
  decodeJwt,
  decodeProtectedHeader,
  type JWTPayload,
  jwtVerify,
  type ProtectedHeaderParameters,
} from "jose";
import { type Claims, readClaims } from "./claims.ts";
import type { Keys } from "./keys.ts";
import { createTokenCache, type Remembered } from "./token-cache.ts";
import { TokenRefused } from "./token-refused.ts";

/** Whose tokens count, and for whom they are to be made. */
export type Issuer = { readonly issuer: string; readonly audience: string; readonly keys: Keys };

export type TokensOptions = {
  readonly issuers: readonly Issuer[];
  /** The longest from `iat` to `exp`. */
  readonly maxLifetimeMs: number;
  readonly clock: () => Date;
};

export type Tokens = {
  /**
   * @returns a promise only for a token that was not checked before.
   * @throws TokenRefused, or an error of jose's.
   */
  read(token: string): Claims | Promise<Claims>;
};

type Checked = Remembered & { readonly claims: Claims };

const CLOCK_TOLERANCE_S = 5;
const ALGORITHMS = [
  ...["ES256", "ES384", "ES512", "EdDSA", "Ed25519"],
  ...["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"],
];

/** Checks tokens: JWTs, signed as RFC 9068 asks for access tokens. */
export function openTokens({ issuers, maxLifetimeMs, clock }: TokensOptions): Tokens {
  const cache = createTokenCache<Checked>(clock);
  return {
    read(token) {
      return cache.get(token)?.claims ?? check(token);
    },
  };

  async function check(token: string): Promise<Claims> {
    requireShape(token);
    requireHeader(decodeProtectedHeader(token));
    const { iss } = decodeJwt(token);
    const from = issuers.find(({ issuer }) => issuer === iss);
    if (!from) throw new TokenRefused("another issuer");
    const { issuer, audience, keys } = from;
    const generation = keys.generation();
    const { payload } = await jwtVerify(token, keys.find, {
      issuer,
      audience,
      algorithms: ALGORITHMS,
      requiredClaims: ["exp", "iat"],
      clockTolerance: CLOCK_TOLERANCE_S,
      currentDate: clock(),
    });
    const claims = readClaims(payload);
    const expiresAt = (requireLifetime(payload) + CLOCK_TOLERANCE_S) * 1000;
    cache.set(token, { claims, expiresAt, isCurrent: () => keys.generation() === generation });
    return claims;
  }

  /** @returns `exp`. jose has checked that both are numbers, and that it is not over. */
  function requireLifetime({ exp = 0, iat = 0 }: JWTPayload): number {
    if (!(iat <= clock().getTime() / 1000 + CLOCK_TOLERANCE_S)) throw new TokenRefused("iat is yet to come");
    if (!((exp - iat) * 1000 <= maxLifetimeMs)) throw new TokenRefused("it lives too long");
    return exp;
  }
}

/** Three parts, and the last as it is spelled canonically: a token has one spelling. */
function requireShape(token: string): void {
  const signature = /^[\w-]+\.[\w-]+\.([\w-]+)$/.exec(token)?.[1];
  if (signature === undefined) throw new TokenRefused("no JWT");
  if (Buffer.from(signature, "base64url").toString("base64url") !== signature) {
    throw new TokenRefused("the signature is spelled another way");
  }
}

function requireHeader(header: ProtectedHeaderParameters): void {
  const refused = REFUSED_PARAMETERS.find((name) => name in header);
  if (refused !== undefined) throw new TokenRefused(`it has ${refused}`);
  if (header.typ !== undefined && !(typeof header.typ === "string" && TYPES.test(header.typ))) {
    throw new TokenRefused("another typ");
  }
}

/** Keys that a token brings along are nobody's, and nothing is understood that is critical. */
const REFUSED_PARAMETERS = ["jwk", "jku", "x5c", "x5u", "crit"];
const TYPES = /^(?:application\/)?(?:at\+)?jwt$/i;

import type { JWTPayload } from "jose";
import type { Caller } from "../call.ts";
import { grantsOf } from "./scopes.ts";
import { TokenRefused } from "./token-refused.ts";

export type Claims = {
  readonly caller: Caller;
  /** The web origins whose pages may use the token; absent: any. */
  readonly origins: ReadonlySet<string> | undefined;
};

/**
 * What a checked token says.
 *
 * @throws TokenRefused
 */
export function readClaims(payload: JWTPayload): Claims {
  const subject = identifier(payload, "sub");
  const clientId = identifier(payload, "client_id") ?? identifier(payload, "azp") ?? subject;
  if (clientId === undefined) throw new TokenRefused("no client_id, azp or sub");
  const may = grantsOf(scopesOf(payload));
  const caller =
    subject === undefined || subject === clientId ? { clientId, may } : { clientId, subject, may };
  return { caller, origins: originsOf(payload) };
}

/** It is kept with all that the caller writes. */
function identifier(payload: JWTPayload, name: string): string | undefined {
  const value = payload[name];
  if (value === undefined) return undefined;
  if (typeof value !== "string" || !IDENTIFIER.test(value)) throw new TokenRefused(`${name} can't be kept`);
  return value;
}

export const IDENTIFIER = /^[!-~]{1,128}$/;

/** As RFC 8693 says it, or as lists, which some providers send. */
function scopesOf({ scope, scp, scopes }: JWTPayload): readonly string[] {
  const value = scope ?? scp ?? scopes;
  if (typeof value === "string") return value.split(" ");
  return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
}

function originsOf({ origins }: JWTPayload): ReadonlySet<string> | undefined {
  if (origins === undefined) return undefined;
  if (!Array.isArray(origins) || origins.some((one) => typeof one !== "string")) {
    throw new TokenRefused("origins is no list of texts");
  }
  return new Set(origins);
}

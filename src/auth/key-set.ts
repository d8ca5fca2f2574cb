import type { JSONWebKeySet, JWK } from "jose";

/** How many keys a set may have. */
const MAX_KEYS = 100;

/**
 * Reads a JSON Web Key Set: the public keys in it that can sign tokens, without any others.
 *
 * @throws Error that says what is wrong with it.
 */
export function parseKeySet(text: string): JSONWebKeySet {
  const keys = keysOf(text);
  if (keys === undefined) throw new Error("it is no JSON Web Key Set");
  if (keys.length > MAX_KEYS) throw new Error(`it has ${keys.length} keys; at most ${MAX_KEYS} are taken`);
  // A key of this kind is no secret any longer.
  if (keys.some((key) => "d" in key)) throw new Error("it has a private key; it must have public ones only");
  const usable = keys.filter(({ kty, use }) => KINDS.has(kty ?? "") && (use === undefined || use === "sig"));
  if (usable.length === 0) throw new Error("it has no key that signs tokens");
  return { keys: usable };
}

/** Asymmetric ones: whoever checks a token by a symmetric key could make one. */
const KINDS: ReadonlySet<string> = new Set(["EC", "OKP", "RSA"]);

function keysOf(text: string): readonly JWK[] | undefined {
  try {
    const { keys } = JSON.parse(text) as { readonly keys?: unknown };
    return Array.isArray(keys) && keys.every(isObject) ? keys : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is JWK {
  return typeof value === "object" && value !== null;
}

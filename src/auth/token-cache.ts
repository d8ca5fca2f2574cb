import { hash } from "node:crypto";

/** What is remembered of a token: until when, and for as long as what it was checked by stays the same. */
export type Remembered = { readonly expiresAt: number; isCurrent(): boolean };

export type TokenCache<Value extends Remembered> = {
  get(token: string): Value | undefined;
  set(token: string, value: Value): void;
};

const MAX_TOKENS = 10_000;

/** Remembers checked tokens by their hashes; when there are too many, the oldest is forgotten. */
export function createTokenCache<Value extends Remembered>(
  clock: () => Date,
  maxTokens = MAX_TOKENS,
): TokenCache<Value> {
  const values = new Map<string, Value>();
  return {
    get(token) {
      const key = keyOf(token);
      const value = values.get(key);
      if (value === undefined) return undefined;
      if (clock().getTime() < value.expiresAt && value.isCurrent()) return value;
      values.delete(key);
      return undefined;
    },
    set(token, value) {
      const key = keyOf(token);
      values.delete(key);
      values.set(key, value);
      if (values.size <= maxTokens) return;
      const [oldest] = values.keys();
      if (oldest !== undefined) values.delete(oldest);
    },
  };
}

function keyOf(token: string): string {
  return hash("sha256", token, "base64url");
}

import { createHmac, createSecretKey, hash, timingSafeEqual } from "node:crypto";
import { failure } from "../errors.ts";
import type { Position } from "./keyset.ts";

/** Seals and opens page tokens. A token says where a page ended, and is worth something for its own query only. */
export type PageTokens = {
  seal(query: QueryIdentity, position: Position): string;
  /** @throws Failure PAGE_TOKEN_INVALID unless this service sealed the token for this query. */
  open(query: QueryIdentity, token: string): Position;
};

/** Everything that a token is bound to. Not the limit: it may differ from page to page. */
export type QueryIdentity = {
  readonly projectId: string;
  readonly method: string;
  readonly sort: readonly string[];
  readonly filter?: string;
};

const MAC_BYTES = 16;

/** @param secret shared by all replicas; at least 32 bytes. */
export function pageTokens(secret: Uint8Array): PageTokens {
  const key = createSecretKey(secret);
  // A query opens one token and seals the next.
  const identities = new WeakMap<QueryIdentity, Buffer>();
  return {
    seal(query, position) {
      const payload = Buffer.from(JSON.stringify(position));
      return Buffer.concat([mac(query, payload), payload]).toString("base64url");
    },
    open(query, token) {
      const bytes = Buffer.from(token, "base64url");
      // Not canonical: base64url decoding passes over foreign characters.
      if (bytes.length <= MAC_BYTES || bytes.toString("base64url") !== token)
        throw failure.pageTokenInvalid();
      const payload = bytes.subarray(MAC_BYTES);
      if (!timingSafeEqual(bytes.subarray(0, MAC_BYTES), mac(query, payload)))
        throw failure.pageTokenInvalid();
      return JSON.parse(payload.toString()) as Position;
    },
  };

  function mac(query: QueryIdentity, payload: Uint8Array): Buffer {
    let identity = identities.get(query);
    if (!identity) {
      identity = hash("sha256", JSON.stringify(query), "buffer");
      identities.set(query, identity);
    }
    return createHmac("sha256", key).update(identity).update(payload).digest().subarray(0, MAC_BYTES);
  }
}

import { type ContextValues, createContextKey } from "@connectrpc/connect";
import type { Grants } from "./auth/scopes.ts";
import type { Ending } from "./ending.ts";

/** The longest that any call may take, whatever deadline it sets, in milliseconds. */
export const MAX_TIMEOUT_MS = 60_000;

/** Until when a call must be answered. */
export type Deadline = {
  /** The time allowed in all, in milliseconds. */
  readonly timeoutMs: number;
  /** Ends when the time is over or the caller has gone. */
  readonly over: Ending;
};

/** Who makes a call, as the service found out, and what may be done. */
export type Caller = {
  /** The client; absent where nobody is asked. */
  readonly clientId?: string;
  /** Whom the client's token is about, when that is another. */
  readonly subject?: string;
  /** Whether the caller has the scope, for a project unless it is for none. */
  readonly may: Grants;
};

/** Who makes a call, as stored in `created_by` and `last_modified_by`; null when the caller said nothing. */
export type Actor = {
  readonly clientId?: string;
  readonly subject?: string;
  readonly externalUserId?: string;
  readonly customerId?: string;
  readonly anonymousId?: string;
} | null;

/** What the interceptors found out about a call, for its handler. */
export type Call = {
  readonly deadline: Deadline;
  readonly actor: Actor;
  /** Whether fields of the answer are taken as bytes: see `OWN_FIELDS`. */
  readonly takesBytes: boolean;
};

/** Ends when the caller has gone, or the server ends its last calls; absent where only the request's signal says so. */
export const endingKey = createContextKey<Ending | undefined>(undefined);
export const callerKey = createContextKey<Caller | undefined>(undefined);
export const deadlineKey = createContextKey<Deadline | undefined>(undefined);
/** Set where the answer is written by an encoder of ours. */
export const takesBytesKey = createContextKey(false);
export const actorKey = createContextKey<Actor>(null);

/** The call that a handler serves. */
export function callOf({ values }: { readonly values: ContextValues }): Call {
  const deadline = values.get(deadlineKey);
  if (!deadline) throw new Error("unreachable: the deadline interceptor sets one for every call");
  return { deadline, actor: values.get(actorKey), takesBytes: values.get(takesBytesKey) };
}

/** Who makes the call that a handler serves. */
export function callerOf({ values }: { readonly values: ContextValues }): Caller {
  const caller = values.get(callerKey);
  if (!caller) throw new Error("unreachable: no call is taken before its caller is known");
  return caller;
}

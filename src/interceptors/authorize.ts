import type { DescMethod, DescService, Message } from "@bufbuild/protobuf";
import type { Interceptor } from "@connectrpc/connect";
import { methodScopes } from "../auth/method-scopes.ts";
import { requireScope } from "../auth/require-scope.ts";
import type { Scope } from "../auth/scopes.ts";
import { type Caller, callerOf } from "../call.ts";

/**
 * Refuses a call whose caller has none of the scopes that its method declares. It is asked before anything
 * is read, so it tells nothing of what is there.
 *
 * @throws Error at once when a method declares none.
 */
export function authorize(services: readonly DescService[]): Interceptor {
  const scopes = methodScopes(services);
  return (next) => (request) => {
    const caller = callerOf({ values: request.contextValues });
    const needed = neededBy(request.method);
    if (request.stream) return next({ ...request, message: allowed(request.message, caller, needed) });
    requireOne(caller, needed, request.message);
    return next(request);
  };

  function neededBy(method: DescMethod): readonly Scope[] {
    const needed = scopes.get(method);
    if (!needed)
      throw new Error(`unreachable: ${method.name} is of no service that was asked for its scopes`);
    return needed;
  }
}

/** A stream's messages name their project themselves. */
async function* allowed<M extends Message>(
  messages: AsyncIterable<M>,
  caller: Caller,
  needed: readonly Scope[],
): AsyncGenerator<M> {
  for await (const message of messages) {
    requireOne(caller, needed, message);
    yield message;
  }
}

function requireOne(caller: Caller, needed: readonly Scope[], message: Message): void {
  const { projectKey } = message as { readonly projectKey?: string };
  requireScope(caller, needed, projectKey);
}

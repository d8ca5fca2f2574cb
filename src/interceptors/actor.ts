import type { Interceptor } from "@connectrpc/connect";
import { actorKey, callerOf } from "../call.ts";
import { failure } from "../errors.ts";

const EXTERNAL_USER_ID = "x-external-user-id";

/**
 * Says who is to be recorded for what the call does: the client, and the person whom it names in the
 * `x-external-user-id` metadata, if any.
 */
export function actor(): Interceptor {
  return (next) => (request) => {
    const { clientId, subject } = callerOf({ values: request.contextValues });
    const externalUserId = request.header.get(EXTERNAL_USER_ID);
    if (externalUserId !== null && !/^[!-~]{1,128}$/.test(externalUserId)) {
      throw failure.field(EXTERNAL_USER_ID, "string.pattern", "must be 1 to 128 visible ASCII characters");
    }
    if (clientId !== undefined || externalUserId !== null) {
      request.contextValues.set(actorKey, {
        ...(clientId !== undefined && { clientId }),
        ...(subject !== undefined && { subject }),
        ...(externalUserId !== null && { externalUserId }),
      });
    }
    return next(request);
  };
}

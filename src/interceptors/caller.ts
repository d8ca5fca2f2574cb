import type { Interceptor } from "@connectrpc/connect";
import { actorKey } from "../call.ts";
import { failure } from "../errors.ts";

const EXTERNAL_USER_ID = "x-external-user-id";

/** Finds out who calls: the person whom the caller names in the `x-external-user-id` metadata, if any. */
export function caller(): Interceptor {
  return (next) => (request) => {
    const externalUserId = request.header.get(EXTERNAL_USER_ID);
    if (externalUserId !== null) {
      if (!/^[!-~]{1,128}$/.test(externalUserId)) {
        throw failure.field(EXTERNAL_USER_ID, "string.pattern", "must be 1 to 128 visible ASCII characters");
      }
      request.contextValues.set(actorKey, { externalUserId });
    }
    return next(request);
  };
}

import { ConnectError } from "@connectrpc/connect";
import { expect } from "vitest";
import { describeFailure } from "../support/failures.ts";

/** What a rule says when it refuses. Fails when it does not. */
export function refusalOf(rule: () => unknown) {
  try {
    rule();
  } catch (error) {
    return describeFailure(ConnectError.from(error));
  }
  return expect.unreachable("expected a refusal");
}

import { ChildProcess } from "node:child_process";
import { expect, test } from "vitest";
import { endLostConnection } from "../../src/commands/workers/lost-connection.ts";

test("a process that could not be had for want of file descriptors has no channel, and no connection to lose", () => {
  const worker = new ChildProcess();
  expect(worker.send).toBeUndefined();
  endLostConnection(worker);
  expect(worker.listenerCount("exit")).toBe(0);
});

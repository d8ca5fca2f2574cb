import { setTimeout as sleep } from "node:timers/promises";
import { create, toBinary } from "@bufbuild/protobuf";
import { GetCustomerGroupRequestSchema } from "../../gen/clientele/v1/customer_group_service_pb.ts";
import type { Child } from "../child.ts";
import { freePort, startServer } from "../contestants/contestant.ts";
import { callOnce, type MethodName, openSession } from "../grpc.ts";
import { READ_PROJECT } from "../projects.ts";
import { createRequest } from "./seeded.ts";

/**
 * Milliseconds from the start of the process to the answer of the first Get, for each of several starts of
 * ours on data that an earlier start made.
 *
 * @param database the setting that says where the data are.
 */
export async function measureStartUps(
  database: Readonly<Record<string, string>>,
  times: number,
): Promise<number[]> {
  await start(
    database,
    async (port) => void (await ask(port, "CustomerGroupService/CreateCustomerGroup", CREATE)),
  );
  const startUps: number[] = [];
  while (startUps.length < times) {
    const begin = performance.now();
    await start(database, async (port) => {
      await ask(port, "CustomerGroupService/GetCustomerGroup", GET);
      startUps.push(performance.now() - begin);
    });
  }
  return startUps;
}

const NUMBER = "1";
const CREATE = createRequest(READ_PROJECT, NUMBER);
const GET = toBinary(
  GetCustomerGroupRequestSchema,
  create(GetCustomerGroupRequestSchema, {
    projectKey: READ_PROJECT,
    ref: { value: { case: "key", value: `gold-${NUMBER}` } },
  }),
);
const START_MS = 120_000;
const RETRY_MS = 5;

async function start(
  database: Readonly<Record<string, string>>,
  use: (port: number) => Promise<void>,
): Promise<void> {
  const port = await freePort();
  const child: Child = startServer("ours", port, database);
  try {
    await use(port);
  } finally {
    await child.stop();
  }
}

/** Calls until somebody listens. */
async function ask(port: number, method: MethodName, message: Uint8Array): Promise<void> {
  for (const endAt = performance.now() + START_MS; ; await sleep(RETRY_MS)) {
    const session = await openSession(port).catch(() => undefined);
    if (session) {
      const { status, message: text } = await callOnce(session, method, message);
      session.destroy();
      if (status !== "0") throw new Error(`${method} was answered with gRPC status ${status}: ${text}`);
      return;
    }
    if (performance.now() > endAt) throw new Error(`no answer within ${START_MS} ms of the start`);
  }
}

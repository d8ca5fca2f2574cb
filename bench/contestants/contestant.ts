import { once } from "node:events";
import { type AddressInfo, connect, createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { type Child, startChild } from "../child.ts";
import { CREATE_PROJECT, READ_PROJECT } from "../projects.ts";
import type { Usage } from "./usage.ts";

export const contestantNames = ["ours", "hand-written"] as const;
export type ContestantName = (typeof contestantNames)[number];

/** A server that takes part, in its own process. */
export type Contestant<Name extends string = ContestantName> = {
  /** Also of its database. */
  readonly name: Name;
  readonly port: number;
  usage(): Promise<Usage>;
  stop(): Promise<void>;
};

/**
 * Starts a contestant on its database; resolves when it takes connections.
 *
 * @param nodeArgs more arguments for its Node.
 */
export async function startContestant(
  name: ContestantName,
  databaseUrl: string,
  nodeArgs: readonly string[] = [],
): Promise<Contestant> {
  const port = await freePort();
  const child = startServer(name, port, { DATABASE_URL: databaseUrl }, nodeArgs);
  try {
    await waitForPort(port);
  } catch (error) {
    await child.stop();
    throw error;
  }
  return { name, port, usage: () => child.ask<Usage>({}), stop: () => child.stop() };
}

/** Starts the process and doesn't wait. */
export function startServer(
  name: ContestantName,
  port: number,
  database: Readonly<Record<string, string>>,
  nodeArgs: readonly string[] = [],
): Child {
  // The heap as `npm start` sets it, for both.
  const withUsage = [
    "--max-semi-space-size=8",
    "--import",
    new URL("usage.ts", import.meta.url).href,
    ...nodeArgs,
  ];
  if (name === "hand-written") {
    const env = { ...database, PORT: `${port}` };
    return startChild("bench/contestants/hand-written.ts", { nodeArgs: withUsage, env });
  }
  const env = {
    ...database,
    CLIENTELE_PORT: `${port}`,
    // Its starts and stops are many. Which calls it logs is left as it is.
    CLIENTELE_LOG_LEVEL: "warn",
    CLIENTELE_PROJECTS: `${READ_PROJECT},${CREATE_PROJECT}`,
  };
  return startChild("src/main.ts", { args: ["serve"], nodeArgs: withUsage, env });
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

const START_MS = 60_000;

async function waitForPort(port: number): Promise<void> {
  const endAt = performance.now() + START_MS;
  while (!(await takesConnections(port))) {
    if (performance.now() > endAt) throw new Error(`nothing listens on port ${port} after ${START_MS} ms`);
    await sleep(20);
  }
}

function takesConnections(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => resolve(true));
    socket.once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });
}

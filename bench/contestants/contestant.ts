import { once } from "node:events";
import { type AddressInfo, connect, createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { LoadShape } from "../call.ts";
import { type Child, startChild } from "../child.ts";
import type { LoadWindow } from "../load.ts";
import { CREATE_PROJECT, READ_PROJECT } from "../projects.ts";
import type { Usage } from "./usage.ts";

/** The servers that take part; the first one is what all others are compared with. */
export const serverNames = [
  "ours",
  "ours-connect",
  "ours-2-workers",
  "grpc-pg",
  "connect-postgres",
  "ours-memory",
  "grpc-memory",
  "floor",
] as const;
export type ServerName = (typeof serverNames)[number];

/** What takes part, in its own process. */
export type Contestant<Name extends string = string> = {
  /** Also of its database. */
  readonly name: Name;
  readonly port: number;
  usage(): Promise<Usage>;
  stop(): Promise<void>;
  /** Of a server: keeps hashing passwords beside its calls until `rest`, which resolves to how many it hashed. */
  readonly hash?: () => Promise<void>;
  readonly rest?: () => Promise<number>;
  /** Of one that is no server: makes the calls itself. */
  readonly callItself?: (order: { readonly load: LoadShape; readonly ms: number }) => Promise<LoadWindow>;
};

/** What the bench asks of a server's process, beside its calls. */
export type ServerOrder = { readonly do: "usage" | "hash" | "rest" };

export type StartOptions = {
  /** More arguments for its Node. */
  readonly nodeArgs?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
};

/** Starts a contestant on its database; resolves when it takes connections. */
export async function startContestant<Name extends ServerName>(
  name: Name,
  databaseUrl: string,
  { nodeArgs = [], env = {} }: StartOptions = {},
): Promise<Contestant<Name>> {
  const port = await freePort();
  const child = startServer(name, port, { DATABASE_URL: databaseUrl, ...env }, nodeArgs);
  try {
    await waitForPort(port);
  } catch (error) {
    await child.stop();
    throw error;
  }
  const ask = <Reply>(order: ServerOrder["do"]) => child.ask<Reply>({ do: order });
  return {
    name,
    port,
    usage: () => ask<Usage>("usage"),
    stop: () => child.stop(),
    hash: () => ask("hash"),
    rest: () => ask<number>("rest"),
  };
}

/** Starts the process and doesn't wait. */
export function startServer(
  name: ServerName,
  port: number,
  env: Readonly<Record<string, string>>,
  nodeArgs: readonly string[] = [],
): Child {
  // The heap as `npm start` sets it, for all.
  const ownArgs = [
    "--max-semi-space-size=32",
    "--no-allocation-site-pretenuring",
    "--heap-growing-percent=150",
    ...PRELOADED.flatMap((url) => ["--import", url]),
  ];
  const options = { nodeArgs: [...ownArgs, ...nodeArgs], env: { ...env, PORT: `${port}` } };
  const settings = OURS.get(name);
  if (!settings) return startChild(`bench/contestants/${name}.ts`, options);
  return startChild("src/main.ts", {
    ...options,
    args: ["serve"],
    env: {
      ...env,
      CLIENTELE_PORT: `${port}`,
      // Its starts and stops are many. Which calls it logs is left as it is.
      CLIENTELE_LOG_LEVEL: "warn",
      CLIENTELE_LOG_FORMAT: "json",
      // All that a bench calls at once may be of one project.
      CLIENTELE_PROJECT_CONCURRENT_CALLS: "0",
      CLIENTELE_PROJECTS: `${READ_PROJECT},${CREATE_PROJECT}`,
      ...settings,
    },
  });
}

/** Those that are the service itself, and their settings. */
const OURS: ReadonlyMap<ServerName, Readonly<Record<string, string>>> = new Map([
  ["ours", {}],
  ["ours-connect", { CLIENTELE_UNARY_LANE: "off" }],
  ["ours-2-workers", { CLIENTELE_WORKERS: "2" }],
]);

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

const PRELOADED = ["usage.ts", "hashing.ts"].map((file) => new URL(file, import.meta.url).href);
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

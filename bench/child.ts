import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import path from "node:path";

/** A process of ours that answers messages, one at a time. */
export type Child = {
  readonly pid: number;
  /** @throws Error when the process ends instead. */
  ask<Reply>(message: object): Promise<Reply>;
  /** Ends it as an operator would; resolves when it has. */
  stop(): Promise<void>;
};

export type ChildOptions = {
  readonly args?: readonly string[];
  readonly nodeArgs?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
};

/**
 * Starts a file of this project. Settings of the service in our own environment are kept from it; what it
 * prints goes to standard error.
 */
export function startChild(file: string, options: ChildOptions): Child {
  // Linux shares out processors among sessions first (autogroup), and each of PostgreSQL's processes has one of its own.
  // A deployed service has, too.
  const child = forkFile(file, options, true);
  const ended = once(child, "exit").then(() => {});
  return {
    pid: child.pid ?? 0,
    ask: <Reply>(message: object) => ask<Reply>(child, file, message),
    async stop() {
      if (child.exitCode === null && child.signalCode === null) child.kill("SIGTERM");
      await ended;
    },
  };
}

/** Runs a file of this project, in the same way, to its end. @throws Error unless it ends well. */
export async function runChild(file: string, options: ChildOptions): Promise<void> {
  const [code] = await once(forkFile(file, options, false), "exit");
  if (code !== 0) throw new Error(`${file} ended with exit code ${code}`);
}

export const ROOT = path.join(import.meta.dirname, "..");

function forkFile(
  file: string,
  { args = [], nodeArgs = [], env = {} }: ChildOptions,
  detached: boolean,
): ChildProcess {
  return fork(path.join(ROOT, file), args, {
    cwd: ROOT,
    execArgv: [...nodeArgs],
    env: { ...withoutSettings(process.env), ...env },
    stdio: ["ignore", 2, 2, "ipc"],
    detached,
  });
}

function ask<Reply>(child: ChildProcess, file: string, message: object): Promise<Reply> {
  const exited = () => new Error(`${file} ended unasked`);
  if (child.exitCode !== null || child.signalCode !== null) return Promise.reject(exited());
  return new Promise((resolve, reject) => {
    const onExit = () => reject(exited());
    child.once("exit", onExit);
    child.once("message", (reply) => {
      child.off("exit", onExit);
      resolve(reply as Reply);
    });
    child.send(message);
  });
}

function withoutSettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const isSetting = (name: string) => name.startsWith("CLIENTELE_") || name === "DATABASE_URL";
  return Object.fromEntries(Object.entries(env).filter(([name]) => !isSetting(name)));
}

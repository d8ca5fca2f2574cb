import { execFile, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { type Account, runAs } from "./account.ts";
import { endSurvivors } from "./leftovers.ts";
import { executable, type Program, serverEnvironment } from "./program.ts";

export type ServerOptions = {
  readonly program: Program;
  readonly account: Account | undefined;
  readonly cluster: string;
  readonly arguments: readonly string[];
  /** Is told every line of PostgreSQL's log. */
  readonly onLine: (line: string) => void;
};

export type ServerProcess = {
  readonly pid: number | undefined;
  /** Resolves once connections are accepted; rejects with the reason when it ends before. */
  readonly ready: Promise<void>;
  /** Resolves with the reason. */
  readonly exited: Promise<string>;
  /** Ends all connections and the server, and waits for its end. */
  stop(): Promise<void>;
  /** What keeps it from starting was left by a server that was killed. `force` ends it the hard way. */
  endSurvivors(force: boolean): Promise<void>;
};

/** Starts a server as a child of this process. */
export function launchServer(options: ServerOptions): ServerProcess {
  const { program, account, cluster } = options;
  const child = spawn(executable(program, "postgres"), ["-D", cluster, ...options.arguments], {
    ...runAs(account),
    env: serverEnvironment(),
    cwd: cluster,
    stdio: ["ignore", "ignore", "pipe"],
    windowsHide: true,
    // Ctrl-C in a terminal is for the service, which answers its callers first.
    detached: process.platform !== "win32",
  });
  let complaint = "";
  const becameReady = new Promise<void>((resolve) => {
    createInterface({ input: child.stderr }).on("line", (line) => {
      options.onLine(line);
      complaint = /(?:FATAL|PANIC|postgres): +(.*)/.exec(line)?.[1] ?? complaint;
      if (line.includes("database system is ready to accept connections")) resolve();
    });
  });
  const exited = new Promise<string>((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("exit", (code, signal) => {
      // Its last words may still be on the way.
      setImmediate(() => resolve(complaint || (signal ? `ended by ${signal}` : `ended with code ${code}`)));
    });
  });
  const ready = Promise.race([becameReady, exited.then((reason) => Promise.reject(new Error(reason)))]);
  // Whoever doesn't wait for it asks `exited`.
  ready.catch(() => {});

  // A service that ends without stop() shouldn't leave it running.
  const quit = () => void child.kill("SIGINT");
  process.once("exit", quit);
  exited.then(() => process.off("exit", quit)).catch(() => {});

  return {
    pid: child.pid,
    ready,
    exited,
    async stop() {
      if (process.platform === "win32") {
        // There are no signals there: kill() would be a crash.
        execFile(executable(program, "pg_ctl"), ["stop", "-D", cluster, "-m", "fast"], () => {});
      } else child.kill("SIGINT");
      const impatience = setTimeout(() => child.kill("SIGQUIT"), 20_000);
      await exited;
      clearTimeout(impatience);
    },
    endSurvivors: (force) => endSurvivors(cluster, force),
  };
}

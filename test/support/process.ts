import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { Env } from "../../src/config.ts";

const main = fileURLToPath(new URL("../../src/main.ts", import.meta.url));

/** Runs a command of the service as a process of its own, with no settings besides `env`. */
export function runMain(args: readonly string[], env: Env): ChildProcess & { output(): string } {
  const own = Object.entries(process.env).filter(
    ([name]) => !name.startsWith("CLIENTELE_") && name !== "DATABASE_URL",
  );
  const child = spawn(process.execPath, [main, ...args], {
    env: { ...Object.fromEntries(own), ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  return Object.assign(child, { output: () => output });
}

/** Resolves with the exit code; null when a signal ended the process. */
export function exitOf(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode);
  return new Promise((resolve) => child.once("exit", resolve));
}

/** Starts the service and resolves when it listens. */
export async function startMain(env: Env) {
  const child = runMain(["serve"], { CLIENTELE_PORT: "0", CLIENTELE_LOG_FORMAT: "json", ...env });
  const port = await new Promise<number>((resolve, reject) => {
    const look = () => {
      const match = /"port":(\d+),"msg":"listening"/.exec(child.output());
      if (match) resolve(Number(match[1]));
    };
    child.stdout?.on("data", look);
    child.once("exit", (code) => reject(new Error(`the service ended with ${code}:\n${child.output()}`)));
  });
  return { child, port, baseUrl: `http://127.0.0.1:${port}` };
}

/** An empty folder that is gone after `remove`. */
export function temporaryFolder() {
  const folder = mkdtempSync(path.join(tmpdir(), "clientele-test-"));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

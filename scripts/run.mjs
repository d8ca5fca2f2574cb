// Runs a command of this project after everything it needs is installed: `node scripts/run.mjs vitest run`.
// A process of its own starts it, since a shell remembers which Node it found before there was another.
import "./setup.mjs";
import { spawn } from "node:child_process";
import path from "node:path";
import { fileURLToPath } from "node:url";

const programs = fileURLToPath(new URL("../node_modules/.bin", import.meta.url));
// Node keeps here what it made of the sources: a start takes half the time.
const compiled = fileURLToPath(new URL("../node_modules/.cache/node", import.meta.url));
const [command, ...args] = process.argv.slice(2);
const child = spawn(command, args, {
  stdio: "inherit",
  shell: process.platform === "win32",
  env: {
    NODE_COMPILE_CACHE: compiled,
    ...process.env,
    PATH: `${programs}${path.delimiter}${process.env.PATH}`,
  },
});

// Ctrl-C reaches the command by itself; whoever stops only this process means the command.
process.on("SIGINT", () => {});
process.on("SIGTERM", () => child.kill("SIGTERM"));
child.once("error", (error) => {
  console.error(`${command} can't be run: ${error.message}`);
  process.exitCode = 1;
});
child.once("exit", (code, signal) => {
  process.exitCode = signal ? 1 : (code ?? 1);
});

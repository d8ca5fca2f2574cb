import { spawn } from "node:child_process";
import { parseArgs } from "node:util";

// Mixes as many calls of many projects as it's told, while connections to PostgreSQL break:
// `npm run test:walls -- --calls 100000 --seed 7`. The seed is printed.

const { values } = parseArgs({ options: { calls: { type: "string" }, seed: { type: "string" } } });
const calls = values.calls ?? "100000";
const seed = values.seed ?? String(Math.floor(Math.random() * 2 ** 31));
console.log(`${calls} calls, seed ${seed}`);

const child = spawn("vitest", ["run", "test/walls/mixed.test.ts"], {
  stdio: "inherit",
  shell: process.platform === "win32",
  env: { ...process.env, WALLS_CALLS: calls, WALLS_SEED: seed },
});
child.once("exit", (code) => {
  process.exitCode = code ?? 1;
});

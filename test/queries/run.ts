import { spawn } from "node:child_process";
import { parseArgs } from "node:util";

// Compares the service with the evaluator for as many pairs of a predicate and a resource as it's told:
// `npm run test:queries -- --pairs 1000000 --seed 7`. The seed is printed, and makes the same again.

const { values } = parseArgs({ options: { pairs: { type: "string" }, seed: { type: "string" } } });
const pairs = values.pairs ?? "1000000";
const seed = values.seed ?? String(Math.floor(Math.random() * 2 ** 31));
console.log(`${pairs} pairs, seed ${seed}`);

const child = spawn("vitest", ["run", "test/queries/against-evaluator.test.ts"], {
  stdio: "inherit",
  shell: process.platform === "win32",
  env: { ...process.env, QUERY_PAIRS: pairs, QUERY_SEED: seed },
});
child.once("exit", (code) => {
  process.exitCode = code ?? 1;
});

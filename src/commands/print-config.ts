import { describeConfig, type Env, toConfig } from "../config.ts";

/** Prints the settings in force, secrets hidden; fails as `serve` would on those it refuses. */
export async function printConfig(env: Env): Promise<number> {
  toConfig(env);
  console.log(describeConfig(env));
  return 0;
}

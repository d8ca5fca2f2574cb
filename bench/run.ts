import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

/** Ends something; they are called last first. */
export type CleanUp = () => Promise<void> | void;

export type Bench<Options, Result> = {
  readonly usage: string;
  /** @throws Error that says what is wrong. */
  parse(args: readonly string[]): Options;
  /** @param folder of its own, removed at the end. */
  measure(options: Options, folder: string, cleanUps: CleanUp[]): Promise<Result>;
  toText(result: Result): string;
  toJsonText(result: Result): string;
  /** Writes more files, if they are asked for. */
  readonly write?: (result: Result, options: Options) => void;
};

/** Runs a bench as the command line says. Progress goes to standard error, the figures to standard output. */
export async function runBench<Options extends { readonly jsonFile: string | undefined }, Result>(
  bench: Bench<Options, Result>,
): Promise<void> {
  let options: Options;
  try {
    options = bench.parse(process.argv.slice(2));
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n${bench.usage}`);
    process.exitCode = 2;
    return;
  }
  // Beside the sources rather than in a temporary folder, which may be memory: writes are to reach a disk.
  const folder = path.join(import.meta.dirname, `data-${process.pid}`);
  mkdirSync(folder);
  const cleanUps: CleanUp[] = [() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 })];
  const interrupted = new Promise<never>((_, reject) => {
    for (const signal of ["SIGINT", "SIGTERM"]) {
      process.once(signal, () => reject(new Error("interrupted")));
    }
  });
  try {
    const result = await Promise.race([bench.measure(options, folder, cleanUps), interrupted]);
    process.stdout.write(bench.toText(result));
    if (options.jsonFile !== undefined) writeFileSync(options.jsonFile, bench.toJsonText(result));
    bench.write?.(result, options);
  } catch (error) {
    console.error(error);
    process.exitCode = 1;
  }
  for (const cleanUp of cleanUps.toReversed()) {
    // What can't be ended, or has ended with Ctrl-C already, keeps nothing else from being ended.
    try {
      await cleanUp();
    } catch (error) {
      console.error(error);
    }
  }
  // An interrupted run may still be starting something; it ends with this process.
  if (process.exitCode === 1) process.exit();
}

export function progress(text: string): void {
  console.error(`bench: ${text}`);
}

import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { callersOf, type LoadShape } from "../call.ts";
import type { Contestant } from "../contestants/contestant.ts";
import { READ_PROJECT } from "../projects.ts";
import type { ContestantName } from "./contestants.ts";
import { projectFrames } from "./frames.ts";

/** Calls/s of Gets of one group as nghttp2's h2load counts them, by contestant. */
export type H2LoadResult = Partial<Record<ContestantName, number>>;

/** A second opinion on the load generator. Undefined where h2load isn't installed. */
export async function checkWithH2load(
  contestants: readonly Contestant<ContestantName>[],
  load: LoadShape,
  seconds: number,
): Promise<H2LoadResult | undefined> {
  const folder = mkdtempSync(path.join(tmpdir(), "clientele-h2load-"));
  const body = path.join(folder, "get");
  writeFileSync(body, projectFrames(READ_PROJECT, READ_PROJECT).getById(0));
  const result: H2LoadResult = {};
  try {
    for (const { name, port, callItself } of contestants) {
      if (!callItself) result[name] = await runH2load(port, body, load, seconds);
    }
    return result;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const run = promisify(execFile);

async function runH2load(port: number, body: string, load: LoadShape, seconds: number): Promise<number> {
  const { connections, streams } = load;
  const { stdout } = await run("h2load", [
    ...["-D", `${seconds}`, "-c", `${connections}`, "-m", `${streams}`, "-t", "1", "-d", body],
    ...["-H", "content-type: application/grpc", "-H", "te: trailers"],
    `http://127.0.0.1:${port}/clientele.v1.CustomerGroupService/GetCustomerGroup`,
  ]);
  const perSecond = Number(/, ([\d.]+) req\/s/.exec(stdout)?.[1]);
  if (!(perSecond > 0)) throw new Error(`h2load, ${callersOf(load)} callers, said: ${stdout}`);
  return perSecond;
}

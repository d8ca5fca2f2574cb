import type { Contestant } from "../contestants/contestant.ts";
import type { BenchDatabase } from "../database.ts";
import { fullestOf, type Load, startLoad } from "../load-process.ts";
import { type CleanUp, progress } from "../run.ts";
import { type ContestantName, targetOf } from "./contestants.ts";
import type { GroupCaseResult } from "./field.ts";
import { checkWithH2load, type H2LoadResult } from "./h2load.ts";
import { measureNeighbours, type NeighboursResult } from "./neighbours.ts";
import { measureOpenLoops, type OpenLoopResult } from "./open-loop.ts";
import type { GroupBenchOptions } from "./options.ts";
import { seededGroups } from "./seed.ts";
import { measureSoak, type SoakResult } from "./soak.ts";

/** What is measured besides the cases, in one project with the first number of groups. */
export type Further = {
  readonly openLoops: readonly OpenLoopResult[];
  readonly neighbours: readonly NeighboursResult[];
  readonly soak: SoakResult | undefined;
  /** Undefined where h2load isn't installed. */
  readonly h2load: H2LoadResult | undefined;
};

type Field = {
  readonly load: Load;
  readonly database: BenchDatabase;
  readonly contestants: readonly Contestant<ContestantName>[];
  readonly measured: readonly GroupCaseResult[];
  readonly rows: number;
};

export async function measureFurther(
  { load, database, contestants, measured, rows }: Field,
  options: GroupBenchOptions,
  cleanUps: CleanUp[],
): Promise<Further> {
  const shape = fullestOf(options.loads);
  const isInOneProject = options.projects.includes(1);
  const cases = measured.filter(({ projects }) => projects === 1);
  progress("an open loop");
  const openLoops = await measureOpenLoops(load, contestants, database, cases, shape, options.openLoopMs);
  progress("neighbours");
  const neighbourLoad = startLoad();
  cleanUps.push(neighbourLoad.stop);
  for (const { name, port, callItself } of contestants) {
    const groups = seededGroups(rows, 1);
    if (!callItself) await neighbourLoad.order({ do: "prepare", target: targetOf(name, 1), port, groups });
  }
  const loads = { load, neighbourLoad, database };
  const neighbours = await measureNeighbours(loads, contestants, cases, shape, options);
  await neighbourLoad.stop();
  const [ours] = contestants;
  progress("the soak");
  const soak =
    ours && isInOneProject ? await measureSoak(load, ours, database, shape, options.soak) : undefined;
  const h2load = await checkWithH2load(contestants, shape, Math.ceil(options.windowMs / 1000));
  return { openLoops, neighbours, soak, h2load };
}

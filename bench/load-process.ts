import { callersOf, type LoadShape } from "./call.ts";
import { type Child, startChild } from "./child.ts";
import type { LoadOrder, LoadReply, LoadWindow } from "./load.ts";
import type { CaseOptions } from "./options.ts";

export type Load = {
  order(order: LoadOrder): Promise<LoadReply & { readonly window?: LoadWindow }>;
  stop(): Promise<void>;
};

export function startLoad(): Load {
  const child: Child = startChild("bench/load.ts", {});
  return {
    async order(order) {
      const reply = await child.ask<LoadReply>(order);
      if ("error" in reply) throw new Error(`${order.target}: ${reply.error}`);
      return reply;
    },
    stop: () => child.stop(),
  };
}

/** Orders one window of calls. */
export async function callFor(
  load: Load,
  target: string,
  window: Omit<Extract<LoadOrder, { do: "window" }>, "do" | "target">,
): Promise<LoadWindow> {
  const reply = await load.order({ do: "window", target, ...window });
  if (!reply.window) throw new Error("unreachable: a window is answered by one");
  return reply.window;
}

type WarmUpOptions = Pick<CaseOptions<string>, "workloads" | "loads" | "warmUpCalls" | "warmUpMs">;

/**
 * Calls every method at the fullest load, a share of all calls for each, and then for a while at each of the others:
 * what only lone callers run isn't compiled by many at once, and it takes thousands of their calls until it is.
 */
export async function warmUp(
  load: Load,
  targets: readonly string[],
  { workloads, loads, warmUpCalls, warmUpMs }: WarmUpOptions,
): Promise<void> {
  const calls = Math.ceil(warmUpCalls / workloads.length);
  for (const target of targets) {
    for (const workload of workloads) {
      const fullest = fullestOf(loads);
      await callFor(load, target, { workload, load: fullest, ms: warmUpMs, calls });
      for (const lighter of loads.filter((one) => one !== fullest))
        await callFor(load, target, {
          workload,
          load: lighter,
          ms: warmUpMs / 2,
          calls: warmUpCalls,
        });
    }
  }
}

export function fullestOf(loads: readonly LoadShape[]): LoadShape {
  return loads.reduce((most, one) => (callersOf(one) > callersOf(most) ? one : most));
}

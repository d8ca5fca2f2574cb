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

/** Calls every method at the fullest load, so that no window meets code that isn't compiled yet. */
export async function warmUp(
  load: Load,
  targets: readonly string[],
  { workloads, loads, warmUpCalls, warmUpMs }: WarmUpOptions,
): Promise<void> {
  const calls = Math.ceil(warmUpCalls / workloads.length);
  for (const target of targets) {
    for (const workload of workloads) {
      await callFor(load, target, { workload, load: fullestOf(loads), ms: warmUpMs, calls });
    }
  }
}

export function fullestOf(loads: readonly LoadShape[]): LoadShape {
  return loads.reduce((most, one) => (callersOf(one) > callersOf(most) ? one : most));
}

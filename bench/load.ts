import type { LoadShape, Target } from "./call.ts";
import type { CustomerSample } from "./customers/sample.ts";
import { customersTarget } from "./customers/workloads.ts";
import type { SeededGroups } from "./groups/seeded.ts";
import { groupsTarget } from "./groups/workloads.ts";
import { runWindow } from "./load-window.ts";
import { closedLoop, openLoop } from "./pace.ts";
import type { SlowReading } from "./wire/connection.ts";

// The load generator, a process of its own: makes the calls that a bench orders, one order at a time.

export type LoadOrder =
  | {
      readonly do: "prepare";
      readonly target: string;
      readonly port: number;
      /** What is known of its data: the one or the other. */
      readonly groups?: SeededGroups;
      readonly customers?: CustomerSample;
    }
  | {
      readonly do: "window";
      readonly target: string;
      readonly workload: string;
      readonly load: LoadShape;
      /** It ends when the time is over or so many calls are made, whichever comes first. */
      readonly ms: number;
      readonly calls: number;
      /** Of an open loop; absent: a closed one. */
      readonly callsPerSecond?: number;
      /** How its answers are read; absent: as they come. */
      readonly slowly?: SlowReading;
    };

/** What one window measured. Times in milliseconds. */
export type LoadWindow = {
  readonly calls: number;
  readonly seconds: number;
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
  /** How often a call was made again, for the server had too much to do. */
  readonly retries: number;
  /** CPU time of the load generator itself. */
  readonly loadCpuUs: number;
};

export type LoadReply = { readonly window?: LoadWindow } | { readonly error: string };

const targets = new Map<string, Target<string>>();

process.on("message", (order: LoadOrder) => {
  carryOut(order).then(
    (reply) => process.send?.(reply),
    (error: unknown) => process.send?.({ error: describe(error) }),
  );
});
process.once("disconnect", () => process.exit());

async function carryOut(order: LoadOrder): Promise<LoadReply> {
  switch (order.do) {
    case "prepare": {
      const { target, port, groups, customers } = order;
      if (groups) targets.set(target, groupsTarget(port, groups));
      if (customers) targets.set(target, customersTarget(port, customers));
      return {};
    }
    case "window": {
      const target = targets.get(order.target);
      if (!target) throw new Error(`${order.target} is not prepared`);
      await target.prepare?.(order.workload);
      const pace = order.callsPerSecond === undefined ? closedLoop : openLoop(order.callsPerSecond);
      return { window: await runWindow(target, order, pace) };
    }
    default:
      return order satisfies never;
  }
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return `${error}`;
  return error.cause === undefined ? error.message : `${error.message}: ${describe(error.cause)}`;
}

import { setTimeout as sleep } from "node:timers/promises";
import type { Target } from "../call.ts";
import { groupsTarget, type WorkloadName } from "../groups/workloads.ts";
import { type Answer, callUnary, headersOf, openSession } from "../grpc.ts";
import { quantileOf } from "../statistics.ts";
import { GROUP_COUNT } from "./options.ts";
import { retryMsOf } from "./retry-info.ts";

// The callers of one project, a process of its own: reads, pages and updates, in closed loops.

export type CallersOrder =
  | { readonly do: "prepare"; readonly port: number; readonly projectKey: string }
  | {
      readonly do: "window";
      readonly callers: number;
      readonly ms: number;
      /** Whether one that is refused for calling too much waits before it calls again, as it is told to. */
      readonly isPatient: boolean;
    };

/** What one window measured. Times in milliseconds. */
export type CallersWindow = {
  readonly callsPerSecond: number;
  readonly p50: number;
  readonly p99: number;
  readonly refusedPerSecond: number;
};

export type CallersReply = { readonly window?: CallersWindow } | { readonly error: string };

const WORKLOADS: readonly WorkloadName[] = ["get-by-id", "query-page", "update"];
const MAX_CONNECTIONS = 4;
const RESOURCE_EXHAUSTED = "8";
const UNAVAILABLE = "14";
const UNAVAILABLE_MS = 50;

let target: Target<WorkloadName> | undefined;

process.on("message", (order: CallersOrder) => {
  carryOut(order).then(
    (reply) => process.send?.(reply),
    (error: unknown) => process.send?.({ error: `${error}` }),
  );
});
process.once("disconnect", () => process.exit());

async function carryOut(order: CallersOrder): Promise<CallersReply> {
  if (order.do === "window") return { window: await runWindow(order) };
  target = groupsTarget(order.port, { projects: [order.projectKey], rows: GROUP_COUNT });
  return {};
}

async function runWindow({
  callers,
  ms,
  isPatient,
}: CallersOrder & { do: "window" }): Promise<CallersWindow> {
  if (!target) throw new Error("not prepared");
  const { port, nextCall } = target;
  const sessions = await Promise.all(
    Array.from({ length: Math.min(MAX_CONNECTIONS, callers) }, () => openSession(port)),
  );
  const latencies: number[] = [];
  let refused = 0;
  const begin = performance.now();
  const loop = async (caller: number) => {
    const session = sessions[caller % sessions.length];
    if (!session) throw new Error("unreachable: there is a session");
    for (let n = caller; performance.now() < begin + ms; n += 1) {
      const workload = WORKLOADS[n % WORKLOADS.length] ?? "update";
      const call = nextCall(workload, caller, callers);
      const calledAt = performance.now();
      const answer = await new Promise<Answer | Error>((resolve) =>
        callUnary(session, headersOf(call.method), call.frame, resolve),
      );
      if (isRefusal(answer)) {
        refused += 1;
        // What too much of everybody's work was waiting for is waited for by all.
        const ms = answer.status === UNAVAILABLE ? UNAVAILABLE_MS : (retryMsOf(answer.statusDetails) ?? 0);
        if (isPatient || answer.status === UNAVAILABLE) await sleep(ms);
        continue;
      }
      const body = bodyOf(answer);
      // A read may meet an update that is under way.
      if (workload === "update") call.check(body, false);
      latencies.push(performance.now() - calledAt);
    }
  };
  await Promise.all(Array.from({ length: callers }, (_, caller) => loop(caller)));
  const seconds = (performance.now() - begin) / 1000;
  for (const session of sessions) session.destroy();
  const sorted = Float64Array.from(latencies).sort();
  return {
    callsPerSecond: sorted.length / seconds,
    p50: quantileOf(sorted, 0.5),
    p99: quantileOf(sorted, 0.99),
    refusedPerSecond: refused / seconds,
  };
}

function isRefusal(answer: Answer | Error): answer is Answer {
  return (
    !(answer instanceof Error) && (answer.status === RESOURCE_EXHAUSTED || answer.status === UNAVAILABLE)
  );
}

function bodyOf(answer: Answer | Error): Buffer {
  if (answer instanceof Error) throw answer;
  if (answer.status !== "0") throw new Error(`gRPC status ${answer.status}: ${answer.message}`);
  return answer.body;
}

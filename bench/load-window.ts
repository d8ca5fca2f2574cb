import type { ClientHttp2Session } from "node:http2";
import { type Answer, callUnary, openSession } from "./grpc.ts";
import type { LoadWindow } from "./load.ts";
import { quantileOf } from "./statistics.ts";
import type { Target } from "./target.ts";
import { nextCall, type WorkloadName } from "./workloads.ts";

export type WindowOptions = {
  readonly workload: WorkloadName;
  readonly callers: number;
  readonly ms: number;
  readonly calls: number;
};

/**
 * A closed loop: each caller has one call under way, and makes the next one when it is answered.
 *
 * @throws Error when an answer is wrong.
 */
export async function runWindow(target: Target, options: WindowOptions): Promise<LoadWindow> {
  const sessions = await Promise.all(
    Array.from({ length: Math.min(MAX_CONNECTIONS, options.callers) }, () => openSession(target.port)),
  );
  try {
    const cpu = process.cpuUsage();
    const begin = performance.now();
    const latencies = await callInLoops(target, sessions, options, begin + options.ms);
    const seconds = (performance.now() - begin) / 1000;
    const { user, system } = process.cpuUsage(cpu);
    const sorted = Float64Array.from(latencies).sort();
    return {
      calls: sorted.length,
      seconds,
      p50: quantileOf(sorted, 0.5),
      p99: quantileOf(sorted, 0.99),
      loadCpuUs: user + system,
    };
  } finally {
    for (const session of sessions) session.destroy();
  }
}

const MAX_CONNECTIONS = 4;
/** Every so many answers, one is checked whole. */
const CHECKED_WHOLE = 50;

/** @returns how long each call took. */
function callInLoops(
  target: Target,
  sessions: readonly ClientHttp2Session[],
  { workload, callers, calls }: WindowOptions,
  endAt: number,
): Promise<number[]> {
  const latencies: number[] = [];
  let begun = 0;
  let looping = callers;

  return new Promise((resolve, reject) => {
    for (let caller = 0; caller < callers; caller += 1) {
      const session = sessions[caller % sessions.length];
      if (session) loop(caller, session);
    }

    function loop(caller: number, session: ClientHttp2Session): void {
      const begin = performance.now();
      if (begin >= endAt || begun >= calls) {
        looping -= 1;
        if (looping === 0) resolve(latencies);
        return;
      }
      begun += 1;
      target.calls += 1;
      const whole = target.calls % CHECKED_WHOLE === 0;
      const call = nextCall(workload, target, caller, callers);
      callUnary(session, call.headers, call.frame, (answer) => {
        latencies.push(performance.now() - begin);
        try {
          call.check(bodyOf(answer), whole);
        } catch (error) {
          reject(new Error(`${workload}, ${callers} callers`, { cause: error }));
          return;
        }
        loop(caller, session);
      });
    }
  });
}

function bodyOf(answer: Answer | Error): Buffer {
  if (answer instanceof Error) throw answer;
  if (answer.status !== "0") throw new Error(`gRPC status ${answer.status}: ${answer.message}`);
  return answer.body;
}

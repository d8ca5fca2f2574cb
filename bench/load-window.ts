import type { ClientHttp2Session } from "node:http2";
import type { Target } from "./call.ts";
import { type Answer, callUnary, openSession } from "./grpc.ts";
import type { LoadWindow } from "./load.ts";
import { quantileOf } from "./statistics.ts";

export type WindowOptions<Workload extends string> = {
  readonly workload: Workload;
  readonly callers: number;
  readonly ms: number;
  readonly calls: number;
};

/**
 * A closed loop: each caller has one call under way, and makes the next one when it is answered.
 *
 * @throws Error when an answer is wrong.
 */
export async function runWindow<Workload extends string>(
  target: Target<Workload>,
  options: WindowOptions<Workload>,
): Promise<LoadWindow> {
  const sessions = await Promise.all(
    Array.from({ length: Math.min(MAX_CONNECTIONS, options.callers) }, () => openSession(target.port)),
  );
  try {
    const cpu = process.cpuUsage();
    const begin = performance.now();
    const { latencies, retries } = await callInLoops(target, sessions, options, begin + options.ms);
    const seconds = (performance.now() - begin) / 1000;
    const { user, system } = process.cpuUsage(cpu);
    const sorted = Float64Array.from(latencies).sort();
    return {
      calls: sorted.length,
      seconds,
      p50: quantileOf(sorted, 0.5),
      p99: quantileOf(sorted, 0.99),
      retries,
      loadCpuUs: user + system,
    };
  } finally {
    for (const session of sessions) session.destroy();
  }
}

const MAX_CONNECTIONS = 4;
/** Every so many answers, one is checked whole. */
const CHECKED_WHOLE = 50;

/** Calls whose answer says that nothing was done, since too much is under way, are made again as clients do. */
const UNAVAILABLE = "14";
const RETRY_MS = 50;

/** @returns how long each call took, from its first try. */
function callInLoops<Workload extends string>(
  target: Target<Workload>,
  sessions: readonly ClientHttp2Session[],
  { workload, callers, calls }: WindowOptions<Workload>,
  endAt: number,
): Promise<{ readonly latencies: number[]; readonly retries: number }> {
  const latencies: number[] = [];
  let retries = 0;
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
        if (looping === 0) resolve({ latencies, retries });
        return;
      }
      begun += 1;
      const whole = begun % CHECKED_WHOLE === 0;
      const call = target.nextCall(workload, caller, callers);
      callUnary(session, call.headers, call.frame, onAnswer);

      function onAnswer(answer: Answer | Error): void {
        if (!(answer instanceof Error) && answer.status === UNAVAILABLE) {
          retries += 1;
          setTimeout(() => callUnary(session, call.headers, call.frame, onAnswer), RETRY_MS);
          return;
        }
        latencies.push(performance.now() - begin);
        try {
          call.check(bodyOf(answer), whole);
        } catch (error) {
          reject(new Error(`${workload}, ${callers} callers`, { cause: error }));
          return;
        }
        loop(caller, session);
      }
    }
  });
}

function bodyOf(answer: Answer | Error): Buffer {
  if (answer instanceof Error) throw answer;
  if (answer.status !== "0") throw new Error(`gRPC status ${answer.status}: ${answer.message}`);
  return answer.body;
}

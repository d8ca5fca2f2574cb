import { type Call, callersOf, type LoadShape, loadText, type Target } from "./call.ts";
import { type MethodName, wireHeadersOf } from "./grpc.ts";
import type { LoadWindow } from "./load.ts";
import { quantileOf } from "./statistics.ts";
import { openConnection, type SlowReading, type WireAnswer, type WireConnection } from "./wire/connection.ts";
import type { HeaderList } from "./wire/hpack.ts";

export type WindowOptions<Workload extends string> = {
  readonly workload: Workload;
  readonly load: LoadShape;
  readonly ms: number;
  readonly calls: number;
  /** Absent: answers are read as they come. */
  readonly slowly?: SlowReading;
};

/** Begins calls until it is told to stop; resolves when all are answered. */
export type Pace<Workload extends string> = (
  callers: readonly Caller[],
  options: WindowOptions<Workload>,
) => Promise<void>;

/** Makes one call after the other, each when the last one is answered. */
export type Caller = {
  /**
   * @param begin when the call is to be counted from.
   * @param done is called with an error when the answer is wrong.
   */
  call(begin: number, done: (error?: Error) => void): void;
};

/** @throws Error when an answer is wrong. */
export async function runWindow<Workload extends string>(
  target: Target<Workload>,
  options: WindowOptions<Workload>,
  pace: Pace<Workload>,
): Promise<LoadWindow> {
  const { slowly } = options;
  const { connections } = options.load;
  const opened = await Promise.all(
    Array.from({ length: connections }, () => openConnection(target.port, slowly)),
  );
  const tally: Tally = { latencies: [], retries: 0, begun: 0 };
  try {
    const callers = Array.from({ length: callersOf(options.load) }, (_, caller) =>
      openCaller(target, options, caller, opened[caller % connections] as WireConnection, tally),
    );
    const cpu = process.cpuUsage();
    const begin = performance.now();
    await pace(callers, options);
    const seconds = (performance.now() - begin) / 1000;
    const { user, system } = process.cpuUsage(cpu);
    const sorted = Float64Array.from(tally.latencies).sort();
    return {
      calls: sorted.length,
      seconds,
      p50: quantileOf(sorted, 0.5),
      p99: quantileOf(sorted, 0.99),
      p999: quantileOf(sorted, 0.999),
      retries: tally.retries,
      loadCpuUs: user + system,
    };
  } finally {
    for (const connection of opened) connection.close();
  }
}

/** Every so many answers, one is checked whole. */
const CHECKED_WHOLE = 50;

/** Calls whose answer says that nothing was done, since too much is under way, are made again as clients do. */
const UNAVAILABLE = "14";
const RETRY_MS = 50;

type Tally = { readonly latencies: number[]; retries: number; begun: number };

function openCaller<Workload extends string>(
  target: Target<Workload>,
  { workload, load }: WindowOptions<Workload>,
  caller: number,
  connection: WireConnection,
  tally: Tally,
): Caller {
  const callers = callersOf(load);
  return {
    call(begin, done) {
      tally.begun += 1;
      const whole = tally.begun % CHECKED_WHOLE === 0;
      const call = target.nextCall(workload, caller, callers);
      send();

      function send(): void {
        connection.call(headersOf(call.method), call.frame, onAnswer);
      }

      function onAnswer(answer: WireAnswer | Error): void {
        if (!(answer instanceof Error) && answer.status === UNAVAILABLE) {
          tally.retries += 1;
          setTimeout(send, RETRY_MS);
          return;
        }
        tally.latencies.push(performance.now() - begin);
        done(wrongOf(call, answer, whole, `${workload}, ${loadText(load)}`));
      }
    },
  };
}

const known = new Map<MethodName, HeaderList>();

function headersOf(method: MethodName): HeaderList {
  const headers = known.get(method) ?? wireHeadersOf(method);
  known.set(method, headers);
  return headers;
}

function wrongOf(call: Call, answer: WireAnswer | Error, whole: boolean, what: string): Error | undefined {
  try {
    if (answer instanceof Error) throw answer;
    if (answer.status !== "0") throw new Error(`gRPC status ${answer.status}`);
    call.check(answer.body, whole);
    return undefined;
  } catch (error) {
    return new Error(what, { cause: error });
  }
}

import type { MethodName } from "./grpc.ts";

/** One call, ready to be sent. */
export type Call = {
  readonly method: MethodName;
  readonly frame: Buffer;
  /**
   * @param whole whether to look at all of the answer; otherwise at what tells a wrong one cheaply.
   * @throws Error when the answer is wrong.
   */
  check(body: Buffer, whole: boolean): void;
};

/** A server under load, and what is known of its data. */
export type Target<Workload extends string> = {
  readonly port: number;
  /** Finds out what the calls of a workload need, if anything, before the first of them. */
  prepare?(workload: Workload): Promise<void>;
  /** The next call of a caller, of which there are `callers` in all; none has another call under way. */
  nextCall(workload: Workload, caller: number, callers: number): Call;
};

/** How many connections, and how many streams of each are used at once. */
export type LoadShape = { readonly connections: number; readonly streams: number };

export function callersOf({ connections, streams }: LoadShape): number {
  return connections * streams;
}

/** As it is spelled: `4x64`. */
export function loadText({ connections, streams }: LoadShape): string {
  return `${connections}x${streams}`;
}

import type { Deadline } from "../call.ts";
import { failure } from "../errors.ts";
import type { CommitFunction } from "./commit-function.ts";
import type { PlainWrite } from "./plain-writes.ts";
import type { Write } from "./write.ts";

type Answer<Outcome> = {
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (error: unknown) => void;
};

/** A write whose caller waits for its outcome. */
export class PendingWrite {
  readonly commitFunction: CommitFunction<object>;
  readonly write: Write;
  /** How many of its characters its queue counts. */
  held = 0;
  /** Whether it may have reached the database. */
  sent = false;
  readonly #deadline: Deadline;
  readonly #onOver: () => void;
  /** Undefined once the caller has its answer. */
  #answer: Answer<object> | undefined;
  #text: string | undefined;
  /** Undefined until it is asked for; null when there is none. */
  #plain: PlainWrite | null | undefined;
  #characters: number | undefined;

  /** Rejected at the deadline, if it has no outcome by then. */
  constructor(
    commitFunction: CommitFunction<object>,
    write: Write,
    deadline: Deadline,
    answer: Answer<object>,
  ) {
    this.commitFunction = commitFunction;
    this.write = write;
    this.#deadline = deadline;
    this.#answer = answer;
    this.#onOver = () =>
      this.reject(this.sent ? failure.outcomeUnknown() : failure.deadlineExceeded(deadline.timeoutMs));
    deadline.over.whenEnded(this.#onOver);
  }

  /** Its JSON. A plain write mostly needs none, and one of both is kept. */
  get text(): string {
    this.#text ??= JSON.stringify(this.write);
    if (this.#plain) this.#plain = undefined;
    return this.#text;
  }

  /** Undefined of a write that surely isn't plain. */
  get plain(): PlainWrite | undefined {
    if (this.#plain === undefined) this.#plain = this.commitFunction.plain?.encode(this.write) ?? null;
    return this.#plain ?? undefined;
  }

  /** How much it is as it is sent. */
  get characters(): number {
    this.#characters ??= this.plain ? lengthOf(this.plain) : this.text.length;
    return this.#characters;
  }

  get isSettled(): boolean {
    return this.#answer === undefined;
  }

  resolve(outcome: object): void {
    this.#settle()?.resolve(outcome);
  }

  reject(error: unknown): void {
    this.#settle()?.reject(error);
  }

  #settle(): Answer<object> | undefined {
    const answer = this.#answer;
    this.#answer = undefined;
    if (answer) this.#deadline.over.forget(this.#onOver);
    return answer;
  }
}

function lengthOf({ elements }: PlainWrite): number {
  let length = 0;
  for (const element of elements) length += element.length + OF_EACH_TEXT;
  return length;
}

/** What a text takes besides its characters. */
const OF_EACH_TEXT = 16;

export function rejectAll(writes: readonly PendingWrite[], error: unknown): void {
  for (const write of writes) write.reject(error);
}

export function unsettled(writes: readonly PendingWrite[]): readonly PendingWrite[] {
  return writes.filter((write) => !write.isSettled);
}

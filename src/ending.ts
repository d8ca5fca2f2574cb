/** Told why something has ended. */
export type OnEnded = (reason: Error) => void;

/**
 * The untimely end of something: whoever is at work on it listens, and may stop. It says what an AbortSignal
 * says; that takes microseconds to make and to listen to, and most calls end in time.
 */
export class Ending {
  #reason: Error | undefined;
  #listeners: OnEnded[] | undefined;
  #abort: AbortController | undefined;

  /** Why it ended; undefined while it goes on. */
  get reason(): Error | undefined {
    return this.#reason;
  }

  /** The first reason counts. */
  end(reason: Error): void {
    if (this.#reason) return;
    this.#reason = reason;
    this.#abort?.abort(reason);
    const listeners = this.#listeners ?? [];
    this.#listeners = undefined;
    for (const listener of listeners) listener(reason);
  }

  /** Calls the listener when it ends; at once if it has. */
  whenEnded(listener: OnEnded): void {
    if (this.#reason) listener(this.#reason);
    else if (this.#listeners) this.#listeners.push(listener);
    else this.#listeners = [listener];
  }

  forget(listener: OnEnded): void {
    const index = this.#listeners?.indexOf(listener) ?? -1;
    if (index >= 0) this.#listeners?.splice(index, 1);
  }

  /** The same for those who take a signal. */
  get signal(): AbortSignal {
    if (!this.#abort) {
      this.#abort = new AbortController();
      if (this.#reason) this.#abort.abort(this.#reason);
    }
    return this.#abort.signal;
  }
}

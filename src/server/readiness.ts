import type { ServerLimits } from "./limits.ts";

/** Whether this server should be given calls. */
export type Readiness = {
  /** Asks now. A failing, throwing or late answer is a no; so is every answer once draining. */
  check(): Promise<boolean>;
  /** From now on the answer is no. */
  drain(): void;
  /** Calls back whenever the answer may have changed, until the returned function is called. */
  watch(onChange: () => void): () => void;
};

/** Wraps the application's own test: bounded in time, and asked once for all who ask at the same time. */
export function createReadiness(
  ready: () => Promise<boolean> | boolean,
  { readyMs, readyPollMs }: Pick<ServerLimits, "readyMs" | "readyPollMs">,
): Readiness {
  const watchers = new Set<() => void>();
  let draining = false;
  let asking: Promise<boolean> | undefined;
  let last: boolean | undefined;
  let poll: NodeJS.Timeout | undefined;

  function check(): Promise<boolean> {
    if (draining) return Promise.resolve(false);
    asking ??= ask(ready, readyMs).finally(() => {
      asking = undefined;
    });
    return asking.then((answer) => answer && !draining);
  }

  async function pollOnce() {
    const answer = await check();
    if (answer !== last) for (const onChange of watchers) onChange();
    last = answer;
  }

  return {
    check,
    drain() {
      draining = true;
      for (const onChange of watchers) onChange();
    },
    watch(onChange) {
      watchers.add(onChange);
      poll ??= setInterval(() => void pollOnce(), readyPollMs).unref();
      return () => {
        watchers.delete(onChange);
        if (watchers.size > 0) return;
        clearInterval(poll);
        poll = undefined;
        last = undefined;
      };
    },
  };
}

async function ask(ready: () => Promise<boolean> | boolean, readyMs: number): Promise<boolean> {
  const late = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => late.resolve(false), readyMs);
  try {
    return await Promise.race([ready(), late.promise]);
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}

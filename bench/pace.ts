import type { Caller, Pace } from "./load-window.ts";

/** A closed loop: each caller makes its next call when its last one is answered. */
export const closedLoop: Pace<string> = async (callers, { ms, calls }) => {
  const endAt = performance.now() + ms;
  let begun = 0;
  await Promise.all(
    callers.map(
      (caller) =>
        new Promise<void>((resolve, reject) => {
          next();

          function next(error?: Error): void {
            const begin = performance.now();
            if (error) reject(error);
            else if (begin >= endAt || begun >= calls) resolve();
            else {
              begun += 1;
              caller.call(begin, next);
            }
          }
        }),
    ),
  );
};

/**
 * An open loop: calls begin at their time, whatever became of those before. One that finds no caller free
 * waits for one, and its time counts from when it was to begin.
 */
export function openLoop(callsPerSecond: number): Pace<string> {
  return (callers, { ms }) =>
    new Promise((resolve, reject) => {
      const idle: Caller[] = [...callers];
      const total = Math.floor((ms / 1000) * callsPerSecond);
      const beginAt = performance.now();
      let begun = 0;
      let answered = 0;
      const timer = setInterval(beginDue, 1);

      function beginDue(): void {
        const due = Math.min(total, Math.floor(((performance.now() - beginAt) / 1000) * callsPerSecond));
        while (begun < due) {
          const caller = idle.pop();
          if (!caller) return;
          const intended = beginAt + (begun / callsPerSecond) * 1000;
          begun += 1;
          caller.call(intended, (error) => onAnswer(caller, error));
        }
      }

      function onAnswer(caller: Caller, error: Error | undefined): void {
        answered += 1;
        idle.push(caller);
        if (error) reject(error);
        else if (answered === total) resolve();
        else {
          beginDue();
          return;
        }
        clearInterval(timer);
      }
    });
}

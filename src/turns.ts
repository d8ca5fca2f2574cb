/**
 * Waits while the event loop does what else there is to do. One who waits goes on in each of its turns, in the
 * order in which they came: were it all of them, a turn would take the longer the more they are.
 */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    waiting.push(resolve);
    if (waiting.length === 1) setImmediate(letGoOn);
  });
}

const waiting: (() => void)[] = [];

function letGoOn(): void {
  waiting.shift()?.();
  if (waiting.length > 0) setImmediate(letGoOn);
}

/**
 * Waits while the event loop does what else there is to do. One who waits goes on in each of its turns: were it all of
 * them, a turn would take the longer the more they are. And it is the one who began first, for all have a deadline:
 * were they to take turns, many would all come too late.
 *
 * Nobody waits behind many. What they keep meanwhile is much, and who holds up the event loop also holds up what brings
 * more of them.
 *
 * @param goesOn whether the caller has waited before.
 */
export function nextTurn(goesOn: boolean): Promise<void> {
  if (waiting.length >= MAX_WAITING) return Promise.resolve();
  return new Promise((resolve) => {
    if (goesOn) waiting.unshift(resolve);
    else waiting.push(resolve);
    if (isLetGoOn) return;
    isLetGoOn = true;
    setImmediate(letGoOn);
  });
}

const MAX_WAITING = 8;
const waiting: (() => void)[] = [];
let isLetGoOn = false;

function letGoOn(): void {
  waiting.shift()?.();
  isLetGoOn = waiting.length > 0;
  if (isLetGoOn) setImmediate(letGoOn);
}

import type { Rounds } from "./case.ts";
import { isClean, type Window } from "./measure.ts";
import { medianOf, type Spread, spreadOf } from "./statistics.ts";

/** Two who took turns: the first's figure divided by the second's, for each pair of windows measured side by side. */
export type Comparison = Spread & { readonly pairs: number; readonly isConclusive: boolean };

/**
 * Of the pairs that nobody else disturbed; where they are too few, of all, and not conclusive. Undefined unless
 * both took part and the figure is known of both.
 */
export function compare<Name extends string>(
  result: Rounds<Name>,
  first: Name,
  second: Name,
  read: (window: Window) => number | undefined = ({ callsPerSecond }) => callsPerSecond,
): Comparison | undefined {
  const pairs = pairsOf(result, first, second);
  const clean = pairs.filter((pair) => pair.every(isClean));
  const isConclusive = clean.length >= leastPairs(result);
  const ratios = (isConclusive ? clean : pairs)
    .map(([one, other]) => (read(one) ?? Number.NaN) / (read(other) ?? Number.NaN))
    .filter(Number.isFinite);
  if (ratios.length === 0) return undefined;
  return {
    ...spreadOf(ratios),
    pairs: ratios.length,
    isConclusive: isConclusive && ratios.length >= leastPairs(result),
  };
}

/** The median of `usableWindows`; NaN where the figure isn't known. */
export function medianIn<Name extends string>(
  result: Rounds<Name>,
  name: Name,
  read: (window: Window) => number | undefined,
): number {
  return medianOf(usableWindows(result, name).map((window) => read(window) ?? Number.NaN));
}

/** Those that nobody else disturbed; where they are too few, all. */
export function usableWindows<Name extends string>(result: Rounds<Name>, name: Name): readonly Window[] {
  const windows = result.windows[name] ?? [];
  return isConclusive(result, name) ? windows.filter(isClean) : windows;
}

/** Whether there are enough clean windows of one. */
export function isConclusive<Name extends string>(result: Rounds<Name>, name: Name): boolean {
  return (result.windows[name] ?? []).filter(isClean).length >= leastPairs(result);
}

function pairsOf<Name extends string>(
  { windows }: Rounds<Name>,
  first: Name,
  second: Name,
): [Window, Window][] {
  return (windows[first] ?? []).flatMap((window, index) => {
    const other = windows[second]?.[index];
    return other ? [[window, other]] : [];
  });
}

function leastPairs({ windowsWanted }: Rounds<string>): number {
  return Math.ceil((windowsWanted * 2) / 3);
}

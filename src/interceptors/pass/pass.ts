/** Whether a value surely breaks no rule. False says nothing: the whole check has to look. */
export type Pass = (value: unknown) => boolean;

/** For rules that no pass is known of. */
export const never: Pass = () => false;

/** One pass of those that there are; undefined when there is none, so that nothing is called. */
export function all(passes: readonly (Pass | undefined)[]): Pass | undefined {
  const [first, second, third, ...more] = passes.filter((pass) => pass !== undefined);
  if (!first || !second) return first;
  if (!third) return (value) => first(value) && second(value);
  const rest = all([third, ...more]) ?? never;
  return (value) => first(value) && second(value) && rest(value);
}

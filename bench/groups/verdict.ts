/** What the service is to reach, and whether it did. */
export type TargetResult = {
  readonly what: string;
  readonly bound: string;
  readonly measured: string;
  readonly verdict: "met" | "not met" | "inconclusive";
};

export function verdictOf(isMet: boolean): TargetResult["verdict"] {
  return isMet ? "met" : "not met";
}

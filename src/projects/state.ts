/** How much a project may hold, and how often it may be called; null is what the service is set to, and 0 no limit. */
export type ProjectLimitState = {
  readonly customerGroupLimit: number;
  readonly customerLimit: number;
  readonly customTypeLimit: number;
  readonly concurrentCallLimit: number | null;
  readonly callsPerSecondLimit: number | null;
};

/** The part of a project that its operators decide. */
export type ProjectState = ProjectLimitState & { readonly name: string };

/** As the table has them, for projects that are made at start. */
export const DEFAULT_LIMITS: ProjectLimitState = {
  customerGroupLimit: 1000,
  customerLimit: 10_000_000,
  customTypeLimit: 1000,
  concurrentCallLimit: null,
  callsPerSecondLimit: null,
};

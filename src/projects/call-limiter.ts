/** How often a project may be called; 0 is no limit. */
export type CallLimits = {
  /** Under way at once. */
  readonly concurrentCalls: number;
  /** So many at once, too, after a second without any. */
  readonly callsPerSecond: number;
};

/** Counts the calls of each project on this instance. */
export type CallLimiter = {
  /** Takes a call, which is to be ended; or tells which limit refuses it. */
  begin(projectKey: string): Refusal | undefined;
  end(projectKey: string): void;
  /** How many projects are kept in mind. */
  size(): number;
};

export type Refusal = {
  readonly limitName: "concurrent_calls" | "calls_per_second";
  readonly limit: number;
  /** When to come again: those who are refused come one after another, if they do as they are told. */
  readonly retryMs: number;
  /** Whether so many were refused lately that they can't all come again soon. */
  readonly isFlood: boolean;
};

export type CallLimiterOptions = {
  limitsOf(projectKey: string): CallLimits;
  /** Milliseconds since any moment. */
  now(): number;
  /** Told at a project's first refusal, then every ten seconds with those in between. */
  onRefused?(projectKey: string, refusal: Refusal, count: number): void;
};

/**
 * What is kept in mind of a project is dropped when it says nothing any more. Projects that there are not are
 * counted like any other: the memory that all take is bounded by the calls of ten seconds.
 */
export function createCallLimiter({ limitsOf, now, onRefused }: CallLimiterOptions): CallLimiter {
  const shares = new Map<string, Share>();
  let crowd = CROWD;

  return {
    begin(projectKey) {
      const { concurrentCalls, callsPerSecond } = limitsOf(projectKey);
      const at = now();
      const share = shares.get(projectKey) ?? add(projectKey, at);
      settle(share, callsPerSecond, at);
      if (concurrentCalls > 0 && share.running >= concurrentCalls) {
        return refuse(projectKey, share, "concurrent_calls", concurrentCalls, 0, 0);
      }
      if (callsPerSecond > 0) {
        const missing = share.spent + 1 - callsPerSecond;
        if (missing > ROUNDING) {
          const { msPerCall } = share;
          return refuse(
            projectKey,
            share,
            "calls_per_second",
            callsPerSecond,
            missing * msPerCall,
            msPerCall,
          );
        }
        share.spent += 1;
      }
      share.running += 1;
      return undefined;
    },
    end(projectKey) {
      const share = shares.get(projectKey);
      if (!share) throw new Error("unreachable: a project with calls under way is kept in mind");
      share.running -= 1;
      if (share.running === 0 && share.spent === 0 && share.toldAt === undefined) shares.delete(projectKey);
    },
    size: () => shares.size,
  };

  function add(projectKey: string, at: number): Share {
    if (shares.size >= crowd) {
      for (const [key, share] of shares) if (saysNothing(share, at)) shares.delete(key);
      // Seldom enough, however many are left.
      crowd = Math.max(CROWD, 2 * shares.size);
    }
    const share: Share = { running: 0, spent: 0, at, msPerCall: 0, retryAt: 0, toldAt: undefined, untold: 0 };
    shares.set(projectKey, share);
    return share;
  }

  function refuse(
    projectKey: string,
    share: Share,
    limitName: Refusal["limitName"],
    limit: number,
    roomInMs: number,
    apartMs: number,
  ): Refusal {
    const earliest = share.at + Math.max(RETRY_MS, roomInMs);
    const next = Math.max(earliest, share.retryAt + Math.max(APART_MS, apartMs));
    share.retryAt = Math.min(next, share.at + MAX_RETRY_MS);
    const retryMs = share.retryAt - share.at;
    const refusal = { limitName, limit, retryMs, isFlood: share.retryAt - earliest >= FLOOD_MS };
    share.untold += 1;
    if (share.toldAt === undefined || share.at - share.toldAt >= TOLD_MS) {
      onRefused?.(projectKey, refusal, share.untold);
      share.toldAt = share.at;
      share.untold = 0;
    }
    return refusal;
  }
}

const CROWD = 1000;
/** Each costs something, even if it is refused again. */
const RETRY_MS = 100;
const APART_MS = 10;
const MAX_RETRY_MS = 10_000;
const FLOOD_MS = 500;
const TOLD_MS = 10_000;
/** Of sums of fractions of calls. */
const ROUNDING = 1e-6;

type Share = {
  running: number;
  /** Of the calls that a second allows, those that are not made good for yet, as of `at`. */
  spent: number;
  at: number;
  msPerCall: number;
  /** When whoever was refused last comes again. */
  retryAt: number;
  toldAt: number | undefined;
  untold: number;
};

/** Makes good for calls by the time that has passed. */
function settle(share: Share, callsPerSecond: number, at: number): void {
  share.msPerCall = callsPerSecond > 0 ? 1000 / callsPerSecond : 0;
  share.spent = callsPerSecond > 0 ? Math.max(0, share.spent - (at - share.at) / share.msPerCall) : 0;
  share.at = at;
}

function saysNothing({ running, spent, at, msPerCall, toldAt }: Share, now: number): boolean {
  const isSettled = spent * msPerCall <= now - at;
  return running === 0 && isSettled && (toldAt === undefined || now - toldAt >= TOLD_MS);
}

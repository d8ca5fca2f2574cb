import type { Http2Session } from "node:http2";
import type { ServerLimits } from "./limits.ts";

/** The open HTTP/2 connections. */
export type Sessions = {
  /** Watches over a new one: ends it when idle, and asks it to go away (GOAWAY) when old. */
  add(session: Http2Session): void;
  /** A stream of it was opened. */
  opened(session: Http2Session): void;
  /** A stream of it was closed. */
  closed(session: Http2Session): void;
  /** Asks all of them, and all later ones, to go away; each ends with its last stream. */
  close(): void;
};

export function createSessions(
  limits: Pick<ServerLimits, "idleSessionMs" | "maxConnectionAgeMs" | "connectionAgeGraceMs">,
): Sessions {
  const watches = new Map<Http2Session, IdleWatch>();
  let closing = false;
  return {
    add(session) {
      watches.set(session, endWhenIdle(session, limits.idleSessionMs));
      session.once("close", () => watches.delete(session));
      retireWhenOld(session, jittered(limits.maxConnectionAgeMs), limits.connectionAgeGraceMs);
      if (closing) session.close();
    },
    opened(session) {
      const watch = watches.get(session);
      if (watch) watch.openStreams += 1;
    },
    closed(session) {
      const watch = watches.get(session);
      if (!watch) return;
      watch.openStreams -= 1;
      if (watch.openStreams === 0) watch.timer.refresh();
    },
    close() {
      closing = true;
      for (const session of watches.keys()) session.close();
    },
  };
}

type IdleWatch = { openStreams: number; readonly timer: NodeJS.Timeout };

/** Spreads the reconnects of clients that came together: +-10 %. */
export function jittered(ageMs: number): number {
  return ageMs * (0.9 + Math.random() * 0.2);
}

function endWhenIdle(session: Http2Session, idleMs: number): IdleWatch {
  const watch: IdleWatch = {
    openStreams: 0,
    timer: setTimeout(() => {
      // Destroyed, not closed: a peer that is gone would never finish closing.
      if (watch.openStreams === 0) session.destroy();
    }, idleMs).unref(),
  };
  session.once("close", () => clearTimeout(watch.timer));
  return watch;
}

function retireWhenOld(session: Http2Session, ageMs: number, graceMs: number): void {
  let timer = setTimeout(() => {
    session.close();
    timer = setTimeout(() => session.destroy(), graceMs).unref();
  }, ageMs).unref();
  session.once("close", () => clearTimeout(timer));
}

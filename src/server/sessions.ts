import type { Http2Session } from "node:http2";
import type { ServerLimits } from "./limits.ts";

/** The open HTTP/2 connections. */
export type Sessions = {
  /** Watches over a new one: ends it when idle, and asks it to go away (GOAWAY) when old. */
  add(session: Http2Session): void;
  /** Asks all of them, and all later ones, to go away; each ends with its last stream. */
  close(): void;
};

export function createSessions(
  limits: Pick<ServerLimits, "idleSessionMs" | "maxConnectionAgeMs" | "connectionAgeGraceMs">,
): Sessions {
  const sessions = new Set<Http2Session>();
  let closing = false;
  return {
    add(session) {
      sessions.add(session);
      session.once("close", () => sessions.delete(session));
      endWhenIdle(session, limits.idleSessionMs);
      retireWhenOld(session, jittered(limits.maxConnectionAgeMs), limits.connectionAgeGraceMs);
      if (closing) session.close();
    },
    close() {
      closing = true;
      for (const session of sessions) session.close();
    },
  };
}

/** Spreads the reconnects of clients that came together: +-10 %. */
export function jittered(ageMs: number): number {
  return ageMs * (0.9 + Math.random() * 0.2);
}

function endWhenIdle(session: Http2Session, idleMs: number): void {
  let open = 0;
  // Destroyed, not closed: a peer that is gone would never finish closing.
  const timer = setTimeout(() => {
    if (open === 0) session.destroy();
  }, idleMs).unref();
  session.on("stream", (stream) => {
    open += 1;
    stream.once("close", () => {
      open -= 1;
      if (!session.destroyed) timer.refresh();
    });
  });
  session.once("close", () => clearTimeout(timer));
}

function retireWhenOld(session: Http2Session, ageMs: number, graceMs: number): void {
  let timer = setTimeout(() => {
    session.close();
    timer = setTimeout(() => session.destroy(), graceMs).unref();
  }, ageMs).unref();
  session.once("close", () => clearTimeout(timer));
}

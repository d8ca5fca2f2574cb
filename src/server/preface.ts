import type { Socket } from "node:net";

/**
 * Tells HTTP/2 with prior knowledge from HTTP/1.1 by the first bytes of a connection, and gives them back to it.
 * A connection that has not shown which one it is after `timeoutMs` is ended.
 */
export function peekProtocol(socket: Socket, timeoutMs: number, onKnown: (isHttp2: boolean) => void): void {
  let seen = Buffer.alloc(0);
  const timer = setTimeout(() => socket.destroy(), timeoutMs);

  function look() {
    const chunk: Buffer | null = socket.read();
    if (chunk === null) return;
    seen = Buffer.concat([seen, chunk]);
    const length = Math.min(seen.length, PREFACE.length);
    const maybeHttp2 = seen.subarray(0, length).equals(PREFACE.subarray(0, length));
    if (maybeHttp2 && length < PREFACE.length) return;

    clearTimeout(timer);
    socket.off("readable", look);
    socket.off("error", ignore);
    socket.unshift(seen);
    onKnown(maybeHttp2);
    if (!maybeHttp2) socket.resume();
  }

  socket.on("readable", look);
  socket.on("error", ignore); // "close" follows
  socket.once("close", () => clearTimeout(timer));
}

const PREFACE = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

function ignore() {}

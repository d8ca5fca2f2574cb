import { constants } from "node:crypto";
import { createServer, type Server, type Socket } from "node:net";
import { setImmediate as nextTurn } from "node:timers/promises";
import { createServer as createTlsServer } from "node:tls";
import type { Log } from "../log.ts";
import type { ServerLimits } from "./limits.ts";
import { peekProtocol } from "./preface.ts";
import type { Protocols } from "./protocols.ts";

/** PEM text. */
export type TlsOptions = {
  /** The certificate chain. */
  readonly cert: string;
  readonly key: string;
  /** Who signs the certificates that clients are asked for; absent: they are not. */
  readonly clientCa?: string | undefined;
};

/** The one port of the server. */
export type Port = {
  readonly server: Server;
  /** Resolves when a turn of the event loop brought no new connection, nor showed the protocol of one; soon in any case. */
  takeWaiting(): Promise<void>;
  /** Ends the connections that have not shown which protocol they speak. */
  endUndecided(): void;
  /** Ends every connection. */
  destroy(): void;
};

/** Takes connections, and gives each to HTTP/1.1 or HTTP/2: by ALPN with TLS, by the first bytes without. */
export function createPort(
  protocols: Protocols,
  limits: ServerLimits,
  log: Log,
  tls: TlsOptions | undefined,
): Port {
  const sockets = new Set<Socket>();
  const undecided = new Set<Socket>();
  const socketOptions = { noDelay: true, keepAlive: true, keepAliveInitialDelay: limits.tcpKeepAliveMs };

  /** Goes up whenever a connection comes, or shows its protocol. */
  let steps = 0;

  function accept(socket: Socket, isHttp2: boolean) {
    steps += 1;
    undecided.delete(socket);
    (isHttp2 ? protocols.http2 : protocols.http1).emit("connection", socket);
  }

  const server =
    tls === undefined
      ? createServer(socketOptions, (socket) => {
          undecided.add(socket);
          socket.once("close", () => undecided.delete(socket));
          peekProtocol(socket, limits.handshakeMs, (isHttp2) => accept(socket, isHttp2));
        })
      : createTlsServer(
          {
            ...socketOptions,
            cert: tls.cert,
            key: tls.key,
            // Probes and health come without a certificate: who calls is asked for it behind the handshake.
            ...(tls.clientCa !== undefined && {
              ca: tls.clientCa,
              requestCert: true,
              rejectUnauthorized: false,
            }),
            minVersion: "TLSv1.2",
            // HTTP/2 forbids it, and a client could show another certificate than the one that was checked.
            secureOptions: constants.SSL_OP_NO_RENEGOTIATION,
            ALPNProtocols: ["h2", "http/1.1"],
            handshakeTimeout: limits.handshakeMs,
          },
          (socket) => accept(socket, socket.alpnProtocol === "h2"),
        );
  // What is beyond is closed also where workers share the port: by default they would hand it around without end.
  Object.assign(server, { maxConnections: limits.maxConnections, dropMaxConnection: true });
  server.on("connection", (socket) => {
    steps += 1;
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  // A connection that could not be accepted (out of file descriptors) must not end the process.
  server.on("error", (error: NodeJS.ErrnoException) => log.error({ code: error.code }, "the port failed"));

  return {
    server,
    async takeWaiting() {
      const endAt = performance.now() + MAX_TAKING_MS;
      for (let before = -1; steps !== before && performance.now() < endAt; ) {
        before = steps;
        // Between the two there is a whole turn.
        await nextTurn();
        await nextTurn();
      }
    },
    endUndecided() {
      for (const socket of undecided) socket.destroy();
    },
    destroy() {
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** Where connections come without end. */
const MAX_TAKING_MS = 200;

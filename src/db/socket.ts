import net from "node:net";
import path from "node:path";

export type Socket = net.Socket;

/** Where PostgreSQL listens. */
export type ConnectOptions = {
  /** A host name, or the folder of a unix socket. */
  readonly host: string;
  readonly port: number;
  /** TLS settings as `tls.connect` takes them; unset for cleartext. */
  readonly ssl?: { readonly rejectUnauthorized: boolean; readonly ca?: string } | undefined;
};

/**
 * Begins to connect. The socket is handed over before it is connected: postgres.js hears of a refused
 * connection from the socket's events, and would wait for ever if this failed instead.
 */
export function connect({ host, port }: ConnectOptions): Socket {
  const socket = net.connect(
    path.isAbsolute(host) ? { path: path.join(host, `.s.PGSQL.${port}`) } : { host, port, noDelay: true },
  );
  socket.setKeepAlive(true, 5000);
  // postgres.js verifies the certificate against this name.
  return Object.assign(socket, { host });
}

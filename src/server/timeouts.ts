import { parseTimeout as parseConnectTimeout } from "@connectrpc/connect/protocol-connect";
import { parseTimeout as parseGrpcTimeout } from "@connectrpc/connect/protocol-grpc";

/**
 * Shortens the deadlines that a caller sets to `maxMs`, at most 99,999,999. Connect gives them to a timer, and Node's
 * fires at once when it is told to wait for more than 2^31-1 ms. Malformed ones stay: Connect refuses them.
 */
export function shortenTimeouts(header: Headers, maxMs: number): void {
  const grpc = parseGrpcTimeout(header.get("grpc-timeout"), Number.POSITIVE_INFINITY);
  if ((grpc.timeoutMs ?? 0) > maxMs) header.set("grpc-timeout", `${maxMs}m`);
  const connect = parseConnectTimeout(header.get("connect-timeout-ms"), Number.POSITIVE_INFINITY);
  if ((connect.timeoutMs ?? 0) > maxMs) header.set("connect-timeout-ms", `${maxMs}`);
}

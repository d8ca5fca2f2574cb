import type { IncomingMessage, ServerResponse } from "node:http";
import { constants, type Http2ServerRequest, type Http2ServerResponse } from "node:http2";

export type HttpRequest = IncomingMessage | Http2ServerRequest;
export type HttpResponse = ServerResponse | Http2ServerResponse;

/** Answers one part of what arrives; false means: not mine, and nothing was answered. */
export type Responder = (request: HttpRequest, response: HttpResponse) => boolean;

/** The path that was asked for, without its query. */
export function pathOf(request: HttpRequest): string {
  const target = request.url ?? "";
  const query = target.indexOf("?");
  return query < 0 ? target : target.slice(0, query);
}

/** True for gRPC proper; gRPC-Web has other content types and cannot read trailers. */
export function isGrpc(contentType: string | null | undefined): boolean {
  return /^application\/grpc(?:[+;]|$)/i.test(contentType ?? "");
}

/** Answers one plain sentence. */
export function answerText(response: HttpResponse, status: number, text: string): void {
  response.statusCode = status;
  response.setHeader("content-type", "text/plain; charset=utf-8");
  response.setHeader("x-content-type-options", "nosniff");
  response.end(`${text}\n`);
}

/** Ends the exchange, whatever state it is in: the stream on HTTP/2, the connection on HTTP/1.1. */
export function abandon(response: HttpResponse): void {
  if ("stream" in response) response.stream?.close(constants.NGHTTP2_CANCEL);
  else response.req.socket.destroy();
}

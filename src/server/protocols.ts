import { createServer as createHttp1, type Server as Http1Server } from "node:http";
import {
  createServer as createHttp2,
  type Http2Server,
  type IncomingHttpHeaders,
  type ServerHttp2Stream,
} from "node:http2";
import type { HttpRequest, HttpResponse } from "./http.ts";
import type { ServerLimits } from "./limits.ts";

/** Both HTTP versions, to be given connections by `emit("connection", socket)`; neither listens by itself. */
export type Protocols = {
  readonly http1: Http1Server;
  readonly http2: Http2Server;
};

/** Serves an HTTP/2 stream by itself, or returns false to make it a request. */
export type OnStream = (
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  rawHeaders: readonly string[],
) => boolean;

export function createProtocols(
  limits: ServerLimits,
  onRequest: (request: HttpRequest, response: HttpResponse) => void,
  onStream: OnStream,
): Protocols {
  const http1 = createHttp1(
    {
      maxHeaderSize: limits.maxHeaderBytes,
      headersTimeout: limits.headersMs,
      requestTimeout: limits.requestMs,
      keepAliveTimeout: limits.keepAliveMs,
      connectionsCheckingInterval: Math.min(1_000, limits.headersMs),
    },
    onRequest,
  );
  // Node starts checking the timeouts above when a server listens, which this one never does.
  http1.emit("listening");

  const http2 = createHttp2({
    settings: {
      enablePush: false,
      maxConcurrentStreams: limits.maxConcurrentStreams,
      maxHeaderListSize: limits.maxHeaderBytes,
    },
    maxHeaderListPairs: limits.maxHeaderListPairs,
    maxSessionInvalidFrames: limits.maxSessionInvalidFrames,
    maxSessionRejectedStreams: limits.maxSessionRejectedStreams,
    streamResetBurst: limits.streamResetBurst,
    streamResetRate: limits.streamResetRate,
    unknownProtocolTimeout: limits.handshakeMs,
  });
  // Node makes requests of the streams of a server that listens for requests: this one does nothing else.
  const requests = createHttp2(onRequest);
  http2.on("stream", (stream, headers, flags, rawHeaders) => {
    if (!onStream(stream, headers, rawHeaders)) requests.emit("stream", stream, headers, flags, rawHeaders);
  });
  return { http1, http2 };
}

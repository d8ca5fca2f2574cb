import type { Log } from "../log.ts";
import type { Calls } from "./calls.ts";
import { abandon, answerText, type HttpRequest, type HttpResponse, type Responder } from "./http.ts";
import type { Http1Connections } from "./http1-connections.ts";
import { endUnreadRequest } from "./linger.ts";
import { answerNotFound } from "./rpc.ts";

export type ListenerOptions = {
  /** Asked in this order until one answers. */
  readonly responders: readonly Responder[];
  /** Told of those over HTTP/1.1; over HTTP/2 each is a stream. */
  readonly calls: Calls;
  readonly connections: Http1Connections;
  readonly lingerMs: number;
  readonly log: Log;
};

/** What happens to every request, whatever its protocol. Never throws. */
export function createListener({ responders, calls, connections, lingerMs, log }: ListenerOptions) {
  return (request: HttpRequest, response: HttpResponse): void => {
    try {
      if (!("stream" in response)) {
        calls.begin();
        response.once("close", calls.end);
        connections.addResponse(response);
      }
      endUnreadRequest(request, response, lingerMs);
      // Answers hold customers' data, and some methods can be called by GET.
      response.setHeader("cache-control", "no-store");
      if (!responders.some((respond) => respond(request, response))) answerNotFound(request, response);
    } catch (error) {
      // By name only: the message may quote what was sent.
      log.error(
        { error: error instanceof Error ? error.name : typeof error },
        "request failed before its handler",
      );
      if (response.headersSent) abandon(response);
      else answerText(response, 500, "internal error");
    }
  };
}

import { Code, ConnectError, type ConnectRouter } from "@connectrpc/connect";
import type { UniversalHandler } from "@connectrpc/connect/protocol";
import { universalRequestFromNodeRequest, universalResponseToNodeResponse } from "@connectrpc/connect-node";
import { MAX_TIMEOUT_MS } from "../call.ts";
import type { Log } from "../log.ts";
import { RequestHead, valuesWith } from "./authenticate.ts";
import { type BodyTimeout, readBody, requireUtf8 } from "./body.ts";
import { withGrpcMessage } from "./grpc-message.ts";
import {
  abandon,
  answerText,
  type HttpRequest,
  type HttpResponse,
  isGrpc,
  pathOf,
  type Responder,
} from "./http.ts";
import type { ServerLimits } from "./limits.ts";
import { shortenTimeouts } from "./timeouts.ts";

/**
 * Answers the RPCs of a router. Does the work of Connect's own adapter, which prints raw errors, personal
 * data included, to the console, and waits for a request's body without an end.
 */
export function createRpcResponder(router: ConnectRouter, limits: ServerLimits, log: Log): Responder {
  const handlers = new Map(router.handlers.map((handler) => [handler.requestPath, handler]));

  async function answer(handler: UniversalHandler, request: HttpRequest, response: HttpResponse) {
    const isUnary = handler.method.methodKind === "unary";
    const universal = universalRequestFromNodeRequest(
      request,
      response,
      undefined,
      valuesWith(new RequestHead(request)),
    );
    shortenTimeouts(universal.header, isUnary ? MAX_TIMEOUT_MS : MAX_STREAM_TIMEOUT_MS);
    const received = readBody(request, bodyTimeout(handler, limits));
    const body = isPlainJson(request) ? requireUtf8(received) : received;
    const answered = await handler({ ...universal, body });
    if (answered.body === undefined && answered.status >= 400) {
      answerRefusal(handler, request, response, answered.status);
      return;
    }
    // A client that does not read its answer would keep it in memory for as long as it likes.
    if (isUnary) {
      const timer = setTimeout(() => abandon(response), limits.answerMs);
      response.once("close", () => clearTimeout(timer));
    }
    await universalResponseToNodeResponse(withGrpcMessage(answered), response);
  }

  return (request, response) => {
    const handler = handlers.get(pathOf(request));
    if (handler === undefined) return false;
    answer(handler, request, response).catch((reason) => {
      const code = ConnectError.from(reason).code;
      if (code !== Code.Aborted && code !== Code.Canceled)
        log.warn(
          { method: `${handler.service.typeName}/${handler.method.name}`, code: Code[code] },
          "answer not sent",
        );
      if (response.headersSent) abandon(response);
      else answerText(response, 500, "internal error");
    });
    return true;
  };
}

/** Answers a path that is no RPC: UNIMPLEMENTED where the caller speaks gRPC, 404 to all others. */
export function answerNotFound(request: HttpRequest, response: HttpResponse): void {
  if (!isGrpc(request.headers["content-type"])) {
    answerText(response, 404, "No such path. GET / says what is served here.");
    return;
  }
  response.statusCode = 200;
  response.setHeader("content-type", "application/grpc");
  response.setHeader("grpc-status", String(Code.Unimplemented));
  response.setHeader("grpc-message", "this server has no such method");
  response.end();
}

/** Says in words what Connect says with a bare status. */
function answerRefusal(
  { allowedMethods }: UniversalHandler,
  request: HttpRequest,
  response: HttpResponse,
  status: number,
): void {
  switch (status) {
    case 405:
      response.setHeader("allow", allowedMethods.join(", "));
      answerText(response, 405, `This method is called by ${allowedMethods.join(" or ")}.`);
      return;
    case 415:
      answerText(response, 415, request.method === "GET" ? SEND_QUERY : SEND_TYPE);
      return;
    case 505:
      // Its peer may wait for an answer while it sends, which HTTP/1.1 can't do.
      response.setHeader("connection", "close");
      answerText(response, 505, "This method needs HTTP/2.");
      return;
    default:
      answerText(response, status, "The request can't be answered.");
  }
}

const SEND_TYPE = "Send content-type: application/json, or gRPC.";
const SEND_QUERY = "Send ?encoding=json&message={...}, or POST with content-type: application/json.";

/** A stream may run for a day: connections end long before. */
const MAX_STREAM_TIMEOUT_MS = 86_400_000;

/** Connect's unary JSON, not compressed: what people write by hand. */
function isPlainJson({ headers }: HttpRequest): boolean {
  return (
    /^application\/json\b/.test(headers["content-type"] ?? "") && headers["content-encoding"] === undefined
  );
}

function bodyTimeout(handler: UniversalHandler, limits: ServerLimits): BodyTimeout {
  const kind = handler.method.methodKind;
  return kind === "client_streaming" || kind === "bidi_streaming"
    ? { silenceMs: limits.streamSilenceMs }
    : { wholeMs: limits.bodyMs };
}

import { answerText, type HttpRequest, type Responder } from "./http.ts";
import type { Readiness } from "./readiness.ts";

/** The paths of orchestrators, which call by address: answered for every well-formed authority. */
export const probePaths: ReadonlySet<string> = new Set(["/livez", "/readyz"]);

/** Answers `/livez` (200 while the process runs), `/readyz` (200 or 503), and a hint at `/`. */
export function createProbes(readiness: Readiness): Responder {
  return (request, response) => {
    if (!isRead(request)) return false;
    switch (request.url) {
      case "/livez":
        answerText(response, 200, "alive");
        return true;
      case "/readyz":
        void readiness.check().then((ready) => {
          answerText(response, ready ? 200 : 503, ready ? "ready" : "not ready");
        });
        return true;
      case "/":
        answerText(response, 200, HINT);
        return true;
      default:
        return false;
    }
  };
}

const HINT = `Clientele: the customers and customer groups of a commerce platform.
Speaks gRPC, gRPC-Web and Connect on this port; gRPC reflection and health where they are switched on.
Probes: /livez and /readyz.`;

function isRead({ method }: HttpRequest): boolean {
  return method === "GET" || method === "HEAD";
}

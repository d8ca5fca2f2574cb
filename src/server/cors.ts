import { cors } from "@connectrpc/connect";
import { answerText, type Responder } from "./http.ts";

/**
 * Lets scripts of the listed origins (exactly as browsers send them, `https://console.example`) call every RPC,
 * and answers their preflights. Scripts of all other origins get no permission, and so no answer from the browser.
 */
export function createCors(origins: readonly string[]): Responder {
  const allowed: ReadonlySet<string> = new Set(origins);
  return (request, response) => {
    // Also where nothing is allowed: a cache must not give one origin's answer to another.
    response.setHeader("vary", "Origin");
    const { origin } = request.headers;
    const isAllowed = origin !== undefined && allowed.has(origin);
    if (isAllowed) {
      response.setHeader("access-control-allow-origin", origin);
      response.setHeader("access-control-expose-headers", EXPOSED);
    }
    if (request.method !== "OPTIONS") return false;
    if (!isAllowed) {
      answerText(response, 403, "Scripts of this origin may not call this server.");
      return true;
    }
    response.statusCode = 204;
    response.setHeader("access-control-allow-methods", cors.allowedMethods.join(", "));
    response.setHeader("access-control-allow-headers", ALLOWED);
    response.setHeader("access-control-max-age", MAX_AGE_SECONDS);
    response.end();
    return true;
  };
}

const ALLOWED = [...cors.allowedHeaders, "Authorization", "X-External-User-Id"].join(", ");
const EXPOSED = cors.exposedHeaders.join(", ");
// Chromium caps it at two hours.
const MAX_AGE_SECONDS = "7200";

import { abandon, type HttpRequest, type HttpResponse } from "./http.ts";

/**
 * Ends an exchange that was answered before its request had arrived completely. The rest is read and thrown away
 * for a while: ending at once can take the answer away from the client, and on HTTP/2 unread data holds up the other streams.
 */
export function endUnreadRequest(request: HttpRequest, response: HttpResponse, lingerMs: number): void {
  // The HTTP/2 response itself says "finish" when its stream closes, which is what this waits for.
  const answered = "stream" in response ? response.stream : response;
  answered.once("finish", () => {
    if (request.complete) return;
    request.resume();
    const timer = setTimeout(() => {
      if (!request.complete) abandon(response);
    }, lingerMs);
    request.once("close", () => clearTimeout(timer));
  });
}

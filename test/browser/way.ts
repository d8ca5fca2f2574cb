import { fromJsonString, toJsonString } from "@bufbuild/protobuf";
import { ConnectError } from "@connectrpc/connect";
import type { Page } from "playwright-core";
import { transportOf, type UnaryCall } from "../conformance/way.ts";
import type { WebProtocol } from "./page.ts";

/** A transport whose calls are made by a script in the page. */
export function pageTransport(page: Page, baseUrl: string, protocol: WebProtocol) {
  const call: UnaryCall = async ({ method, request, header, timeoutMs }) => {
    const asked = {
      baseUrl,
      protocol,
      service: method.parent.typeName,
      method: method.name,
      request: toJsonString(method.input, request),
      header: [...header],
      timeoutMs,
    };
    const answered = await page.evaluate((pageCall) => globalThis.callService(pageCall), asked);
    if ("answer" in answered) return fromJsonString(method.output, answered.answer);
    const error = new ConnectError(answered.message, answered.code);
    error.details = answered.details.map(({ type, value }) => ({ type, value: Uint8Array.from(value) }));
    throw error;
  };
  return transportOf(call);
}

import type { UniversalServerResponse } from "@connectrpc/connect/protocol";
import { isGrpc } from "./http.ts";

/**
 * Percent-encodes a message as the gRPC specification says: only `%` and what is not printable ASCII (and blanks at
 * the ends, which a header would lose). Connect encodes more than that, and grpc-js, for one, then shows `id%3A 1`.
 */
export function encodeGrpcMessage(message: string): string {
  return Array.from(Buffer.from(message, "utf8"), (byte) =>
    byte >= 0x20 && byte <= 0x7e && byte !== PERCENT ? String.fromCharCode(byte) : percent(byte),
  )
    .join("")
    .replace(/^ | $/g, "%20");
}

/** The same response with a `grpc-message` that every client reads, in the trailers or in the headers. */
export function withGrpcMessage(response: UniversalServerResponse): UniversalServerResponse {
  const { header, trailer } = response;
  if (header === undefined || !isGrpc(header.get("content-type"))) return response;
  if (trailer === undefined) return { ...response, header: reencoded(header) };
  return new ReencodedResponse(response, reencoded(header), trailer);
}

/** A class, for V8 keeps a description of its own of each object that is written with a getter: until a full collection. */
class ReencodedResponse implements UniversalServerResponse {
  readonly status: number;
  readonly header: Headers;
  readonly body?: AsyncIterable<Uint8Array>;
  readonly #trailer: Headers;

  constructor({ status, body }: UniversalServerResponse, header: Headers, trailer: Headers) {
    this.status = status;
    this.header = header;
    if (body !== undefined) this.body = body;
    this.#trailer = trailer;
  }

  /** Trailers are filled while the body is written, so they are looked at when they are asked for. */
  get trailer(): Headers {
    return reencoded(this.#trailer);
  }
}

const PERCENT = 0x25;

function percent(byte: number): string {
  return `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
}

function reencoded(headers: Headers): Headers {
  const message = headers.get("grpc-message");
  if (message !== null) headers.set("grpc-message", encodeGrpcMessage(decodeURIComponent(message)));
  return headers;
}

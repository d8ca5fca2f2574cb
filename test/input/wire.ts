import http2 from "node:http2";
import { fromJson, type JsonValue, toBinary } from "@bufbuild/protobuf";
import { methodNamed } from "./methods.ts";

type Detail = { readonly type: string; readonly debug: Record<string, unknown> };

/** What a call over Connect with a hand-made body was answered. */
export type Answer = {
  readonly status: number;
  /** Of a JSON answer. */
  readonly json: Record<string, unknown>;
  /** Of a failure: `reason`, and the facts. */
  readonly reason: unknown;
  readonly metadata: unknown;
};

/** Posts a body that no generated client would make. */
export async function post(
  baseUrl: string,
  method: string,
  body: string | Uint8Array<ArrayBuffer>,
): Promise<Answer> {
  const answer = await fetch(`${baseUrl}${pathOf(method)}`, {
    method: "POST",
    headers: { "content-type": typeof body === "string" ? "application/json" : "application/proto" },
    body,
  });
  const isJson = answer.headers.get("content-type")?.startsWith("application/json");
  const json = isJson ? ((await answer.json()) as Record<string, unknown>) : {};
  const details = (json.details ?? []) as readonly Detail[];
  const info = details.find(({ type }) => type === "google.rpc.ErrorInfo")?.debug;
  return { status: answer.status, json, reason: info?.reason, metadata: info?.metadata };
}

/** The binary body of a request that is said in JSON. */
export function binaryOf(method: string, request: JsonValue): Uint8Array<ArrayBuffer> {
  const { input } = methodNamed(method);
  return Uint8Array.from(toBinary(input, fromJson(input, request)));
}

/** What gRPC answers to a message that no generated client would make: its status, and the error's text. */
export async function postGrpc(baseUrl: string, method: string, message: Uint8Array) {
  const session = http2.connect(baseUrl);
  const stream = session.request({
    ":method": "POST",
    ":path": pathOf(method),
    "content-type": "application/grpc+proto",
    te: "trailers",
  });
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(message.length, 1);
  const ended = Promise.withResolvers<http2.IncomingHttpHeaders>();
  stream.on("response", (headers) => "grpc-status" in headers && ended.resolve(headers));
  stream.on("trailers", ended.resolve).on("error", ended.reject).resume();
  stream.end(Buffer.concat([prefix, message]));
  try {
    const { "grpc-status": status, "grpc-message": text } = await ended.promise;
    return { status: Number(status), message: String(text ?? "") };
  } finally {
    session.close();
  }
}

function pathOf(method: string): string {
  return `/${methodNamed(method).parent.typeName}/${method}`;
}

/** JSON with sorted keys, so that equal data are equal texts. Unlike a deep comparison it sees `__proto__`. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).map(([key, entry]) => `${JSON.stringify(key)}:${canonical(entry)}`);
  return `{${entries.toSorted().join()}}`;
}

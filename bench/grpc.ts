import { once } from "node:events";
import http2, { type ClientHttp2Session, type OutgoingHttpHeaders } from "node:http2";
import type { HeaderList } from "./wire/hpack.ts";

export type Answer = {
  /** The gRPC status; "0" is OK. */
  readonly status: string;
  readonly message: string;
  /** Of an error, in base64. */
  readonly statusDetails: string | undefined;
  /** The response message, without its prefix; empty if there was none. */
  readonly body: Buffer;
};

/** Opens an HTTP/2 connection without TLS; resolves once the server has said its settings. */
export async function openSession(port: number): Promise<ClientHttp2Session> {
  const session = http2.connect(`http://127.0.0.1:${port}`);
  try {
    await once(session, "remoteSettings");
    // Each stream hears of it too, and says so.
    session.on("error", () => {});
  } catch (error) {
    session.destroy();
    throw error;
  }
  return session;
}

/** As `Service/Method`. */
export type MethodName = `${"CustomerService" | "CustomerGroupService"}/${string}`;

/** The headers of every call of one method. */
export function headersOf(method: MethodName): OutgoingHttpHeaders {
  return {
    ":method": "POST",
    ":path": `/clientele.v1.${method}`,
    "content-type": "application/grpc",
    te: "trailers",
  };
}

/** The same for a connection of `wire/`. */
export function wireHeadersOf(method: MethodName): HeaderList {
  return [
    [":method", "POST"],
    [":scheme", "http"],
    [":path", `/clientele.v1.${method}`],
    [":authority", "127.0.0.1"],
    ["content-type", "application/grpc"],
    ["te", "trailers"],
  ];
}

/** The message as gRPC sends it: not compressed, its length in front. */
export function frameOf(...parts: readonly Uint8Array[]): Buffer {
  const prefix = Buffer.alloc(PREFIX_BYTES);
  prefix.writeUInt32BE(
    parts.reduce((sum, part) => sum + part.length, 0),
    1,
  );
  return Buffer.concat([prefix, ...parts]);
}

/** Makes one unary call. Callbacks rather than promises: the caller should cost as little as it can. */
export function callUnary(
  session: ClientHttp2Session,
  headers: OutgoingHttpHeaders,
  frame: Buffer,
  done: (answer: Answer | Error) => void,
): void {
  const stream = session.request(headers);
  const chunks: Buffer[] = [];
  let status: unknown;
  let message: unknown;
  let details: unknown;
  let ended = false;
  let answered = false;

  stream.on("response", readStatus);
  stream.on("trailers", readStatus);
  stream.on("data", (chunk: Buffer) => chunks.push(chunk));
  stream.on("end", () => {
    ended = true;
    answerIfWhole();
  });
  stream.on("error", answer);
  stream.on("close", () => answer(new Error("the stream ended without a gRPC status")));
  stream.end(frame);

  function readStatus(fields: { readonly [name: string]: unknown }): void {
    status ??= fields["grpc-status"];
    message ??= fields["grpc-message"];
    details ??= fields["grpc-status-details-bin"];
    answerIfWhole();
  }

  function answerIfWhole(): void {
    if (ended && status !== undefined) {
      const body = bodyOf(chunks);
      const statusDetails = details === undefined ? undefined : `${details}`;
      if (body) answer({ status: `${status}`, message: `${message ?? ""}`, statusDetails, body });
      else answer(new Error("the answer is not one uncompressed message"));
    }
  }

  function answer(result: Answer | Error): void {
    if (answered) return;
    answered = true;
    done(result);
  }
}

/** The message of one call's answer, for calls that are not measured. */
export function callOnce(
  session: ClientHttp2Session,
  method: MethodName,
  message: Uint8Array,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    callUnary(session, headersOf(method), frameOf(message), (answer) =>
      answer instanceof Error ? reject(answer) : resolve(answer),
    );
  });
}

const PREFIX_BYTES = 5;

/** Undefined unless there is one uncompressed message, or none. */
function bodyOf(chunks: readonly Buffer[]): Buffer | undefined {
  const bytes = chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
  if (bytes.length === 0) return bytes;
  const isOneMessage = bytes[0] === 0 && bytes.readUInt32BE(1) === bytes.length - PREFIX_BYTES;
  return isOneMessage ? bytes.subarray(PREFIX_BYTES) : undefined;
}

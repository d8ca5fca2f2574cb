import { fromJson, type JsonObject, toJson } from "@bufbuild/protobuf";
import type { Transport } from "@connectrpc/connect";
import { methodNamed } from "../input/methods.ts";

/** Calls a method by its name, and answers in JSON. */
export type Call = (
  method: string,
  request: JsonObject,
  headers?: Readonly<Record<string, string>>,
) => Promise<JsonObject>;

export function openCall(transport: Transport): Call {
  return async (name, request, headers = {}) => {
    const method = methodNamed(name);
    const message = fromJson(method.input, request);
    const answer = await transport.unary(method, undefined, 20_000, headers, message);
    return toJson(method.output, answer.message) as JsonObject;
  };
}

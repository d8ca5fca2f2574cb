import { fromJson, toJson } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { transportOf, type UnaryCall, type Way } from "../way.ts";

/** A POST with JSON, as people make it with curl. */
export const fetchWay: Way = {
  name: "fetch with JSON",
  encoding: "json",
  open: (baseUrl) => ({ transport: transportOf(unaryCall(baseUrl)) }),
};

function unaryCall(baseUrl: string): UnaryCall {
  return async ({ method, request, header, timeoutMs }) => {
    header.set("content-type", "application/json");
    if (timeoutMs !== undefined) header.set("connect-timeout-ms", `${timeoutMs}`);
    const answer = await fetch(`${baseUrl}/${method.parent.typeName}/${method.name}`, {
      method: "POST",
      headers: header,
      body: JSON.stringify(toJson(method.input, request)),
    });
    if (answer.ok) return fromJson(method.output, await answer.json());
    throw toConnectError((await answer.json()) as ConnectJsonError);
  };
}

type ConnectJsonError = {
  readonly code: string;
  readonly message?: string;
  readonly details?: readonly { readonly type: string; readonly value: string }[];
};

function toConnectError({ code, message = "", details = [] }: ConnectJsonError): ConnectError {
  const error = new ConnectError(message, codes.get(code));
  error.details = details.map(({ type, value }) => ({ type, value: Buffer.from(value, "base64") }));
  return error;
}

/** By their names on the wire: `not_found`. */
const codes = new Map(
  Object.entries(Code)
    .filter((entry): entry is [string, Code] => typeof entry[1] === "number")
    .map(([name, code]) => [name.replace(/(?<=.)[A-Z]/g, "_$&").toLowerCase(), code]),
);

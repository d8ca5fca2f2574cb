import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { homedir } from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import { fromJson, type JsonObject, toJson } from "@bufbuild/protobuf";
import { AnySchema } from "@bufbuild/protobuf/wkt";
import { ConnectError } from "@connectrpc/connect";
import { detailRegistry } from "../failure.ts";
import { transportOf, type UnaryCall, type Way } from "../way.ts";

/** grpcurl, wherever it is installed; undefined when it isn't. */
export function findGrpcurl(): string | undefined {
  return ["grpcurl", path.join(homedir(), "go/bin/grpcurl")].find(
    (program) => spawnSync(program, ["-version"]).status === 0,
  );
}

/** grpcurl, which learns the API by reflection. */
export function grpcurlWay(program: string): Way {
  return {
    name: "grpcurl",
    encoding: "json",
    isSlow: true,
    open: (baseUrl) => ({ transport: transportOf(unaryCall(program, new URL(baseUrl).host)) }),
  };
}

function unaryCall(program: string, authority: string): UnaryCall {
  return async ({ method, request, header, timeoutMs }) => {
    const headers = [...header].flatMap(([name, value]) => ["-H", `${name}: ${value}`]);
    const timeout = timeoutMs === undefined ? [] : ["-max-time", `${timeoutMs / 1000}`];
    const options = ["-plaintext", "-format-error", "-d", "@", ...headers, ...timeout];
    const words = [...options, authority, `${method.parent.typeName}/${method.name}`];
    const { exitCode, stdout, stderr } = await run(
      program,
      words,
      JSON.stringify(toJson(method.input, request)),
    );
    if (exitCode === 0) return fromJson(method.output, JSON.parse(stdout));
    throw toConnectError(stderr);
  };
}

/** Runs a program to its end. */
export async function run(program: string, words: readonly string[], input = "") {
  const child = spawn(program, words);
  child.stdin.end(input);
  const closed = once(child, "close");
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const [exitCode] = (await closed) as [number | null];
  return { exitCode, stdout, stderr };
}

type StatusJson = { readonly code: number; readonly message: string; readonly details?: DetailJson[] };
/** What grpcurl can't resolve by reflection, it prints as it came: `@value` in base64. */
type DetailJson = JsonObject & { readonly "@type": string; readonly "@value"?: string };

function toConnectError(complaint: string): Error {
  if (!complaint.trimStart().startsWith("{")) return new Error(`grpcurl: ${complaint}`);
  const { code, message, details = [] } = JSON.parse(complaint) as StatusJson;
  const error = new ConnectError(message, code);
  error.details = details.map((detail) => ({
    type: detail["@type"].replace("type.googleapis.com/", ""),
    value: detail["@value"] === undefined ? packed(detail) : Buffer.from(detail["@value"], "base64"),
  }));
  return error;
}

function packed(detail: DetailJson): Uint8Array {
  return fromJson(AnySchema, detail, { registry: detailRegistry }).value;
}

import {
  compressionGzip,
  createConnectTransport,
  createGrpcTransport,
  createGrpcWebTransport,
} from "@connectrpc/connect-node";
import type { Way } from "../way.ts";

/** All bytes of every request, however few. */
const gzip = { sendCompression: compressionGzip, compressMinBytes: 0 };

export const grpcWays: readonly Way[] = [
  way("gRPC", "binary", (baseUrl) => createGrpcTransport({ baseUrl })),
  way("gRPC, gzip", "binary", (baseUrl) => createGrpcTransport({ baseUrl, ...gzip })),
];

export const grpcWebWays: readonly Way[] = (["1.1", "2"] as const).map((httpVersion) =>
  way(`gRPC-Web over HTTP/${httpVersion}`, "binary", (baseUrl) =>
    createGrpcWebTransport({ baseUrl, httpVersion }),
  ),
);

export const connectWays: readonly Way[] = (["1.1", "2"] as const).flatMap((httpVersion) => [
  way(`Connect over HTTP/${httpVersion}`, "binary", (baseUrl) =>
    createConnectTransport({ baseUrl, httpVersion, useBinaryFormat: true }),
  ),
  way(`Connect JSON over HTTP/${httpVersion}`, "json", (baseUrl) =>
    createConnectTransport({ baseUrl, httpVersion, useBinaryFormat: false }),
  ),
]);

export const connectGetWays: readonly Way[] = [
  way("Connect with GET", "binary", (baseUrl) =>
    createConnectTransport({ baseUrl, httpVersion: "2", useBinaryFormat: true, useHttpGet: true }),
  ),
  way("Connect JSON with GET, gzip", "json", (baseUrl) =>
    createConnectTransport({ baseUrl, httpVersion: "1.1", useHttpGet: true, ...gzip }),
  ),
].map((one) => ({ ...one, usesGet: true }));

function way(
  name: string,
  encoding: Way["encoding"],
  transport: (baseUrl: string) => ReturnType<typeof createGrpcTransport>,
): Way {
  return { name, encoding, open: (baseUrl) => ({ transport: transport(baseUrl) }) };
}

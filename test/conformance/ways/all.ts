import type { Way } from "../way.ts";
import { connectGetWays, connectWays, grpcWays, grpcWebWays } from "./connect-node.ts";
import { fetchWay } from "./fetch.ts";
import { grpcJsWay } from "./grpc-js.ts";

/** The ways that need neither another program nor a setting of the service: parity.test.ts asks them all. */
export const plainWays: readonly Way[] = [
  grpcJsWay(),
  ...grpcWays,
  ...grpcWebWays,
  ...connectWays,
  ...connectGetWays,
  fetchWay,
];

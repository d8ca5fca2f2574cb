import { conformance } from "./suite.ts";
import { grpcWays } from "./ways/connect-node.ts";
import { grpcJsWay } from "./ways/grpc-js.ts";

const withoutLane = {
  ...grpcJsWay(),
  name: "grpc-js, without the unary lane",
  env: { CLIENTELE_UNARY_LANE: "off" },
};

for (const way of [grpcJsWay(), withoutLane, ...grpcWays]) conformance(way);

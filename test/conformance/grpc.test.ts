import { conformance } from "./suite.ts";
import { grpcWays } from "./ways/connect-node.ts";
import { grpcJsWay } from "./ways/grpc-js.ts";

for (const way of [grpcJsWay(), ...grpcWays]) conformance(way);

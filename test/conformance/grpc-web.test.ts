import { conformance } from "./suite.ts";
import { grpcWebWays } from "./ways/connect-node.ts";

for (const way of grpcWebWays) conformance(way);

import { conformance } from "./suite.ts";
import { connectGetWays } from "./ways/connect-node.ts";

for (const way of connectGetWays) conformance(way);

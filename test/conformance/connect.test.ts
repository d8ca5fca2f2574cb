import { conformance } from "./suite.ts";
import { connectWays } from "./ways/connect-node.ts";

for (const way of connectWays) conformance(way);

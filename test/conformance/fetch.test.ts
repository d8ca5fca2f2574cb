import { conformance } from "./suite.ts";
import { fetchWay } from "./ways/fetch.ts";

conformance(fetchWay);

import { create } from "@bufbuild/protobuf";
import { CustomerGroupService } from "../../gen/clientele/v1/customer_group_service_pb.ts";
import { Mode } from "../../gen/clientele/v1/mode_pb.ts";
import { openToEveryone } from "../../src/auth/authenticate.ts";
import { createLongReads } from "../../src/db/long-reads.ts";
import { failure } from "../../src/errors.ts";
import { actor } from "../../src/interceptors/actor.ts";
import { authorize } from "../../src/interceptors/authorize.ts";
import { countCalls } from "../../src/interceptors/count-calls.ts";
import { deadline } from "../../src/interceptors/deadline.ts";
import { errorBoundary } from "../../src/interceptors/error-boundary.ts";
import { fairShare } from "../../src/interceptors/fair-share.ts";
import { projectWall } from "../../src/interceptors/project-wall.ts";
import { requestLog } from "../../src/interceptors/request-log.ts";
import { createCheck, validate } from "../../src/interceptors/validate.ts";
import { openLog } from "../../src/log.ts";
import { createCallLimiter } from "../../src/projects/call-limiter.ts";
import { projectIdOf } from "../../src/projects/project-id.ts";
import { required } from "../../src/refs.ts";
import { createServer } from "../../src/server/server.ts";
import { memoryGroups } from "./memory-groups.ts";

// Our server, unary lane and interceptors as src/service.ts puts them together, and a map instead of a
// database: what a call costs besides.

const groups = memoryGroups();
const log = openLog({ level: "warn", format: "json" });
const check = createCheck();
for (const { input } of CustomerGroupService.methods) {
  try {
    check(input, create(input));
  } catch {
    // An empty request breaks rules; they are compiled all the same.
  }
}
const server = createServer({
  host: "127.0.0.1",
  port: Number(process.env.PORT),
  authenticate: openToEveryone,
  interceptors: [
    requestLog(log, "failed"),
    errorBoundary(log),
    deadline(),
    authorize([CustomerGroupService]),
    actor(),
    fairShare(
      createCallLimiter({
        limitsOf: () => ({ concurrentCalls: 0, callsPerSecond: 0 }),
        now: () => performance.now(),
      }),
    ),
    countCalls(createLongReads().noteCall),
    validate(check),
    projectWall({ require: async (key) => ({ id: projectIdOf(key), key, mode: Mode.TEST }) }),
  ],
  routes: (router) =>
    router.service(CustomerGroupService, {
      async getCustomerGroup({ ref }) {
        const value = required(ref?.value.value);
        const customerGroup = groups.get(value);
        if (!customerGroup) throw failure.notFound({ type: "customer-group", by: "id", value });
        return { $typeName: "clientele.v1.GetCustomerGroupResponse", customerGroup };
      },
    }),
  log,
});
await server.listen();
process.once("SIGTERM", () => void server.drain());

import { serveGrpc } from "./grpc-server.ts";
import { memoryGroups } from "./memory-groups.ts";

// @grpc/grpc-js and nothing behind it: what its protocol costs.

const groups = memoryGroups();

await serveGrpc({
  async getCustomerGroup({ ref }) {
    const customerGroup = groups.get(ref?.value.value ?? "");
    if (!customerGroup) throw new Error("no such customer group");
    return { $typeName: "clientele.v1.GetCustomerGroupResponse", customerGroup };
  },
});

import { createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { expect, it } from "vitest";
import { CustomerGroupService } from "../../gen/clientele/v1/customer_group_service_pb.ts";
import { writeInSlices } from "../../src/encoding/slices.ts";
import { Ending } from "../../src/ending.ts";
import { echoHandlers, groupByKey, startServer } from "./fixture.ts";

it("answers others while a large page is written", async () => {
  const begun = Promise.withResolvers<void>();
  const row = Buffer.alloc(64 * 1024);
  const rows = Array.from({ length: 5000 }, () => row);
  let isAnswered = false;
  let unwritten = rows.length;
  const { origin, client } = await startServer(
    {},
    {
      ...echoHandlers,
      async queryCustomerGroups() {
        const written = writeInSlices(
          rows,
          (bytes, out) => {
            unwritten -= 1;
            // What is left when the answer is there is of no interest.
            if (!isAnswered) out.raw(bytes, 0, bytes.length);
          },
          new Ending(),
        );
        begun.resolve();
        await written;
        return { count: rows.length };
      },
    },
  );
  const page = client.queryCustomerGroups({ projectKey: "demo" });
  await begun.promise;
  const beside = createClient(CustomerGroupService, createGrpcTransport({ baseUrl: origin }));
  const { customerGroup } = await beside.getCustomerGroup(groupByKey("gold"));
  isAnswered = true;
  expect(customerGroup?.name).toBe("gold");
  expect(unwritten).toBeGreaterThan(0);
  expect((await page).count).toBe(rows.length);
});

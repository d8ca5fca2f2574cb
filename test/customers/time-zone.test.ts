import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import { createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { expect, onTestFinished, test } from "vitest";
import { CustomerService } from "../../gen/clientele/v1/customer_service_pb.ts";
import { OrderStatus } from "../../gen/clientele/v1/order_pb.ts";
import { byId, PROJECT } from "../conformance/groups.ts";
import { openSql } from "../support/consistency.ts";
import { createDatabase } from "../support/database.ts";
import { startServiceOn } from "../support/service.ts";
import { customerOf } from "./customers.ts";
import { orderDraft, record } from "./orders.ts";

test("a database of another time zone keeps the times of orders", async () => {
  const database = await createDatabase();
  onTestFinished(() => database.drop());
  const sql = openSql(database);
  // Until 1893 it was 53 minutes and 28 seconds ahead, which no timestamp of a protocol can say.
  await sql`alter database ${sql(database.database)} set timezone = 'Europe/Berlin'`;
  await sql.end();
  const service = await startServiceOn(database);
  onTestFinished(() => service.stop());
  const customers = createClient(CustomerService, createGrpcTransport({ baseUrl: service.baseUrl }));

  const draft = { email: "ann@example.com" };
  const customer = customerOf(await customers.createCustomer({ projectKey: PROJECT, draft }));
  const times = ["0099-12-31T23:59:59Z", "1880-06-01T12:00:00Z", "9999-12-31T23:59:59.999Z"];
  for (const [index, time] of times.entries()) {
    const placedAt = timestampFromDate(new Date(time));
    const order = await record(
      { customers },
      customer,
      orderDraft(`${index}`, OrderStatus.PLACED, { placedAt }),
    );
    expect(order.placedAt).toEqual(placedAt);
  }
  const { orders } = await customers.listOrders({ projectKey: PROJECT, ref: byId(customer.id) });
  expect(orders.map(({ placedAt }) => placedAt)).toEqual(
    times.map((time) => timestampFromDate(new Date(time))),
  );
});

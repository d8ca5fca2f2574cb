import type { CustomerGroup } from "../../gen/clientele/v1/customer_group_pb.ts";
import type { Customer } from "../../gen/clientele/v1/customer_pb.ts";
import type { Order } from "../../gen/clientele/v1/order_pb.ts";
import { newCustomer, recordOrder, updateCustomer } from "./customers.ts";
import { newGroup, unique } from "./groups.ts";
import type { Callers } from "./services.ts";

/** What the refused calls about customers run into. */
export type CustomerObstacles = {
  /** Of version 2, with a number, all the tags that it may have, and nothing else. */
  readonly customer: Customer;
  /** Of version 3, with an email address, a key, a number and two orders. */
  readonly customerHolder: Customer;
  readonly order: Order;
  /** Of another project. */
  readonly foreignCustomer: Customer;
  /** Has two members. */
  readonly memberGroup: CustomerGroup;
};

export async function setCustomerObstacles({ customers, groups }: Callers): Promise<CustomerObstacles> {
  const fresh = await newCustomer(customers, {
    customerNumber: unique("No"),
    tags: Array.from({ length: 9 }, (_, index) => `tag ${index}`),
  });
  const customerHolder = await newCustomer(customers, {
    key: unique("holder"),
    customerNumber: unique("No"),
  });
  const order = await recordOrder(customers, customerHolder, {});
  await recordOrder(customers, customerHolder, {});
  const memberGroup = await newGroup(groups);
  await newCustomer(customers, { customerGroup: { id: memberGroup.id } });
  await newCustomer(customers, { customerGroupAssignments: [{ id: memberGroup.id }] });
  return {
    customer: await updateCustomer(customers, fresh, { addTag: { tag: "the last" } }),
    customerHolder,
    order,
    foreignCustomer: await newCustomer(customers, { key: unique("foreign") }, "live"),
    memberGroup,
  };
}

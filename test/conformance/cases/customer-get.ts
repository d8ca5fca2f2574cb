import { randomUUID } from "node:crypto";
import { toJson } from "@bufbuild/protobuf";
import { expect, test } from "vitest";
import type { CustomerRef } from "../../../gen/clientele/v1/customer_pb.ts";
import { BatchGetCustomersResponseSchema } from "../../../gen/clientele/v1/customer_service_pb.ts";
import { byEmail, customerOf } from "../../support/customers.ts";
import { customerJson, newCustomer } from "../customers.ts";
import { byId, byKey, PROJECT, unique } from "../groups.ts";
import type { Ground } from "../suite.ts";

type Ref = Pick<CustomerRef, "value">;

export function customerGetCases(ground: () => Ground): void {
  test("gets a customer by id, key and email, and says whether there is one", async () => {
    const { customers } = ground();
    const word = unique("Straße");
    const key = unique("Key");
    const email = `${word}@bücher.example`;
    const customer = await newCustomer(customers, { email, key });
    const exists = async (ref: Ref, projectKey = PROJECT) =>
      (await customers.existsCustomer({ projectKey, target: { case: "ref", value: ref } })).exists;

    const folded = `${word.replace("ß", "SS").toUpperCase()}@xn--bcher-kva.EXAMPLE`;
    for (const ref of [byId(customer.id.toUpperCase()), byKey(key), byEmail(folded)]) {
      expect(customerOf(await customers.getCustomer({ projectKey: PROJECT, ref }))).toEqual(customer);
    }
    expect(await exists(byKey(key))).toBe(true);
    expect(await exists(byEmail(folded))).toBe(true);
    expect(await exists(byEmail(email), "live")).toBe(false);
  });

  test("gets customers in the order asked, with missing ones and duplicates", async () => {
    const { customers } = ground();
    const key = unique("batch");
    const [first, second] = [await newCustomer(customers, { key }), await newCustomer(customers)];
    const elsewhere = await newCustomer(customers, {}, "live");
    const refs = [
      byEmail(second.email.toUpperCase()),
      byEmail("No.One@shop.example"),
      byKey(key),
      byId(randomUUID().toUpperCase()),
      byId(second.id),
      byId(first.id),
      byKey("nobody-has-it"),
      byEmail(elsewhere.email),
    ];
    const found = [second, undefined, first, undefined, second, first, undefined, undefined];
    const answer = await customers.batchGetCustomers({ projectKey: PROJECT, refs });
    expect(toJson(BatchGetCustomersResponseSchema, answer)).toEqual({
      results: found.map((one, index) => {
        const { case: by = "", value } = refs[index]?.value ?? {};
        return one ? { customer: customerJson(one) } : { notFound: { [by]: value } };
      }),
    });
    expect(await customers.batchGetCustomers({ projectKey: PROJECT })).toMatchObject({ results: [] });
  });
}

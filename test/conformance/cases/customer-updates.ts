import { expect, test } from "vitest";
import { byEmail, customerOf } from "../../support/customers.ts";
import { customerTexts, kept, setting } from "../customer-texts.ts";
import { customerActions, customerJson, newCustomer, uniqueEmail, updateCustomer } from "../customers.ts";
import { newGroup, PROJECT } from "../groups.ts";
import type { Ground } from "../suite.ts";
import { newType } from "../types.ts";

export function customerUpdateCases(ground: () => Ground): void {
  test("takes from a customer what an action doesn't say", async () => {
    const { customers, seeder } = ground();
    const group = await newGroup(seeder.groups);
    const type = await newType(seeder.types, { resourceTypes: ["RESOURCE_TYPE_CUSTOMER"] });
    const { email: _, customerNumber: __, ...texts } = customerTexts();
    const full = await newCustomer(customers, {
      ...texts,
      reference: "r",
      referenceOrigin: "o",
      metadata: {},
      customerGroup: { id: group.id },
      customerGroupAssignments: [{ id: group.id }],
      custom: { type: { id: type.id } },
    });
    expect(customerJson(full)).toMatchObject({ ...texts, metadata: {}, custom: { fields: {} } });

    const others = ["reference", "metadata", "customerGroup", "customerGroupAssignments", "customType"];
    const unset = [...Object.keys(texts), ...others].map((name) => ({ [setting(name)]: {} }));
    const emptied = await updateCustomer(customers, full, ...unset);
    const { email = "", lastModifiedAt = "" } = customerJson(emptied);
    expect(customerJson(emptied)).toEqual({ ...kept(full), version: "2", email, lastModifiedAt });
  });

  test("updates a customer by email, even to another one, and leaves alone what is so already", async () => {
    const { customers } = ground();
    const before = await newCustomer(customers, { tags: ["a"], isEmailVerified: true });
    const request = { projectKey: PROJECT, ref: byEmail(before.email.toLowerCase()), expectedVersion: 1n };
    const idle = customerActions({ addTag: { tag: "a" } }, { changeEmail: { email: before.email } });
    expect(customerOf(await customers.updateCustomer({ ...request, actions: idle }))).toEqual(before);

    const email = uniqueEmail();
    const actions = customerActions({ changeEmail: { email } });
    const moved = customerOf(await customers.updateCustomer({ ...request, actions }));
    expect(moved).toMatchObject({ id: before.id, version: 2n, email, isEmailVerified: false });
    const answer = await customers.getCustomer({ projectKey: PROJECT, ref: byEmail(email) });
    expect(customerOf(answer)).toEqual(moved);
  });
}

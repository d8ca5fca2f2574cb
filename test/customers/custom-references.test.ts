import { randomUUID } from "node:crypto";
import { fromJson, type JsonValue } from "@bufbuild/protobuf";
import { ValueSchema } from "@bufbuild/protobuf/wkt";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ResourceType } from "../../gen/clientele/v1/resource_type_pb.ts";
import { byId, byKey, PROJECT } from "../conformance/groups.ts";
import { field } from "../support/custom-types.ts";
import { failureOf } from "../support/failures.ts";
import { type Action, type CustomerFixture, startCustomers } from "./customers.ts";

const { CUSTOMER, ADDRESS } = ResourceType;

let fixture: CustomerFixture;
beforeAll(async () => {
  fixture = await startCustomers();
  await fixture.newType(
    "linked",
    [CUSTOMER, ADDRESS],
    field("note", "string"),
    { name: "friend", type: { type: { case: "reference", value: { referenceTypeId: "customer" } } } },
    { name: "club", type: { type: { case: "reference", value: { referenceTypeId: "customer-group" } } } },
  );
});
afterAll(() => fixture.stop());

const custom = (key: string, fields = {}) => ({ type: byKey(key), fields });
const setField = (name: string, value: JsonValue): Action => ({
  case: "setCustomField",
  value: { name, value: fromJson(ValueSchema, value) },
});

describe("references to", () => {
  test.each([
    ["customer", "friend"],
    ["customer-group", "club"],
  ])("a %s lead somewhere when they come in", async (typeId, name) => {
    const { id } = typeId === "customer" ? await fixture.newCustomer() : await fixture.newGroup();
    const fields = { [name]: { typeId, id: id.toUpperCase() } };
    const home = { key: "home", country: "DE" };
    const customer = await fixture.newCustomer({ custom: custom("linked", fields), addresses: [home] });
    expect(customer.custom?.fields).toEqual({ ...fields, [name]: { typeId, id } });

    const nobody = { typeId, id: randomUUID() };
    const refusal = (path: string) => ({
      code: "FailedPrecondition",
      reason: "REFERENCE_NOT_FOUND",
      metadata: { field: path, resource_type: typeId, id: nobody.id },
    });
    const missing = custom("linked", { [name]: nobody });
    expect(await failureOf(fixture.newCustomer({ custom: missing }))).toMatchObject(
      refusal(`draft.custom.fields.${name}.id`),
    );
    expect(
      await failureOf(fixture.newCustomer({ addresses: [home, { country: "DE", custom: missing }] })),
    ).toMatchObject(refusal(`draft.addresses[1].custom.fields.${name}.id`));
    expect(await failureOf(fixture.update(customer, setField(name, nobody)))).toMatchObject(
      refusal("actions[0].set_custom_field.value.id"),
    );
    expect(await fixture.get(customer.id)).toEqual(customer);
  });

  test("a customer who is gone stay, and hinder no other change", async () => {
    const friend = await fixture.newCustomer();
    const fields = { friend: { typeId: "customer", id: friend.id } };
    const customer = await fixture.newCustomer({ custom: custom("linked", fields) });
    await fixture.customers.deleteCustomer({
      projectKey: PROJECT,
      ref: byId(friend.id),
      expectedVersion: 1n,
    });
    const after = await fixture.update(customer, setField("note", "n"));
    expect(after.custom?.fields).toEqual({ ...fields, note: "n" });
  });
});

test("a type is not deleted while a customer or an address has it", async () => {
  for (const place of ["customer", "address"] as const) {
    const key = `used-by-${place}`;
    const { id } = await fixture.newType(key, [CUSTOMER, ADDRESS], field("note", "string"));
    const said = custom(key);
    const customer = await fixture.newCustomer(
      place === "customer" ? { custom: said } : { addresses: [{ country: "DE", custom: said }] },
    );
    const remove = () =>
      fixture.types.deleteCustomType({ projectKey: PROJECT, ref: byId(id), expectedVersion: 1n });
    expect(await failureOf(remove())).toMatchObject({ reason: "REFERENCED", metadata: { count: "1" } });
    await fixture.customers.deleteCustomer({
      projectKey: PROJECT,
      ref: byId(customer.id),
      expectedVersion: 1n,
    });
    await remove();
  }
});

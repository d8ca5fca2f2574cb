import { expect, test } from "vitest";
import { byId, groupOf, PROJECT, unique } from "../groups.ts";
import type { Ground } from "../suite.ts";

export function actorCases(ground: () => Ground): void {
  test("says who created and who last changed a group", async () => {
    const { groups } = ground();
    const as = (user: string) => ({ headers: { "x-external-user-id": user } });
    const create = { projectKey: PROJECT, draft: { name: unique("Actors") } };
    const created = groupOf(await groups.createCustomerGroup(create, as("alice@crm:1")));
    expect(created.createdBy).toMatchObject({ externalUserId: "alice@crm:1" });
    expect(created.lastModifiedBy).toEqual(created.createdBy);

    const actions = [{ action: { case: "addMarkets" as const, value: { marketIds: ["m"] } } }];
    const update = { projectKey: PROJECT, ref: byId(created.id), actions };
    const updated = groupOf(await groups.updateCustomerGroup({ ...update, expectedVersion: 1n }, as("bob")));
    expect(updated.createdBy).toEqual(created.createdBy);
    expect(updated.lastModifiedBy).toMatchObject({ externalUserId: "bob" });

    // One that changes nothing was nobody's change.
    const idle = groupOf(await groups.updateCustomerGroup({ ...update, expectedVersion: 2n }, as("carol")));
    expect(idle).toEqual(updated);

    const unsaid = { ...update, expectedVersion: 2n, actions: [] };
    const removing = { action: { case: "setMarkets" as const, value: {} } };
    const last = groupOf(await groups.updateCustomerGroup({ ...unsaid, actions: [removing] }));
    expect(last.createdBy).toEqual(created.createdBy);
    expect(last.lastModifiedBy).toBeUndefined();
  });
}

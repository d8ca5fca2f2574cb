import { expect, test } from "vitest";
import { badRequest, failureOf, failureStory } from "../failure.ts";
import { byId, newGroup, PROJECT, remove, unique } from "../groups.ts";
import type { Ground } from "../suite.ts";

const description = "was used before with another payload; use a new one for a new call";

export const requestIdReused = failureStory(
  "InvalidArgument",
  "REQUEST_ID_REUSED",
  `request_id: ${description}`,
  { field: "request_id" },
  badRequest({ field: "request_id", description, reason: "REQUEST_ID_REUSED" }),
);

export function requestIdCases(ground: () => Ground): void {
  test("answers a repeated create as the first time, even when the group is gone", async () => {
    const { groups } = ground();
    const request = createRequest();
    const first = await groups.createCustomerGroup(request);
    expect(await groups.createCustomerGroup(request)).toEqual(first);
    if (first.customerGroup) await remove(groups, first.customerGroup);
    expect(await groups.createCustomerGroup(request)).toEqual(first);
  });

  test("answers a repeated update and delete as the first time", async () => {
    const { groups } = ground();
    const { id } = await newGroup(groups);
    const request = { projectKey: PROJECT, ref: byId(id), requestId: unique("request") };
    const actions = [{ action: { case: "addMarkets" as const, value: { marketIds: ["m"] } } }];
    const changing = { ...request, expectedVersion: 1n, actions };
    const updated = await groups.updateCustomerGroup(changing);
    expect(updated.customerGroup?.version).toBe(2n);
    expect(await groups.updateCustomerGroup(changing)).toEqual(updated);

    // The same id for another method is another request.
    const deleting = { ...request, expectedVersion: 2n };
    const deleted = await groups.deleteCustomerGroup(deleting);
    expect(deleted.customerGroup).toEqual(updated.customerGroup);
    expect(await groups.deleteCustomerGroup(deleting)).toEqual(deleted);
    expect(await groups.updateCustomerGroup(changing)).toEqual(updated);
  });

  test("remembers an update that changed nothing", async () => {
    const { groups } = ground();
    const { id } = await newGroup(groups);
    const confirm = { projectKey: PROJECT, ref: byId(id), expectedVersion: 1n, requestId: unique("request") };
    const first = await groups.updateCustomerGroup(confirm);
    const actions = [{ action: { case: "addMarkets" as const, value: { marketIds: ["m"] } } }];
    await groups.updateCustomerGroup({ ...confirm, requestId: "", actions });
    expect(await groups.updateCustomerGroup(confirm)).toEqual(first);
  });

  test("refuses a request id that was used with another payload", async () => {
    const { groups } = ground();
    const request = createRequest();
    const { customerGroup } = await groups.createCustomerGroup(request);
    const other = { ...request, draft: { ...request.draft, priceListId: "other" } };
    expect(await failureOf(groups.createCustomerGroup(other))).toEqual(requestIdReused);
    const free = { ...request, draft: { name: unique("Free") } };
    expect(await failureOf(groups.createCustomerGroup(free))).toEqual(requestIdReused);
    expect((await groups.createCustomerGroup(request)).customerGroup).toEqual(customerGroup);
  });

  test("knows a request id of its own caller, method and project only", async () => {
    const { groups } = ground();
    const request = createRequest();
    const { customerGroup } = await groups.createCustomerGroup(request);
    const elsewhere = await groups.createCustomerGroup({ ...request, projectKey: "live" });
    expect(elsewhere.customerGroup?.id).not.toBe(customerGroup?.id);
    const headers = { "x-external-user-id": "another" };
    expect(await failureOf(groups.createCustomerGroup(request, { headers }))).toMatchObject({
      code: "AlreadyExists",
    });
  });

  test("doesn't remember a refused call", async () => {
    const { groups } = ground();
    const holder = await newGroup(groups);
    const request = { projectKey: PROJECT, draft: { name: holder.name }, requestId: unique("request") };
    expect(await failureOf(groups.createCustomerGroup(request))).toMatchObject({ code: "AlreadyExists" });
    await remove(groups, holder);
    expect((await groups.createCustomerGroup(request)).customerGroup?.name).toBe(holder.name);
  });
}

function createRequest() {
  const draft = { name: unique("Once"), key: unique("once"), metadata: { a: 1, b: { c: [2], d: null } } };
  return { projectKey: PROJECT, draft, requestId: unique("request") };
}

import { type Action, byId, byKey, newGroup, PROJECT, update } from "./groups.ts";
import type { Refusal } from "./obstacles.ts";
import type { Callers } from "./services.ts";
import { duplicate, notAllowed, notFound, pageTokenInvalid, versionMismatch } from "./stories.ts";

export const groupRefusals: readonly Refusal[] = [
  {
    title: "to get a group by an id that nobody has",
    call: ({ groups }, { id }) =>
      groups.getCustomerGroup({ projectKey: PROJECT, ref: byId(id.toUpperCase()) }),
    says: ({ id }) => notFound("customer-group", "id", id),
  },
  {
    title: "to get a group by a key that nobody has",
    call: ({ groups }) => groups.getCustomerGroup({ projectKey: PROJECT, ref: byKey("no-such-key") }),
    says: () => notFound("customer-group", "key", "no-such-key"),
  },
  {
    title: "to get another project's group by id",
    call: ({ groups }, { foreign }) =>
      groups.getCustomerGroup({ projectKey: PROJECT, ref: byId(foreign.id) }),
    says: ({ foreign }) => notFound("customer-group", "id", foreign.id),
  },
  {
    title: "to delete another project's group by key",
    call: ({ groups }, { foreign: { key = "" } }) =>
      groups.deleteCustomerGroup({ projectKey: PROJECT, ref: byKey(key), expectedVersion: 1n }),
    says: ({ foreign: { key = "" } }) => notFound("customer-group", "key", key),
  },
  {
    title: "to update a group that nobody has",
    call: ({ groups }, { id }) =>
      groups.updateCustomerGroup({ projectKey: PROJECT, ref: byId(id), expectedVersion: 1n }),
    says: ({ id }) => notFound("customer-group", "id", id),
  },
  ...[
    ({ groups }: Callers) => groups.getCustomerGroup({ projectKey: "nowhere", ref: byKey("any") }),
    ({ groups }: Callers) => groups.batchGetCustomerGroups({ projectKey: "nowhere" }),
    ({ groups }: Callers) => groups.queryCustomerGroups({ projectKey: "nowhere" }),
    ({ groups }: Callers) =>
      groups.existsCustomerGroup({ projectKey: "nowhere", target: { case: "ref", value: byKey("any") } }),
    ({ groups }: Callers) => groups.createCustomerGroup({ projectKey: "nowhere", draft: { name: "Any" } }),
    ({ groups }: Callers) =>
      groups.updateCustomerGroup({ projectKey: "nowhere", ref: byKey("any"), expectedVersion: 1n }),
    ({ groups }: Callers) =>
      groups.deleteCustomerGroup({ projectKey: "nowhere", ref: byKey("any"), expectedVersion: 1n }),
  ].map((call) => ({
    title: `a project that isn't there: ${/\.(\w+)\(/.exec(`${call}`)?.[1]}`,
    call,
    says: () => notFound("project", "key", "nowhere"),
  })),
  {
    title: "to update a version that is behind, even with no actions",
    call: ({ groups }, { group }) =>
      groups.updateCustomerGroup({ projectKey: PROJECT, ref: byId(group.id), expectedVersion: 1n }),
    says: () => versionMismatch(1n, 2n),
  },
  {
    title: "to delete a version that isn't there yet, beyond what a double can count",
    call: ({ groups }, { group }) =>
      groups.deleteCustomerGroup({
        projectKey: PROJECT,
        ref: byId(group.id),
        expectedVersion: 2n ** 63n - 1n,
      }),
    says: () => versionMismatch(2n ** 63n - 1n, 2n),
  },
  {
    title: "a new group a name that another one holds",
    call: ({ groups }, { holder }) => newGroup(groups, { name: holder.name }),
    says: ({ holder }) => duplicate("customer-group", "name", holder.id),
  },
  {
    title: "a new group a key that another one holds",
    call: ({ groups }, { holder, name }) => newGroup(groups, { name, key: holder.key ?? "" }),
    says: ({ holder }) => duplicate("customer-group", "key", holder.id),
  },
  {
    title: "a group a name that another one holds",
    call: ({ groups }, { group, holder }) =>
      update(groups, group, [{ case: "changeName", value: { name: holder.name } }]),
    says: ({ holder }) => duplicate("customer-group", "name", holder.id),
  },
  {
    title: "a group a key that another one holds",
    call: ({ groups }, { group, holder }) =>
      update(groups, group, [{ case: "setKey", value: { key: holder.key ?? "" } }]),
    says: ({ holder }) => duplicate("customer-group", "key", holder.id),
  },
  {
    title: "to change an attachment that isn't there",
    call: ({ groups }, { group, id }) =>
      update(groups, group, [{ case: "changeAttachment", value: { id, attachment: { name: "a" } } }]),
    says: () => notAllowed("actions[0].change_attachment.id", "the group has no such attachment"),
  },
  {
    title: "to remove an attachment that isn't there",
    call: ({ groups }, { group, id }) => {
      const add: Action = { case: "addAttachment", value: { attachment: { name: "a" } } };
      return update(groups, group, [add, { case: "removeAttachment", value: { id } }]);
    },
    says: () => notAllowed("actions[1].remove_attachment.id", "the group has no such attachment"),
  },
  {
    title: "a page token that is none",
    call: ({ groups }) => groups.queryCustomerGroups({ projectKey: PROJECT, pageToken: "bm9uZQ" }),
    says: () => pageTokenInvalid,
  },
];

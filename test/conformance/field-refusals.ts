import { badRequest, failureStory, fieldInvalid } from "./failure.ts";
import { actions, drafts, full, KEY, NUL, queries, REQUEST_ID, type Row, unlike } from "./field-rules.ts";
import { byId, byKey, newGroup, PROJECT, update } from "./groups.ts";
import type { Refusal } from "./obstacles.ts";

const others: readonly [...Row<Refusal["call"]>, title: string][] = [
  [
    ({ groups }) => groups.getCustomerGroup({ projectKey: PROJECT }),
    "ref",
    "required",
    "value is required",
    "no ref",
  ],
  [
    ({ groups }) => groups.getCustomerGroup({ projectKey: PROJECT, ref: {} }),
    "ref.value",
    "required",
    "exactly one field is required in oneof",
    "an empty ref",
  ],
  [
    ({ groups }) => groups.getCustomerGroup({ projectKey: PROJECT, ref: byId("1") }),
    "ref.id",
    "string.uuid",
    "must be a valid UUID",
    "an id that is no UUID",
  ],
  [
    ({ groups }) => groups.getCustomerGroup({ projectKey: PROJECT, ref: byKey("a b") }),
    "ref.key",
    "string.pattern",
    unlike(KEY),
    "a malformed key",
  ],
  [
    ({ groups }) => groups.existsCustomerGroup({ projectKey: PROJECT }),
    "target",
    "required",
    "exactly one field is required in oneof",
    "no target",
  ],
  [
    ({ groups }) => groups.batchGetCustomerGroups({ projectKey: PROJECT, refs: [byKey("ab"), byKey("")] }),
    "refs[1].key",
    "string.pattern",
    unlike(KEY),
    "a malformed key among refs",
  ],
  [
    ({ groups }) => groups.batchGetCustomerGroups({ projectKey: PROJECT, refs: full.map(byKey) }),
    "refs",
    "repeated.max_items",
    "must contain no more than 500 item(s)",
    "501 refs",
  ],
  [
    ({ groups }) => groups.createCustomerGroup({ projectKey: PROJECT }),
    "draft",
    "required",
    "value is required",
    "no draft",
  ],
  [
    ({ groups }) =>
      groups.createCustomerGroup({ projectKey: PROJECT, draft: { name: "a" }, requestId: "a b" }),
    "request_id",
    "string.pattern",
    unlike(REQUEST_ID),
    "a request id with a blank",
  ],
  [
    ({ groups }, { group }) => groups.deleteCustomerGroup({ projectKey: PROJECT, ref: byId(group.id) }),
    "expected_version",
    "int64.gte",
    "must be greater than or equal to 1",
    "no expected version",
  ],
  [
    ({ groups }, { group }) =>
      update(
        groups,
        group,
        Array.from({ length: 501 }, () => ({ case: "setKey", value: {} })),
      ),
    "actions",
    "repeated.max_items",
    "must contain no more than 500 item(s)",
    "501 actions",
  ],
];

export const fieldRefusals: readonly Refusal[] = [
  ...drafts.map(
    ([draft, ...violation]): Refusal => ({
      title: `a draft whose ${violation[0]} breaks ${violation[1]}`,
      call: ({ groups }, { name }) => newGroup(groups, { name, ...draft }),
      says: () => fieldInvalid(...violation),
    }),
  ),
  ...actions.map(
    ([action, field, ...violation]): Refusal => ({
      title: `an action whose ${field} breaks ${violation[0]}`,
      call: ({ groups }, { group }) => update(groups, group, [action]),
      says: () => fieldInvalid(`actions[0].${field}`, ...violation),
    }),
  ),
  ...queries.map(
    ([query, ...violation]): Refusal => ({
      title: `the query ${JSON.stringify(query)}`,
      call: ({ groups }) => groups.queryCustomerGroups({ projectKey: PROJECT, ...query }),
      says: () => fieldInvalid(...violation),
    }),
  ),
  ...others.map(
    ([call, field, rule, description, title]): Refusal => ({
      title,
      call,
      says: () => fieldInvalid(field, rule, description),
    }),
  ),
  {
    title: "an update with several broken rules, and lists them",
    call: ({ groups }, { group }) =>
      groups.updateCustomerGroup({
        projectKey: PROJECT,
        ref: byId(group.id),
        expectedVersion: 0n,
        actions: [{}, { action: { case: "setReference", value: { reference: "\0" } } }],
      }),
    says: () =>
      failureStory(
        "InvalidArgument",
        "FIELD_INVALID",
        "expected_version: must be greater than or equal to 1",
        { field: "expected_version", rule: "int64.gte" },
        badRequest(
          {
            field: "expected_version",
            description: "must be greater than or equal to 1",
            reason: "FIELD_INVALID",
          },
          {
            field: "actions[0].action",
            description: "exactly one field is required in oneof",
            reason: "FIELD_REQUIRED",
          },
          { field: "actions[1].set_reference.reference", description: NUL, reason: "FIELD_INVALID" },
        ),
      ),
  },
];

import type { JsonObject } from "@bufbuild/protobuf";
import { newCustomer, updateCustomer } from "./customers.ts";
import type { FailureStory } from "./failure.ts";
import type { Obstacles, Refusal } from "./obstacles.ts";
import { duplicate, notAllowed, referenceNotFound } from "./stories.ts";

type Row = readonly [
  said: (obstacles: Obstacles) => JsonObject,
  says: (obstacles: Obstacles) => FailureStory,
];

const noGroup = (field: string) => () => referenceNotFound(field, "customer-group", "key", "none");
const noGroupOfId =
  (field: string) =>
  ({ id }: Obstacles) =>
    referenceNotFound(field, "customer-group", "id", id);

const drafts: readonly Row[] = [
  [() => ({ customerGroup: { key: "none" } }), noGroup("draft.customer_group")],
  [
    ({ group, id }) => ({ customerGroupAssignments: [{ id: group.id }, { id }] }),
    noGroupOfId("draft.customer_group_assignments[1]"),
  ],
  [
    ({ foreign }) => ({ customerGroup: { id: foreign.id } }),
    ({ foreign }) => referenceNotFound("draft.customer_group", "customer-group", "id", foreign.id),
  ],
  [
    () => ({ addresses: [{ country: "DE", custom: { type: { key: "none" } } }] }),
    () => referenceNotFound("draft.addresses[0].custom.type", "custom-type", "key", "none"),
  ],
  [
    ({ type }) => ({ custom: { type: { id: type.id } } }),
    ({ type }) => notAllowed("draft.custom.type", `the custom type "${type.key}" ${FOR_GROUPS}`),
  ],
  [
    ({ customerHolder: { customerNumber = "" } }) => ({ customerNumber }),
    ({ customerHolder }) => duplicate("customer", "customer_number", customerHolder.id),
  ],
];
const FOR_GROUPS = "is not for this: it is for customer-group";

const NO_ADDRESS = "the customer has no such address";

const actions: readonly Row[] = [
  [
    ({ id }) => ({ setCustomerGroup: { customerGroup: { id: id.toUpperCase() } } }),
    noGroupOfId("actions[1].set_customer_group.customer_group"),
  ],
  [
    () => ({ addCustomerGroupAssignment: { customerGroup: { key: "none" } } }),
    noGroup("actions[1].add_customer_group_assignment.customer_group"),
  ],
  [
    () => ({ removeCustomerGroupAssignment: { customerGroup: { key: "none" } } }),
    noGroup("actions[1].remove_customer_group_assignment.customer_group"),
  ],
  [
    ({ group }) => ({ setCustomerGroupAssignments: { customerGroups: [{ id: group.id }, { key: "none" }] } }),
    noGroup("actions[1].set_customer_group_assignments.customer_groups[1]"),
  ],
  [
    () => ({ changeAddress: { address: { key: "none" }, draft: { country: "DE" } } }),
    () => notAllowed("actions[1].change_address.address", NO_ADDRESS),
  ],
  [
    ({ id }) => ({ setDefaultBillingAddress: { address: { id } } }),
    () => notAllowed("actions[1].set_default_billing_address.address", NO_ADDRESS),
  ],
  [
    ({ id }) => ({ removePaymentSource: { id } }),
    () => notAllowed("actions[1].remove_payment_source.id", "the customer has no such payment source"),
  ],
  [
    ({ id }) => ({ endSubscription: { id } }),
    () => notAllowed("actions[1].end_subscription.id", "the customer has no such subscription"),
  ],
  [
    () => ({ setCustomField: { name: "note", value: "n" } }),
    () => notAllowed("actions[1].set_custom_field", "there is no custom type"),
  ],
  [
    ({ customerHolder: { email } }) => ({ changeEmail: { email } }),
    ({ customerHolder }) => duplicate("customer", "email", customerHolder.id),
  ],
];

/** What else the stored state refuses of drafts and actions. */
export const customerReferenceRefusals: readonly Refusal[] = [
  ...drafts.map(
    ([draft, says], index): Refusal => ({
      title: `draft ${index} of a customer, for what it refers to`,
      call: ({ customers }, obstacles) => newCustomer(customers, draft(obstacles)),
      says,
    }),
  ),
  ...actions.map(
    ([action, says]): Refusal => ({
      title: `an action on a customer: ${/(\w+): \{/.exec(`${action}`)?.[1]}`,
      // The second action, so that an index is seen to be the action's own.
      call: ({ customers }, obstacles) =>
        updateCustomer(customers, obstacles.customer, { setKey: {} }, action(obstacles)),
      says,
    }),
  ),
];

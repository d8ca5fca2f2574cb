import type { JsonObject } from "@bufbuild/protobuf";
import { pickOf, type randomOf } from "../queries/random.ts";
import { type Content, CUSTOMERS, emailOf, GROUPS, placedOrder, TYPE } from "./content.ts";

type Random = ReturnType<typeof randomOf>;
type Make = (ground: Ground) => JsonObject;

/** What a request is made of. */
type Ground = {
  readonly random: Random;
  readonly own: Content;
  /** Of another project, now and then; else the same as `own`. */
  readonly named: Content;
  /** A text that tells whose it is. */
  readonly text: string;
  /** The version that the resource was last seen in. */
  versionOf(id: string): string;
  /** A page token that an answer to the same request had, if there is one. */
  readonly pageToken: string;
};

const EXPAND = ["custom.type", "custom.fields.friend", "custom.fields.club"];
const group: Make = ({ random, named }) => anyRef(random, named, pickOf(random, GROUPS));
const type: Make = ({ random, named }) => anyRef(random, named, TYPE);
const customer: Make = ({ random, named }) => {
  const key = pickOf(random, CUSTOMERS);
  return random() < 0.2 ? { email: emailOf(key) } : anyRef(random, named, key);
};
const some =
  (make: Make): ((ground: Ground) => JsonObject[]) =>
  (ground) =>
    Array.from({ length: 1 + Math.floor(ground.random() * 4) }, () => make(ground));
const groupId = ({ random, named }: Ground) => named.id(pickOf(random, GROUPS));
const customerId = ({ random, named }: Ground) => named.id(pickOf(random, CUSTOMERS));
const updated =
  (keys: readonly string[], ...actions: readonly Make[]): Make =>
  (ground) => {
    const id = ground.named.id(pickOf(ground.random, keys));
    const made = [pickOf(ground.random, actions)(ground)];
    return { ref: { id }, expectedVersion: ground.versionOf(id), actions: made };
  };
const deleted: Make = ({ random, named, versionOf }) => {
  // Those that were made on the way, and none that others count on.
  const id = named.id(pickOf(random, ["spare-customer", "spare-group", "spare-type"]));
  return { ref: { id }, expectedVersion: versionOf(id) };
};
const freshKey = ({ random }: Ground) => `fresh-${Math.floor(random() * 40)}`;

/** A request by chance for each method; all but `projectKey`. */
export const MIXED: Readonly<Record<string, Make>> = {
  GetCustomerGroup: (ground) => ({ ref: group(ground), expand: EXPAND }),
  BatchGetCustomerGroups: (ground) => ({ refs: some(group)(ground) }),
  QueryCustomerGroups: (ground) => ({
    ...queryOf(ground, ["", `id = "${groupId(ground)}"`, "customerCount > 0", 'key = "group-1"']),
    ...(ground.random() < 0.3 && { member: customer(ground) }),
  }),
  ExistsCustomerGroup: (ground) => ({ ref: group(ground) }),
  CreateCustomerGroup: (ground) => ({
    draft: { name: `${ground.text} ${freshKey(ground)}`, key: freshKey(ground), reference: ground.text },
  }),
  UpdateCustomerGroup: updated(
    GROUPS,
    ({ text }) => ({ setReference: { reference: text } }),
    (ground) => ({
      setCustomField: { name: "friend", value: { typeId: "customer", id: customerId(ground) } },
    }),
    ({ text, random }) => ({ setMetadata: { metadata: { text, n: random() } } }),
  ),
  DeleteCustomerGroup: (ground) => ({ ...deleted(ground), onMembers: "ON_MEMBERS_DETACH" }),
  AddCustomers: (ground) => ({ ref: group(ground), customers: some(customer)(ground) }),
  RemoveCustomers: (ground) => ({ ref: group(ground), customers: some(customer)(ground) }),

  GetCustomer: (ground) => ({ ref: customer(ground), expand: [...EXPAND, "customer_group"] }),
  BatchGetCustomers: (ground) => ({ refs: some(customer)(ground) }),
  QueryCustomers: (ground) =>
    queryOf(
      ground,
      [
        "",
        `customerGroup(id = "${groupId(ground)}")`,
        `customerGroupAssignments(customerGroup(id = "${groupId(ground)}"))`,
        'customerGroupAssignments(customerGroup(key = "group-1"))',
        `custom(type(id = "${ground.named.id(TYPE)}"))`,
        `custom(fields(friend(id = "${customerId(ground)}")))`,
        'orders(status = "placed")',
        `addresses(key = "home")`,
      ],
      ["customer_group", "customer_group_assignments[*].customer_group"],
    ),
  ExistsCustomer: (ground) => ({
    predicate: { where: [`customerGroup(id = "${groupId(ground)}") or id = "${customerId(ground)}"`] },
  }),
  CreateCustomer: (ground) => {
    const key = freshKey(ground);
    return {
      draft: { email: emailOf(key), key, firstName: ground.text, customerGroup: group(ground) },
      requestId: `request-${key}`,
    };
  },
  UpdateCustomer: updated(
    CUSTOMERS,
    ({ text }) => ({ setLastName: { lastName: text } }),
    (ground) => ({ setCustomerGroup: { customerGroup: group(ground) } }),
    (ground) => ({ addCustomerGroupAssignment: { customerGroup: group(ground) } }),
    (ground) => ({ removeCustomerGroupAssignment: { customerGroup: group(ground) } }),
    (ground) => ({
      setCustomField: { name: "friend", value: { typeId: "customer", id: customerId(ground) } },
    }),
  ),
  DeleteCustomer: (ground) => ({ ...deleted(ground), dataErasure: ground.random() < 0.5 }),
  RecordOrder: (ground) => {
    const orderId = `order-${Math.floor(ground.random() * 20)}`;
    const total = { currencyCode: "EUR", centAmount: `${Math.floor(ground.random() * 1000)}` };
    return { ref: customer(ground), order: { ...placedOrder(orderId), total } };
  },
  ListOrders: (ground) => ({ ref: customer(ground), limit: 2, pageToken: ground.pageToken }),
  ExportCustomer: (ground) => ({ ref: customer(ground), limit: 3, pageToken: ground.pageToken }),

  GetCustomType: (ground) => ({ ref: type(ground) }),
  QueryCustomTypes: (ground) => queryOf(ground, ["", `id = "${ground.named.id(TYPE)}"`], []),
  ExistsCustomType: (ground) => ({ ref: type(ground) }),
  CreateCustomType: (ground) => ({
    draft: {
      key: freshKey(ground),
      name: { en: ground.text },
      resourceTypes: ["RESOURCE_TYPE_ADDRESS"],
      reference: ground.text,
    },
  }),
  UpdateCustomType: updated([TYPE], ({ text, random }) => ({
    setMetadata: { metadata: { text, n: random() } },
  })),
  DeleteCustomType: deleted,

  GetProject: () => ({}),
  UpdateProject: ({ text, random, own, versionOf }) => ({
    expectedVersion: versionOf(own.projectKey),
    actions: [{ changeName: { name: `${text} ${random()}` } }],
  }),
};

/** What reads across projects, or makes and ends them: not among the mixed calls. */
export const UNMIXED = ["ListProjects", "CreateProject", "DeleteProject"];

function anyRef(random: Random, { id }: Content, key: string): JsonObject {
  return random() < 0.5 ? { id: id(key) } : { key };
}

function queryOf(
  { random, pageToken }: Ground,
  wheres: readonly string[],
  expand: readonly string[] = [],
): JsonObject {
  const where = pickOf(random, wheres);
  return {
    ...(where !== "" && { where: [where] }),
    limit: Math.floor(random() * 5),
    sort: pickOf(random, [[], ["key"], ["createdAt desc"]]),
    withTotal: random() < 0.3,
    ...(random() < 0.3 && { pageToken }),
    ...(expand.length > 0 && random() < 0.5 && { expand: [...EXPAND, ...expand] }),
  };
}

import { afterAll, beforeAll, expect, test } from "vitest";
import { ResourceType } from "../../gen/clientele/v1/resource_type_pb.ts";
import { projectIdOf } from "../../src/projects/project-id.ts";
import { insertProject } from "../../src/projects/store.ts";
import { byId, byKey, groupOf, PROJECT as projectKey } from "../conformance/groups.ts";
import { openUnswept } from "../db/unswept.ts";
import { openSql } from "../support/consistency.ts";
import { field, typeDraft, typeOf } from "../support/custom-types.ts";
import { customerOf } from "../support/customers.ts";
import { createDatabase } from "../support/database.ts";

// A custom field that was removed, before anybody has swept its values.

let database: Awaited<ReturnType<typeof createDatabase>>;
let api: ReturnType<typeof openUnswept>;
/** Two that had a `tier` and a `rank`; one that had nothing but a `tier`; one of another type, which keeps its `tier`. */
let customers: readonly string[] = [];
let groups: readonly string[] = [];

beforeAll(async () => {
  database = await createDatabase();
  api = openUnswept(database);
  const sql = openSql(database);
  await insertProject(sql, { projectId: projectIdOf(projectKey), key: projectKey, mode: "test" }, new Date());
  await sql.end();
  const type = await newType("old");
  await newType("kept");
  const all = [
    ["old", { tier: "gold", rank: 2 }],
    ["old", { tier: "silver", rank: 1 }],
    ["old", { tier: "gold" }],
    ["kept", { tier: "bronze", rank: 3 }],
  ] as const;
  for (const [key, fields] of all) {
    const custom = { type: byKey(key), fields };
    const addresses = [{ country: "DE", custom }];
    const draft = { email: `${customers.length}@example.com`, custom, addresses };
    customers = [...customers, customerOf(await api.customers.createCustomer({ projectKey, draft })).id];
    const group = { name: `Group ${groups.length}`, custom };
    groups = [...groups, groupOf(await api.groups.createCustomerGroup({ projectKey, draft: group })).id];
  }
  const action = { case: "removeFieldDefinition", value: { fieldName: "tier" } } as const;
  const update = { projectKey, ref: byId(type.id), expectedVersion: 1n, actions: [{ action }] };
  await api.types.updateCustomType(update);
});
afterAll(async () => {
  await api.close();
  await database.drop();
});

async function newType(key: string) {
  const draft = typeDraft(key, field("tier", "string"), field("rank", "number"));
  const resourceTypes = [ResourceType.CUSTOMER_GROUP, ResourceType.CUSTOMER, ResourceType.ADDRESS];
  return typeOf(await api.types.createCustomType({ projectKey, draft: { ...draft, resourceTypes } }));
}

/** Where in the lists the customers and the groups are that a query finds. */
async function placesOf(query: object) {
  const [ofCustomers, ofGroups] = [
    await api.customers.queryCustomers({ projectKey, ...query }),
    await api.groups.queryCustomerGroups({ projectKey, ...query }),
  ];
  const places = ofCustomers.results.map(({ id }) => customers.indexOf(id));
  expect(ofGroups.results.map(({ id }) => groups.indexOf(id))).toEqual(places);
  return places;
}

test.each<readonly [condition: string, places: readonly number[]]>([
  ['tier = "gold"', []],
  ['tier in ("gold", "bronze")', [3]],
  ['tier contains any ("gold")', []],
  ['tier >= "a"', [3]],
  ['tier matches ignore case "GOLD"', []],
  ["tier is defined", [3]],
  ["tier is not defined", [0, 1, 2]],
  ["tier is empty", [0, 1, 2]],
  ['tier != "gold"', [0, 1, 2, 3]],
  ["tier(a = 1) or rank > 1", [0, 3]],
  ['rank = 1 and not(tier = "silver")', [1]],
])("custom fields with %s", async (condition, places) => {
  expect(await placesOf({ where: [`custom(fields(${condition}))`] })).toEqual(places);
  for (const place of places) {
    const target = {
      case: "predicate" as const,
      value: { where: [`custom(fields(${condition}))`, `id = "${customers[place]}"`] },
    };
    expect((await api.customers.existsCustomer({ projectKey, target })).exists).toBe(true);
  }
  const where = [`addresses(custom(fields(${condition})))`];
  const { results } = await api.customers.queryCustomers({ projectKey, where });
  expect(results.map(({ id }) => customers.indexOf(id))).toEqual(places);
});

test("fields of which nothing else is left are empty", async () => {
  expect(await placesOf({ where: ["custom(fields is empty)"] })).toEqual([2]);
  expect(await placesOf({ where: ["custom(fields is not empty and fields is defined)"] })).toEqual([0, 1, 3]);
});

test.each([
  [["custom.fields.tier"], [3, 0, 1, 2]],
  [
    ["custom.fields.tier desc", "id desc"],
    [2, 1, 0, 3],
  ],
  [
    ["custom.fields.tier", "custom.fields.rank"],
    [3, 1, 0, 2],
  ],
])("sorted by %j, page after page", async (sort, places) => {
  expect(await placesOf({ sort })).toEqual(places);
  const found: number[] = [];
  let pageToken = "";
  do {
    const page = await api.customers.queryCustomers({ projectKey, sort, limit: 1, pageToken });
    found.push(...page.results.map(({ id }) => customers.indexOf(id)));
    ({ nextPageToken: pageToken } = page);
  } while (pageToken !== "");
  expect(found).toEqual(places);
});

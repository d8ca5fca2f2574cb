import type { JsonObject } from "@bufbuild/protobuf";
import { PROJECT } from "../conformance/groups.ts";
import type { Resource } from "./documents.ts";
import type { Clients } from "./random-rows.ts";

export type Asked = { readonly where: string[]; readonly variables: JsonObject };

type Page = {
  readonly where?: string[];
  readonly variables?: JsonObject;
  readonly sort?: string[];
  readonly limit?: number;
  readonly pageToken?: string;
};

/** Queries one kind of resource. */
export async function query({ customers, groups, types }: Clients, name: Resource["name"], page: Page) {
  const request = { projectKey: PROJECT, limit: 500, ...page };
  switch (name) {
    case "customers":
      return customers.queryCustomers(request);
    case "groups":
      return groups.queryCustomerGroups(request);
    case "types":
      return types.queryCustomTypes(request);
    default:
      return name satisfies never;
  }
}

/** Whether there is any such resource. */
export async function exists({ customers, groups, types }: Clients, name: Resource["name"], asked: Asked) {
  const target = { case: "predicate" as const, value: asked };
  const request = { projectKey: PROJECT, target };
  switch (name) {
    case "customers":
      return (await customers.existsCustomer(request)).exists;
    case "groups":
      return (await groups.existsCustomerGroup(request)).exists;
    case "types":
      return (await types.existsCustomType(request)).exists;
    default:
      return name satisfies never;
  }
}

/** The ids of all pages of such a size. */
export async function walk(clients: Clients, name: Resource["name"], page: Page): Promise<readonly string[]> {
  const ids: string[] = [];
  let pageToken = "";
  do {
    const { results, nextPageToken } = await query(clients, name, { ...page, pageToken });
    ids.push(...results.map(({ id }) => id));
    pageToken = nextPageToken;
  } while (pageToken !== "");
  return ids;
}

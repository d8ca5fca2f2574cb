import { startTestService } from "../support/service.ts";
import { type Resource, readDocuments } from "./documents.ts";
import { connect, makeRandomRows } from "./random-rows.ts";

export type QueryFixture = Awaited<ReturnType<typeof startWithRandomRows>>;

/** Starts the real service with random resources, and reads them as predicates see them. */
export async function startWithRandomRows(seed = 1) {
  const { baseUrl, address, stop } = await startTestService();
  const clients = connect(baseUrl);
  await makeRandomRows(clients, seed);
  const resources = await readDocuments(clients);
  return {
    clients,
    address,
    stop,
    resource(name: Resource["name"]): Resource {
      const resource = resources.find((one) => one.name === name);
      if (!resource) throw new Error(`unreachable: there are ${name}`);
      return resource;
    },
  };
}

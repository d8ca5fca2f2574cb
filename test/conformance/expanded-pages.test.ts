import { randomBytes } from "node:crypto";
import { toBinary, toJsonString } from "@bufbuild/protobuf";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { CustomerGroup } from "../../gen/clientele/v1/customer_group_pb.ts";
import {
  type QueryCustomerGroupsResponse,
  QueryCustomerGroupsResponseSchema,
} from "../../gen/clientele/v1/customer_group_service_pb.ts";
import { startTestService } from "../support/service.ts";
import { failureOf } from "./failure.ts";
import { byId, groupOf, newGroup, PROJECT } from "./groups.ts";
import { type Callers, callersOf } from "./services.ts";
import { tooLarge } from "./stories.ts";
import { custom, fields, groupReference, newType } from "./types.ts";
import type { OpenWay } from "./way.ts";
import { plainWays } from "./ways/all.ts";

// Groups that are more than 4 MiB with what they include. One service for all ways: they are dear to make.

const projectKey = PROJECT;
/** What stock gRPC clients take at most. */
const WIRE_BYTES = 4 * 1024 * 1024;
const MAX_PAGE_BYTES = WIRE_BYTES - 64 * 1024;

let service: Awaited<ReturnType<typeof startTestService>>;
let seeder: Callers;
const ids: string[] = [];
let overfull: CustomerGroup;

beforeAll(async () => {
  service = await startTestService();
  seeder = callersOf(createGrpcTransport({ baseUrl: service.baseUrl }));
  const { groups, types } = seeder;
  const large = { metadata: { text: randomBytes(55 * 1024).toString("hex") } };
  const type = await newType(types, { ...fields("parent", "peers"), ...large });
  const parents: CustomerGroup[] = [];
  for (let index = 0; index < 20; index += 1) parents.push(await newGroup(groups, large));
  for (const parent of [...parents, ...parents]) {
    ids.push((await newGroup(groups, { custom: custom(type, { parent: groupReference(parent) }) })).id);
  }
  const peers = parents.map(groupReference);
  overfull = await newGroup(groups, { key: "overfull", custom: custom(type, { peers }) });
  ids.push(overfull.id, ...parents.map(({ id }) => id));
  ids.sort();
});
afterAll(() => service.stop());

// Queries aren't sent by GET.
const ways = plainWays.filter(({ usesGet }) => !usesGet);

describe.each(ways.map((way) => [way.name, way] as const))("by %s", (_, way) => {
  let open: OpenWay;
  let groups: Callers["groups"];

  beforeAll(async () => {
    open = await way.open(service.baseUrl);
    ({ groups } = callersOf(open.transport));
  });
  afterAll(() => open.close?.());

  test("groups come with their type in short pages, and nothing is lost", async () => {
    const pages = await walk(groups, "custom.type");
    const results = pages.flatMap((page) => page.results);
    expect(results.map(({ id }) => id)).toEqual(ids);
    expect(results.filter((group) => group.custom?.type?.obj)).toHaveLength(41);
  });

  test("one that alone is too much can't be got, found or updated", async () => {
    const expand = ["custom.fields.peers[*]"];
    const one = { projectKey, ref: byId(overfull.id) };
    const got = await failureOf(groups.getCustomerGroup({ ...one, expand }));
    expect(got).toEqual(tooLarge("the answer", MAX_PAGE_BYTES, got.message));

    const query = { projectKey, sort: ["key"], limit: 1, expand };
    const queried = await failureOf(groups.queryCustomerGroups(query));
    expect(queried).toEqual(tooLarge("one result and what it includes", MAX_PAGE_BYTES, queried.message));

    const actions = [{ action: { case: "setPriceList" as const, value: { priceListId: "p" } } }];
    const updating = { ...one, expectedVersion: 1n, actions, expand };
    const updated = await failureOf(groups.updateCustomerGroup(updating));
    expect(updated).toEqual(tooLarge("the answer", MAX_PAGE_BYTES, updated.message));
    expect(groupOf(await groups.getCustomerGroup(one))).toEqual(overfull);
  });
});

test.each([
  ["custom.type", 41],
  ["custom.fields.parent", 40],
])("no page with %s is more than clients take, in binary or JSON", async (path, included) => {
  const pages = await walk(seeder.groups, path);
  const texts = pages.map((page) => toJsonString(QueryCustomerGroupsResponseSchema, page));
  for (const page of pages) {
    expect(toBinary(QueryCustomerGroupsResponseSchema, page).length).toBeLessThan(WIRE_BYTES);
  }
  for (const text of texts) expect(Buffer.byteLength(text)).toBeLessThan(WIRE_BYTES);
  expect(pages.flatMap((page) => page.results).map(({ id }) => id)).toEqual(ids);
  expect(texts.join("").split('"obj":')).toHaveLength(included + 1);
});

/** All pages, of which there are several though none is asked to be short. */
async function walk(groups: Callers["groups"], path: string): Promise<QueryCustomerGroupsResponse[]> {
  const pages: QueryCustomerGroupsResponse[] = [];
  let pageToken = "";
  do {
    const page = await groups.queryCustomerGroups({ projectKey, expand: [path], limit: 500, pageToken });
    expect(page.count).toBe(page.results.length);
    pages.push(page);
    ({ nextPageToken: pageToken } = page);
  } while (pageToken !== "");
  expect(pages.length).toBeGreaterThan(1);
  return pages;
}

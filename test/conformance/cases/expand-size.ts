import { randomBytes } from "node:crypto";
import { toBinary, toJsonString } from "@bufbuild/protobuf";
import { beforeAll, describe, expect, test } from "vitest";
import type { CustomerGroup } from "../../../gen/clientele/v1/customer_group_pb.ts";
import { QueryCustomerGroupsResponseSchema } from "../../../gen/clientele/v1/customer_group_service_pb.ts";
import { failureOf } from "../failure.ts";
import { byId, groupOf, json, newGroup } from "../groups.ts";
import { tooLarge } from "../stories.ts";
import type { Ground } from "../suite.ts";
import { custom, fields, groupReference, newType } from "../types.ts";

const projectKey = "expanded-pages";
/** What stock gRPC clients take at most. */
const WIRE_BYTES = 4 * 1024 * 1024;
const MAX_PAGE_BYTES = WIRE_BYTES - 64 * 1024;

export function expandSizeCases(ground: () => Ground): void {
  describe("groups that are more than 4 MiB with what they include", () => {
    const ids: string[] = [];
    let overfull: CustomerGroup;

    beforeAll(async () => {
      const { groups, types } = ground().seeder;
      const large = { metadata: { text: randomBytes(55 * 1024).toString("hex") } };
      const type = await newType(types, { ...fields("parent", "peers"), ...large }, projectKey);
      const parents: CustomerGroup[] = [];
      for (let index = 0; index < 20; index += 1) parents.push(await newGroup(groups, large, projectKey));
      for (const parent of [...parents, ...parents]) {
        const values = { parent: groupReference(parent) };
        ids.push((await newGroup(groups, { custom: custom(type, values) }, projectKey)).id);
      }
      const peers = parents.map(groupReference);
      overfull = await newGroup(groups, { key: "overfull", custom: custom(type, { peers }) }, projectKey);
      ids.push(overfull.id, ...parents.map(({ id }) => id));
      ids.sort();
    });

    test.each([
      ["custom.type", 41],
      ["custom.fields.parent", 40],
    ])("come with %s in short pages, and nothing is lost", async (path, included) => {
      const { groups } = ground();
      const found: string[] = [];
      let objects = 0;
      let pageToken = "";
      do {
        const page = await groups.queryCustomerGroups({ projectKey, expand: [path], limit: 500, pageToken });
        const text = toJsonString(QueryCustomerGroupsResponseSchema, page);
        expect(Buffer.byteLength(text)).toBeLessThan(WIRE_BYTES);
        expect(toBinary(QueryCustomerGroupsResponseSchema, page).length).toBeLessThan(WIRE_BYTES);
        expect(page.count).toBe(page.results.length);
        expect(page.count).toBeLessThan(ids.length);
        found.push(...page.results.map(({ id }) => id));
        objects += text.split('"obj":').length - 1;
        ({ nextPageToken: pageToken } = page);
      } while (pageToken !== "");
      expect(found).toEqual(ids);
      expect(objects).toBe(included);
    });

    test("can't be got, found or updated when one alone is too much", async () => {
      const { groups } = ground();
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
      expect(json(groupOf(await groups.getCustomerGroup(one)))).toEqual(json(overfull));
    });
  });
}

import { beforeAll, describe, expect, test } from "vitest";
import type { CustomType } from "../../../gen/clientele/v1/custom_type_pb.ts";
import type { CustomerGroup } from "../../../gen/clientele/v1/customer_group_pb.ts";
import { byId, groupOf, json, newGroup, unique } from "../groups.ts";
import type { Ground } from "../suite.ts";
import { custom, fields, groupReference, newType, setField, typeJson } from "../types.ts";

const projectKey = "expansions";

export function expandCases(ground: () => Ground): void {
  describe("expand", () => {
    let type: CustomType;
    let parent: CustomerGroup;
    let peer: CustomerGroup;
    let gone: CustomerGroup;
    let group: CustomerGroup;
    const store = { typeId: "store", id: "s-1" };

    beforeAll(async () => {
      const { groups, types } = ground().seeder;
      type = await newType(types, fields("note", "parent", "peers", "store"), projectKey);
      parent = await newGroup(
        groups,
        { metadata: { a: [1] }, custom: custom(type, { note: "p" }) },
        projectKey,
      );
      peer = await newGroup(groups, { key: unique("peer") }, projectKey);
      gone = await newGroup(groups, {}, projectKey);
      const values = {
        note: "n",
        parent: groupReference(parent),
        peers: [groupReference(gone), groupReference(peer)],
        store,
      };
      group = await newGroup(groups, { custom: custom(type, values) }, projectKey);
      await groups.deleteCustomerGroup({ projectKey, ref: byId(gone.id), expectedVersion: 1n });
    });

    const bare = () => json(group).custom as { type: object; fields: object };
    const get = async (...expand: string[]) =>
      groupOf(await ground().groups.getCustomerGroup({ projectKey, ref: byId(group.id), expand }));

    test("includes nothing that isn't asked for, and passes over what isn't there", async () => {
      expect(await get()).toEqual(group);
      expect(await get("custom.fields.note", "custom.fields.nothing", "custom.fields.vip[*]")).toEqual(group);
      const request = { projectKey, ref: byId(peer.id), expand: ["custom.type", "custom.fields.parent"] };
      expect(groupOf(await ground().groups.getCustomerGroup(request))).toEqual(peer);
    });

    test("includes the custom type", async () => {
      const { type: reference, ...rest } = json(await get("custom.type")).custom as { type: object };
      expect(reference).toEqual({ id: type.id, obj: typeJson(type) });
      expect(rest).toEqual({ fields: bare().fields });
    });

    test("includes the group of a reference, with its own fields as they are kept", async () => {
      expect(json(await get("custom.fields.parent")).custom).toEqual({
        type: { id: type.id },
        fields: { ...bare().fields, parent: { ...groupReference(parent), obj: json(parent) } },
      });
    });

    test.each(["custom.fields.peers", "custom.fields.peers[*]"])(
      "includes by %s the groups of a set that are still there, in its order",
      async (path) => {
        expect(json(await get(path)).custom).toEqual({
          type: { id: type.id },
          fields: {
            ...bare().fields,
            peers: [groupReference(gone), { ...groupReference(peer), obj: json(peer) }],
          },
        });
      },
    );

    test("leaves alone what refers to another service", async () => {
      expect(await get("custom.fields.store")).toEqual(group);
    });

    test("includes the same in every result of a query", async () => {
      const expand = ["custom.fields.parent", "custom.type", "custom.fields.peers[*]"];
      const expanded = await get(...expand);
      const { groups } = ground();
      const { results } = await groups.queryCustomerGroups({ projectKey, expand, limit: 3 });
      expect(results[1]).toEqual(peer);
      expect(json(results[0] ?? peer).custom).toEqual({
        type: { id: type.id, obj: typeJson(type) },
        fields: { note: "p" },
      });
      expect(results[2]).toEqual(expanded);
      expect((await groups.queryCustomerGroups({ projectKey, limit: 3 })).results[2]).toEqual(group);
    });

    test("includes in the answer to an update what the group refers to from then on", async () => {
      const { groups } = ground();
      const before = await newGroup(
        groups,
        { custom: custom(type, { parent: groupReference(parent) }) },
        projectKey,
      );
      const request = {
        projectKey,
        ref: byId(before.id),
        requestId: unique("request"),
        expand: ["custom.fields.parent", "custom.type"],
      };
      const actions = [{ action: setField("parent", groupReference(peer)) }];
      const answer = await groups.updateCustomerGroup({ ...request, expectedVersion: 1n, actions });
      expect(json(groupOf(answer)).custom).toEqual({
        type: { id: type.id, obj: typeJson(type) },
        fields: { parent: { ...groupReference(peer), obj: json(peer) } },
      });
      // What was included is not remembered: it may be erased since.
      const again = groupOf(await groups.updateCustomerGroup({ ...request, expectedVersion: 1n, actions }));
      expect(json(again)).toEqual({
        ...json(groupOf(answer)),
        custom: { type: { id: type.id }, fields: { parent: groupReference(peer) } },
      });

      const idle = await groups.updateCustomerGroup({ ...request, expectedVersion: 2n, requestId: "" });
      expect(idle).toEqual(answer);
    });
  });
}

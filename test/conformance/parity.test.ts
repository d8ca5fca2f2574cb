import { type JsonObject, type JsonValue, toJson } from "@bufbuild/protobuf";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { QueryCustomTypesResponseSchema } from "../../gen/clientele/v1/custom_type_service_pb.ts";
import {
  BatchGetCustomerGroupsResponseSchema,
  GetCustomerGroupResponseSchema,
  QueryCustomerGroupsResponseSchema,
} from "../../gen/clientele/v1/customer_group_service_pb.ts";
import {
  BatchGetCustomersResponseSchema,
  ExportCustomerResponse_PartSchema,
  GetCustomerResponseSchema,
  ListOrdersResponseSchema,
  QueryCustomersResponseSchema,
} from "../../gen/clientele/v1/customer_service_pb.ts";
import { byEmail, customerOf } from "../support/customers.ts";
import { startTestService } from "../support/service.ts";
import { requestIdReused } from "./cases/request-id.ts";
import { customerTexts } from "./customer-texts.ts";
import { customerDraft, orderDraft, recordOrder } from "./customers.ts";
import { failureOf } from "./failure.ts";
import { byId, byKey, json, newGroup, PROJECT, unique } from "./groups.ts";
import { type Obstacles, setObstacles } from "./obstacles.ts";
import { allRuleRefusals, essentialRefusals } from "./refusals.ts";
import { type Callers, callersOf } from "./services.ts";
import { custom, getType, groupReference, typeJson } from "./types.ts";
import type { OpenWay } from "./way.ts";
import { plainWays } from "./ways/all.ts";
import { findGrpcurl, grpcurlWay } from "./ways/grpcurl.ts";

// One service, asked the same by every kind of caller.

const program = findGrpcurl();
const ways = [...plainWays, ...(program === undefined ? [] : [grpcurlWay(program)])];

let service: Awaited<ReturnType<typeof startTestService>>;
const open: OpenWay[] = [];
let callers: Map<string, Callers>;
let seeder: Callers;
let obstacles: Obstacles;

beforeAll(async () => {
  service = await startTestService({ CLIENTELE_PROJECTS: "demo,live:live" });
  callers = new Map();
  for (const way of ways) {
    const opened = await way.open(service.baseUrl);
    open.push(opened);
    callers.set(way.name, callersOf(opened.transport));
  }
  seeder = callersOf(createGrpcTransport({ baseUrl: service.baseUrl }));
  obstacles = await setObstacles(seeder);
});
afterAll(async () => {
  for (const way of open) await way.close?.();
  await service.stop();
});

/** Expects the same answer to every kind of caller; one after another, so that none is refused for want of room. */
async function expectOneAnswer(
  ask: (callers: Callers) => Promise<unknown>,
  expected?: unknown,
  names = ways.map(({ name }) => name),
): Promise<void> {
  const answers: [name: string, answer: unknown][] = [];
  for (const name of names) answers.push([name, await ask(callerNamed(name))]);
  const one = expected ?? answers[0]?.[1];
  expect(answers).toEqual(names.map((name) => [name, one]));
}

function callerNamed(name: string): Callers {
  const caller = callers.get(name);
  if (!caller) throw new Error(`unreachable: ${name} is one of the callers`);
  return caller;
}

describe("all callers hear the same of", () => {
  test.each(essentialRefusals.map((refusal) => [refusal.title, refusal] as const))(
    "the refusal of %s",
    async (_, { call, says }) => {
      await expectOneAnswer((caller) => failureOf(call(caller, obstacles)), says(obstacles));
    },
  );

  test.each(allRuleRefusals.map((refusal) => [refusal.title, refusal] as const))(
    "the refusal of %s",
    async (_, { call, says }) => {
      const quick = ways.filter(({ isSlow }) => !isSlow).map(({ name }) => name);
      await expectOneAnswer((caller) => failureOf(call(caller, obstacles)), says(obstacles), quick);
    },
  );

  test("groups, their times, numbers and metadata", async () => {
    const metadata = { n: 0.1, e: 1e-7, list: [1, [2, {}], null], "größe 🎁": "👩‍👩‍👧 \u2028", t: true };
    const group = await newGroup(seeder.groups, {
      key: unique("parity"),
      metadata,
      reference: "ü".repeat(128),
      marketIds: ["a", "b"],
    });
    await expectOneAnswer(
      async ({ groups }) =>
        json(
          (await groups.getCustomerGroup({ projectKey: PROJECT, ref: byId(group.id) })).customerGroup ??
            group,
        ),
      json(group),
    );
    const refs = [byKey("nobody"), byId(group.id), byKey(group.key ?? "")];
    await expectOneAnswer(async ({ groups }) =>
      toJson(
        BatchGetCustomerGroupsResponseSchema,
        await groups.batchGetCustomerGroups({ projectKey: PROJECT, refs }),
      ),
    );
    const query = { projectKey: PROJECT, sort: ["name desc"], limit: 2, withTotal: true };
    await expectOneAnswer(async ({ groups }) =>
      toJson(QueryCustomerGroupsResponseSchema, await groups.queryCustomerGroups(query)),
    );
  });
});

describe("all callers read the same of", () => {
  test("custom types, and groups with custom fields of every kind and what they include", async () => {
    const { type, holder } = obstacles;
    const values = {
      vip: true,
      note: "größe 🎁 \u2028",
      title: { de: "Gold", "zh-Hant-TW": "金" },
      score: 1e-7,
      budget: { currencyCode: "JPY", centAmount: 2 ** 53 - 1 },
      parent: groupReference(holder),
      tags: ["b", "a"],
      peers: [groupReference(holder)],
    };
    const { id } = await newGroup(seeder.groups, { custom: custom(type, values) });
    await expectOneAnswer(
      async ({ types }) => typeJson(await getType(types, type.id)),
      typeJson(await getType(seeder.types, type.id)),
    );
    await expectOneAnswer(async ({ types }) =>
      toJson(
        QueryCustomTypesResponseSchema,
        await types.queryCustomTypes({ projectKey: PROJECT, sort: ["key desc"], limit: 2, withTotal: true }),
      ),
    );
    const expand = ["custom.type", "custom.fields.parent", "custom.fields.peers[*]"];
    await expectOneAnswer(async ({ groups }) =>
      toJson(
        GetCustomerGroupResponseSchema,
        await groups.getCustomerGroup({ projectKey: PROJECT, ref: byId(id), expand }),
      ),
    );
  });

  test("customers and their groups, orders, changes and remembered calls", async () => {
    const { memberGroup, customerHolder } = obstacles;
    const request = {
      projectKey: PROJECT,
      draft: customerDraft({
        ...customerTexts(),
        customerGroup: { id: memberGroup.id },
        addresses: [{ country: "DE", city: "Köln 🎁", externalId: " " }],
        defaultBillingAddress: 0,
        subscriptions: [{ reference: "old", startedAt: "0001-01-01T00:00:00.001Z" }],
        metadata: { n: 0.1, e: 1e-7, list: [1, [2, {}], null], t: true },
      }),
      requestId: unique("request"),
    };
    const { id } = customerOf(await seeder.customers.createCustomer(request));
    const ref = byId(id);
    const total = { currencyCode: "EUR", centAmount: `-${2 ** 53 - 1}` };
    await recordOrder(seeder.customers, { id }, { total });

    const expand = ["customer_group"];
    await expectOneAnswer(async ({ customers }) =>
      toJson(GetCustomerResponseSchema, await customers.getCustomer({ projectKey: PROJECT, ref, expand })),
    );
    const query = { projectKey: PROJECT, memberOf: byId(memberGroup.id), sort: ["email desc"], limit: 2 };
    await expectOneAnswer(async ({ customers }) =>
      toJson(QueryCustomersResponseSchema, await customers.queryCustomers({ ...query, withTotal: true })),
    );
    const refs = [byEmail("no.one@shop.example"), byEmail(customerHolder.email), ref];
    await expectOneAnswer(async ({ customers }) =>
      toJson(
        BatchGetCustomersResponseSchema,
        await customers.batchGetCustomers({ projectKey: PROJECT, refs }),
      ),
    );
    await expectOneAnswer(async ({ customers }) =>
      toJson(ListOrdersResponseSchema, await customers.listOrders({ projectKey: PROJECT, ref })),
    );
    await expectOneAnswer(async ({ customers }) => {
      const parts: JsonValue[] = [];
      let pageToken = "";
      do {
        const page = await customers.exportCustomer({ projectKey: PROJECT, ref, pageToken });
        parts.push(...page.parts.map((part) => toJson(ExportCustomerResponse_PartSchema, part)));
        ({ nextPageToken: pageToken } = page);
      } while (pageToken !== "");
      expect(parts).toHaveLength(5);
      return parts;
    });
  });
});

describe("a request that was made over gRPC", () => {
  const draft = () => ({ name: unique("Everywhere"), key: unique("everywhere"), marketIds: ["x", "y"] });

  test("is known again over every protocol, its metadata in another order", async () => {
    const request = { projectKey: PROJECT, draft: draft(), requestId: unique("request") };
    const metadata = { first: 1, second: { a: [true, null], b: "ß" }, third: 0.5 };
    const answer = await callerNamed("@grpc/grpc-js").groups.createCustomerGroup({
      ...request,
      draft: { ...request.draft, metadata },
    });
    const reordered: JsonObject = { third: 0.5, second: { b: "ß", a: [true, null] }, first: 1 };
    const repeated = { ...request, draft: { ...request.draft, metadata: reordered } };
    await expectOneAnswer(({ groups }) => groups.createCustomerGroup(repeated), answer);
  });

  test("is known again over every protocol, its custom fields in another order", async () => {
    const values = { note: "a", budget: { currencyCode: "EUR", centAmount: 1 }, score: 0.5 };
    const request = { projectKey: PROJECT, requestId: unique("request") };
    const answer = await callerNamed("@grpc/grpc-js").groups.createCustomerGroup({
      ...request,
      draft: { name: unique("Once"), custom: custom(obstacles.type, values) },
    });
    const { name = "" } = answer.customerGroup ?? {};
    const reordered = { score: 0.5, note: "a", budget: { centAmount: 1, currencyCode: "EUR" } };
    const repeated = { ...request, draft: { name, custom: custom(obstacles.type, reordered) } };
    await expectOneAnswer(({ groups }) => groups.createCustomerGroup(repeated), answer);
  });

  test("is known again over every protocol, be it about a customer, an order or members", async () => {
    const { customers, groups } = callerNamed("@grpc/grpc-js");
    const once = () => ({ projectKey: PROJECT, requestId: unique("request") });
    const more = { addresses: [{ country: "DE" }], shippingAddresses: [0], tags: ["b", "a"] };
    const creating = { ...once(), draft: customerDraft({ ...customerTexts(), ...more }) };
    const created = await customers.createCustomer(creating);
    await expectOneAnswer((caller) => caller.customers.createCustomer(creating), created);

    const ref = byId(customerOf(created).id);
    const placed = { status: "ORDER_STATUS_PLACED", placedAt: "2024-01-01T00:00:00.000000001Z" };
    const recording = { ...once(), ref, order: orderDraft(placed) };
    const recorded = await customers.recordOrder(recording);
    await expectOneAnswer((caller) => caller.customers.recordOrder(recording), recorded);

    const adding = { ...once(), ref: byId(obstacles.group.id), customers: [ref, ref] };
    const added = await groups.addCustomers(adding);
    await expectOneAnswer((caller) => caller.groups.addCustomers(adding), added);
  });

  test("is refused over every protocol with another payload", async () => {
    const request = { projectKey: PROJECT, draft: draft(), requestId: unique("request") };
    await callerNamed("@grpc/grpc-js").groups.createCustomerGroup(request);
    const other = { ...request, draft: { ...request.draft, marketIds: ["y", "x"] } };
    await expectOneAnswer(({ groups }) => failureOf(groups.createCustomerGroup(other)), requestIdReused);
  });
});

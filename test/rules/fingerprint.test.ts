import {
  create,
  fromBinary,
  fromJson,
  type JsonObject,
  type MessageInitShape,
  toBinary,
} from "@bufbuild/protobuf";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  CreateCustomerGroupRequestSchema,
  CustomerGroupService,
} from "../../gen/clientele/v1/customer_group_service_pb.ts";
import { projectIdOf } from "../../src/projects/project-id.ts";
import { fingerprint } from "../../src/requests/fingerprint.ts";
import { canonical } from "../input/wire.ts";

const { createCustomerGroup, updateCustomerGroup, deleteCustomerGroup } = CustomerGroupService.method;

type Request = MessageInitShape<typeof CreateCustomerGroupRequestSchema>;

const draft = { name: "n", metadata: { a: 1, b: { c: [1, 2], d: null } }, marketIds: ["m", "n"] };

function of(request: Omit<Request, "$typeName">, actor: Parameters<typeof fingerprint>[2] = null) {
  const message = create(CreateCustomerGroupRequestSchema, {
    projectKey: "demo",
    requestId: "r",
    draft,
    ...request,
  });
  return fingerprint(createCustomerGroup, message, actor);
}

const own = of({});

test("is a UUID and a SHA-256", () => {
  expect(own).toEqual({
    key: expect.stringMatching(/^[0-9a-f]{32}$/),
    hash: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
});

test("is none without a request id", () => {
  expect(of({ requestId: "" })).toBeUndefined();
});

test("is that of the same request over every protocol", () => {
  const message = create(CreateCustomerGroupRequestSchema, { projectKey: "demo", requestId: "r", draft });
  const overBinary = fromBinary(
    CreateCustomerGroupRequestSchema,
    toBinary(CreateCustomerGroupRequestSchema, message),
  );
  const overJson = fromJson(CreateCustomerGroupRequestSchema, { requestId: "r", project_key: "demo", draft });
  for (const request of [overBinary, overJson])
    expect(fingerprint(createCustomerGroup, request, null)).toEqual(own);
});

test("doesn't depend on the order of the keys of free data", () => {
  const reordered = { b: { d: null, c: [1, 2] }, a: 1 };
  expect(of({ draft: { ...draft, metadata: reordered } })).toEqual(own);
});

describe("has another hash for another payload:", () => {
  test.each<readonly [string, Omit<Request, "$typeName">]>([
    ["project", { projectKey: "other" }],
    ["name", { draft: { ...draft, name: "m" } }],
    ["no metadata", { draft: { name: "n", marketIds: draft.marketIds } }],
    ["order of markets", { draft: { ...draft, marketIds: ["n", "m"] } }],
    ["order of a list", { draft: { ...draft, metadata: { a: 1, b: { c: [2, 1], d: null } } } }],
    ["type of a value", { draft: { ...draft, metadata: { a: "1", b: { c: [1, 2], d: null } } } }],
    ["place of a value", { draft: { ...draft, metadata: { a: 1, b: { c: [1, 2] }, d: null } } }],
    ["empty metadata", { draft: { ...draft, metadata: {} } }],
  ])("%s", (_, request) => {
    const other = of(request);
    expect(other?.key).toBe(own?.key);
    expect(other?.hash).not.toBe(own?.hash);
  });
});

describe("has another key for another", () => {
  test("request id", () => {
    expect(of({ requestId: "s" })).toEqual({
      key: expect.not.stringMatching(own?.key ?? ""),
      hash: own?.hash,
    });
  });

  test("caller", () => {
    const keys = [
      own,
      of({}, { externalUserId: "u" }),
      of({}, { externalUserId: "v" }),
      of({}, { clientId: "u" }),
      of({}, { customerId: "u" }),
      of({}, { clientId: "u", externalUserId: "u" }),
    ].map((print) => print?.key);
    expect(new Set(keys).size).toBe(keys.length);
  });

  test("method", () => {
    const message = fromJson(deleteCustomerGroup.input, { requestId: "r" });
    const update = fromJson(updateCustomerGroup.input, { requestId: "r" });
    const keys = [
      own,
      fingerprint(deleteCustomerGroup, message, null),
      fingerprint(updateCustomerGroup, update, null),
    ];
    expect(new Set(keys.map((print) => print?.key)).size).toBe(3);
  });

  test("id and caller that look alike when joined", () => {
    const [one, two] = [of({ requestId: "r\n{}" }), of({ requestId: "r" }, { clientId: "" })];
    expect(one?.key).not.toBe(two?.key);
  });
});

test("is equal exactly for equal free data", () => {
  const anyData = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 })) as fc.Arbitrary<JsonObject>;
  const rule = (one: JsonObject, two: JsonObject) => {
    const reversed = Object.fromEntries(Object.entries(one).toReversed());
    const [first, second, third] = [one, reversed, two].map(
      (metadata) => of({ draft: { ...draft, metadata } })?.hash,
    );
    expect(second).toBe(first);
    expect(third === first).toBe(canonical(one) === canonical(two));
  };
  fc.assert(fc.property(anyData, anyData, rule));
});

describe("the id of a project", () => {
  test.each([
    ["demo", "2a97516c-354b-6884-8cdb-d8f54a226a0a"],
    ["a", "ca978112-ca1b-bdca-fac2-31b39a23dc4d"],
  ])("%s is the head of its key's SHA-256", (key, id) => {
    expect(projectIdOf(key)).toBe(id);
    expect(projectIdOf(key)).toBe(id);
  });

  test("is its own among more keys than are remembered", () => {
    const ids = Array.from({ length: 10_500 }, (_, index) => projectIdOf(`p${index}`));
    expect(new Set(ids).size).toBe(ids.length);
    expect(projectIdOf("p0")).toBe(ids[0]);
  });
});

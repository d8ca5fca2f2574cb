import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestService } from "../support/service.ts";
import { field } from "./binary.ts";
import { post, postGrpc } from "./wire.ts";

// Bodies that no generated client makes: what can't be decoded is refused, and harms nobody.

let service: Awaited<ReturnType<typeof startTestService>>;

beforeAll(async () => {
  service = await startTestService();
});
afterAll(() => service.stop());

function creation(...draft: readonly Buffer[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(Buffer.concat([field(1, "demo"), field(2, Buffer.concat(draft))]));
}

/** Metadata of one member `a`. */
const metadata = (value: Uint8Array) => field(5, field(1, Buffer.concat([field(1, "a"), field(2, value)])));

/** A Value of that many lists, one in the other. */
function lists(levels: number): Uint8Array {
  return levels === 0 ? Buffer.alloc(0) : field(6, field(1, lists(levels - 1)));
}

describe("a binary body is refused that", () => {
  test.each<readonly [string, Uint8Array<ArrayBuffer>]>([
    ["is cut off", creation(field(1, "name")).slice(0, -1)],
    ["has text that is no UTF-8", creation(field(1, Uint8Array.from([0x61, 0xc3, 0x28])))],
    ["has half a surrogate pair in UTF-8", creation(field(1, Uint8Array.from([0x61, 0xed, 0xa0, 0x80])))],
    ["has lists 50 levels deep", creation(field(1, "name"), metadata(lists(50)))],
    ["has lists 2,000 levels deep", creation(field(1, "name"), metadata(lists(2000)))],
    ["has unknown groups 100,000 levels deep", Uint8Array.from(Buffer.alloc(100_000, 0x7b))],
    ["is noise", Uint8Array.from(Buffer.from("GET / HTTP/1.1"))],
  ])("%s", async (_, body) => {
    const { status, json } = await post(service.baseUrl, "CreateCustomerGroup", body);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(json).toEqual({ code: expect.any(String), message: expect.stringMatching(/^parse binary: /) });
    const grpc = await postGrpc(service.baseUrl, "CreateCustomerGroup", body);
    expect(grpc).toEqual({ status: expect.any(Number), message: expect.stringMatching(/^parse binary/) });
    expect(grpc.status).not.toBe(0);
  });

  test("leaves the service unharmed and without an error of its own", async () => {
    const { status } = await post(service.baseUrl, "CreateCustomerGroup", creation(field(1, randomUUID())));
    expect(status).toBe(200);
    expect(service.logged.filter(({ level }) => level === "error")).toEqual([]);
  });
});

test("fields that the service doesn't know are passed over in binary", async () => {
  const { status } = await post(
    service.baseUrl,
    "CreateCustomerGroup",
    creation(field(1, randomUUID()), field(15, "x")),
  );
  expect(status).toBe(200);
});

test("a Value without a kind is no value of a custom field", async () => {
  const key = randomUUID();
  const fieldDefinitions = '[{"name":"tier","type":{"string":{}}}]';
  const type = `{"key":"${key}","name":{"en":"Type"},"resourceTypes":[1],"fieldDefinitions":${fieldDefinitions}}`;
  await post(service.baseUrl, "CreateCustomType", `{"projectKey":"demo","draft":${type}}`);
  const fields = field(2, field(1, Buffer.concat([field(1, "tier"), field(2, "")])));
  const custom = field(8, Buffer.concat([field(1, field(2, key)), fields]));
  const body = creation(field(1, key), field(2, key), custom);
  expect((await post(service.baseUrl, "CreateCustomerGroup", body)).status).toBe(200);
  const { json } = await post(
    service.baseUrl,
    "GetCustomerGroup",
    `{"projectKey":"demo","ref":{"key":"${key}"}}`,
  );
  expect(json).toMatchObject({ customerGroup: { custom: { fields: {} } } });
});

test("a Value without a kind is read as null", async () => {
  const name = randomUUID();
  const body = creation(field(1, name), field(2, name), metadata(Buffer.alloc(0)));
  expect((await post(service.baseUrl, "CreateCustomerGroup", body)).status).toBe(200);
  const { json } = await post(
    service.baseUrl,
    "GetCustomerGroup",
    `{"projectKey":"demo","ref":{"key":"${name}"}}`,
  );
  expect(json).toMatchObject({ customerGroup: { name, metadata: { a: null } } });
});

describe("a JSON body is refused with", () => {
  test.each([
    ["a field", "CreateCustomerGroup", '{"projectKey":"demo","draft":{"name":"n","nick":"m"}}'],
    [
      "a field of an action",
      "UpdateCustomerGroup",
      '{"projectKey":"demo","actions":[{"changeName":{"names":"n"}}]}',
    ],
    ["an action", "UpdateCustomerGroup", '{"projectKey":"demo","actions":[{"explode":{}}]}'],
    ["both members of a oneof", "GetCustomerGroup", '{"projectKey":"demo","ref":{"id":"a","key":"b"}}'],
    ["a number for text", "CreateCustomerGroup", '{"projectKey":"demo","draft":{"name":1}}'],
    [
      "text for free data",
      "CreateCustomerGroup",
      '{"projectKey":"demo","draft":{"name":"n","metadata":"m"}}',
    ],
    [
      "a list for free data",
      "CreateCustomerGroup",
      '{"projectKey":"demo","draft":{"name":"n","metadata":[1]}}',
    ],
    ["null in a list", "QueryCustomerGroups", '{"projectKey":"demo","sort":[null]}'],
    ["a fraction", "QueryCustomerGroups", '{"projectKey":"demo","limit":1.5}'],
    ["more than 32 bits", "QueryCustomerGroups", '{"projectKey":"demo","limit":2147483648}'],
    [
      "more than 64 bits",
      "DeleteCustomerGroup",
      '{"projectKey":"demo","expectedVersion":"9223372036854775808"}',
    ],
    [
      "a name of free data twice",
      "CreateCustomerGroup",
      '{"projectKey":"demo","draft":{"name":"n","metadata":{"a":1,"a":2}}}',
    ],
    ["lists 200,000 levels deep", "GetCustomerGroup", "[".repeat(200_000)],
    ["half a body", "GetCustomerGroup", '{"projectKey":"demo"'],
    ["no object", "GetCustomerGroup", "[]"],
  ])("%s", async (_, method, body) => {
    const { status, json } = await post(service.baseUrl, method, body);
    expect({ status, code: json.code }).toEqual({ status: 400, code: "invalid_argument" });
  });
});

test("null means unset", async () => {
  const body = `{"projectKey":"demo","draft":{"name":"${randomUUID()}","key":null,"metadata":null,"marketIds":null},"requestId":null}`;
  const { status, json } = await post(service.baseUrl, "CreateCustomerGroup", body);
  expect(status).toBe(200);
  expect(Object.keys(json.customerGroup as object)).not.toContain("metadata");
});

import { randomUUID } from "node:crypto";
import type { JsonObject } from "@bufbuild/protobuf";
import { Code } from "@connectrpc/connect";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { CustomerGroup } from "../../gen/clientele/v1/customer_group_pb.ts";
import { failureOf } from "../support/failures.ts";
import { groupClient, startTestService } from "../support/service.ts";
import { post } from "./wire.ts";

const LIMIT = 128 * 1024;
const PAGE_LIMIT = 4 * 1024 * 1024;
const LARGE_GROUPS = 40;

let service: Awaited<ReturnType<typeof startTestService>>;
let groups: ReturnType<typeof groupClient>;

beforeAll(async () => {
  service = await startTestService({ CLIENTELE_PROJECTS: "demo,pages" });
  groups = groupClient(service.baseUrl);
});
afterAll(() => service.stop());

const byId = (id: string) => ({ value: { case: "id", value: id } }) as const;

async function create(metadata: JsonObject = {}, projectKey = "demo"): Promise<CustomerGroup> {
  const draft = { name: randomUUID(), metadata };
  const { customerGroup } = await groups.createCustomerGroup({ projectKey, draft });
  if (!customerGroup) throw new Error("unreachable: an answer holds the group");
  return customerGroup;
}

async function setMetadata(metadata: JsonObject): Promise<CustomerGroup | undefined> {
  const { id, version } = await create();
  const { customerGroup } = await groups.updateCustomerGroup({
    projectKey: "demo",
    ref: byId(id),
    expectedVersion: version,
    actions: [{ action: { case: "setMetadata", value: { metadata } } }],
  });
  return customerGroup;
}

const writes = [
  ["created", create],
  ["updated", setMetadata],
] as const;

describe.each(writes)("a group that is %s", (_, write) => {
  test.each([
    ["ASCII", "a", 1],
    ["characters of 3 bytes", "€", 3],
    ["characters that JSON escapes", "\u0001", 6],
  ])("may be 128 KiB exactly: %s", async (_, character, bytes) => {
    const sized = (rest: number) => ({ text: character.repeat(20_000), rest: "a".repeat(rest) });
    const first = await failureOf(write(sized(LIMIT)));
    const rest = LIMIT - (Number(first.metadata.actual_bytes) - LIMIT);
    expect(rest).toBeGreaterThan(LIMIT - 20_000 * bytes - 2048);

    expect((await write(sized(rest)))?.metadata).toEqual(sized(rest));
    expect(await failureOf(write(sized(rest + 1)))).toMatchObject({
      code: "InvalidArgument",
      reason: "TOO_LARGE",
      metadata: { limit_bytes: `${LIMIT}`, actual_bytes: `${LIMIT + 1}` },
    });
  });

  test("is measured in binary where that is larger", async () => {
    // A number of one digit is 11 bytes in binary, and 2 in JSON.
    const numbers = (count: number) => ({ numbers: Array<number>(count).fill(1) });
    const count = Math.floor(LIMIT / 11);
    const failure = await failureOf(write(numbers(count + 10)));
    expect(failure).toMatchObject({ reason: "TOO_LARGE", metadata: { limit_bytes: `${LIMIT}` } });
    await write(numbers(count - 50));
  });
});

test("a request of more than 256 KiB is refused before it is read", async () => {
  const failure = await failureOf(create({ text: "a".repeat(256 * 1024) }));
  expect(failure.code).toBe(Code[Code.ResourceExhausted]);
});

describe("of large groups", () => {
  let ids: string[];

  beforeAll(async () => {
    const text = "ü".repeat(60_000);
    const created = Array.from({ length: LARGE_GROUPS }, () => create({ text }, "pages"));
    ids = (await Promise.all(created)).map(({ id }) => id).toSorted();
  });

  test.each(["id", "name desc", "key"])("a page by %s is short, and a walk sees each once", async (sort) => {
    const seen: string[] = [];
    const pages: number[] = [];
    for (let pageToken = ""; ; ) {
      const request = { projectKey: "pages", sort: [sort], limit: 500, pageToken };
      const page = await groups.queryCustomerGroups(request);
      seen.push(...page.results.map(({ id }) => id));
      pages.push(page.count);
      pageToken = page.nextPageToken;
      if (pageToken === "") break;
    }
    expect(seen.toSorted()).toEqual(ids);
    expect(pages).toEqual([34, LARGE_GROUPS - 34]);
  });

  test("a page over JSON is under 4 MiB too", async () => {
    const { json } = await post(service.baseUrl, "QueryCustomerGroups", '{"projectKey":"pages","limit":500}');
    expect(Buffer.byteLength(JSON.stringify(json))).toBeLessThan(PAGE_LIMIT);
    expect(json).toMatchObject({ count: 34, nextPageToken: expect.any(String) });
  });

  test("a batch of more than 4 MiB is refused, one below is answered", async () => {
    const batch = (refs: readonly string[]) =>
      groups.batchGetCustomerGroups({ projectKey: "pages", refs: refs.map(byId) });
    expect((await batch(ids.slice(0, 34))).results).toHaveLength(34);
    const failure = await failureOf(batch(ids));
    expect(failure).toMatchObject({ code: "InvalidArgument", reason: "TOO_LARGE" });
    expect(Number(failure.metadata.limit_bytes)).toBeLessThanOrEqual(PAGE_LIMIT);
    expect(Number(failure.metadata.actual_bytes)).toBeGreaterThan(PAGE_LIMIT);
  });

  test("one group asked for 500 times counts 500 times", async () => {
    const refs = Array.from({ length: 500 }, () => byId(ids[0] ?? ""));
    const failure = await failureOf(groups.batchGetCustomerGroups({ projectKey: "pages", refs }));
    expect(failure.reason).toBe("TOO_LARGE");
  });
});

import { randomUUID } from "node:crypto";
import type { MessageInitShape } from "@bufbuild/protobuf";
import { type Client, ConnectError, createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type CustomTypeDraftSchema,
  CustomTypeService,
} from "../../gen/clientele/v1/custom_type_service_pb.ts";
import { ResourceType } from "../../gen/clientele/v1/resource_type_pb.ts";
import { failureOf } from "../support/failures.ts";
import { groupClient, startTestService } from "../support/service.ts";

// What errors say goes into headers, however long what they tell of is.

let service: Awaited<ReturnType<typeof startTestService>>;
let types: Client<typeof CustomTypeService>;

beforeAll(async () => {
  service = await startTestService();
  types = createClient(CustomTypeService, createGrpcTransport({ baseUrl: service.baseUrl }));
});
afterAll(() => service.stop());

type Draft = MessageInitShape<typeof CustomTypeDraftSchema>;

function failureOfCreating(draft: Draft) {
  const whole = {
    key: randomUUID(),
    name: { en: "Type" },
    resourceTypes: [ResourceType.CUSTOMER_GROUP],
    ...draft,
  };
  return failureOf(types.createCustomType({ projectKey: "demo", draft: whole }));
}

describe("a key of a map is told", () => {
  test.each([
    ["whole, of 64 characters", "k".repeat(64), `"${"k".repeat(64)}"`],
    ["shortened, of 65 characters", "k".repeat(65), `"${"k".repeat(63)}…"`],
    ["shortened, of 200,000 characters", "k".repeat(200_000), `"${"k".repeat(63)}…"`],
    ["without half of a pair", "😀".repeat(40), `"${"😀".repeat(31)}\ufffd…"`],
    ["as JSON spells it", 'a"\\\n\t\0', '"a\\"\\\\\\n\\t\\u0000"'],
    ["even where it is a dot", "a.b", '"a.b"'],
    ["even where it is empty", "", '""'],
  ])("%s", async (_, key, spelled) => {
    const { reason, metadata, fields } = await failureOfCreating({ name: { [key]: "text" } });
    const field = `draft.name[${spelled}]`;
    expect({ reason, metadata, fields: new Set(fields) }).toEqual({
      reason: "FIELD_INVALID",
      metadata: { field, rule: "string.pattern" },
      fields: new Set([field]),
    });
  });
});

test("the first ten fields are told, of many with long keys", async () => {
  const name = Object.fromEntries(
    Array.from({ length: 50 }, (_, index) => [`${index} ${"k".repeat(4000)}`, "text"]),
  );
  const { fields } = await failureOfCreating({ name });
  expect(fields).toEqual(
    Array.from({ length: 10 }, (_, index) => expect.stringMatching(`^draft\\.name\\["${index} k+…"\\]$`)),
  );
});

test("ten faults at enums of the longest keys take less than 8 KB", async () => {
  const names = Array.from({ length: 10 }, (_, index) => `${index}`.padEnd(36, "n"));
  const values = Array.from({ length: 6 }, (_, index) => ({
    key: `${index}`.padEnd(256, "語"),
    label: "Label",
  }));
  await types.createCustomType({
    projectKey: "demo",
    draft: {
      key: "tiers",
      name: { en: "Tiers" },
      resourceTypes: [ResourceType.CUSTOMER_GROUP],
      fieldDefinitions: names.map((name) => ({
        name,
        type: { type: { case: "enum" as const, value: { values } } },
      })),
    },
  });
  const custom = {
    type: { value: { case: "key", value: "tiers" } },
    fields: Object.fromEntries(names.map((name) => [name, "no such key"])),
  } as const;
  const creation = groupClient(service.baseUrl).createCustomerGroup({
    projectKey: "demo",
    draft: { name: "Group", custom },
  });
  const error = await creation.then(() => undefined, ConnectError.from);
  const told = values.slice(0, 5).map(({ key }) => `"${key.slice(0, 15)}…"`);
  expect(error?.rawMessage).toBe(
    `draft.custom.fields.${names[0]}: must be one of ${told.join(", ")} and 1 more`,
  );
  expect(error?.metadata.get("grpc-status-details-bin")?.length).toBeGreaterThan(4000);
  expect([...(error?.metadata ?? [])].join().length).toBeLessThan(7500);
});

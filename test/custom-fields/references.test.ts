import { randomUUID } from "node:crypto";
import type { JsonObject } from "@bufbuild/protobuf";
import { describe, expect, test } from "vitest";
import { failureStory } from "../conformance/failure.ts";
import { fault, valueTable } from "./value-table.ts";

const table = valueTable();
const ID = "0198C5A0-0000-7000-8000-00000000000A";

describe("of another service's resources", () => {
  table.accepts("store", [
    [{ typeId: "store", id: "x" }],
    [{ typeId: "store", id: ID }],
    [{ typeId: "store", id: "x".repeat(256) }],
    [{ typeId: "store", id: "é".repeat(128) }],
    [{ typeId: "store", id: " __proto__ " }],
  ]);
  const noText = fault(".id", "reference_id", "must be text of 1 to 256 bytes");
  table.refuses("store", noText, [
    { typeId: "store" },
    { typeId: "store", id: "" },
    { typeId: "store", id: 1 },
    { typeId: "store", id: null },
    { typeId: "store", id: ["x"] },
    { typeId: "store", id: "x".repeat(257) },
    { typeId: "store", id: "é".repeat(129) },
  ]);
  table.refuses("store", fault("", "reference", 'must be like {"typeId": "store", "id": "..."}'), [
    { typeId: "store", id: "x", obj: {} },
    { typeId: "store", key: "x" },
    { type_id: "store", id: "x" },
  ]);
  table.refuses("store", fault(".typeId", "reference_type", 'must be "store"'), [
    {},
    { id: "x" },
    { typeId: "Store", id: "x" },
    { typeId: "customer-group", id: ID },
    { typeId: null, id: "x" },
    { typeId: ["store"], id: "x" },
  ]);
});

const OWN = [
  ["group", "customer-group"],
  ["customer", "customer"],
] as const;

describe.each(OWN)("of a %s", (field, typeId) => {
  const noUuid = fault(".id", "reference_id", "must be a UUID");
  table.refuses(field, noUuid, [
    { typeId },
    { typeId, id: "" },
    { typeId, id: "vip" },
    { typeId, id: ` ${ID}` },
    { typeId, id: `{${ID}}` },
    { typeId, id: ID.replaceAll("-", "") },
    { typeId, id: ID.replace("A", "G") },
    { typeId, id: `${ID}\n` },
    { typeId, id: 1 },
  ]);
  table.refuses(field, fault(".typeId", "reference_type", `must be "${typeId}"`), [
    { id: ID },
    { typeId: "store", id: ID },
    { typeId: "customer-groups", id: ID },
  ]);
  table.refuses(field, fault("", "reference", `must be like {"typeId": "${typeId}", "id": "..."}`), [
    { typeId, key: "vip" },
    { typeId, id: ID, obj: {} },
  ]);

  const missing = (path: string, id: string) => {
    const description = `there is no ${typeId.replaceAll("-", " ")} with id "${id}"`;
    return failureStory(
      "FailedPrecondition",
      "REFERENCE_NOT_FOUND",
      `${path}: ${description}`,
      { field: path, resource_type: typeId, id },
      ["PreconditionFailure", { violations: [{ type: "REFERENCE_NOT_FOUND", subject: path, description }] }],
      ["ResourceInfo", { resourceType: typeId, resourceName: id, description }],
    );
  };

  test("refuses an id that leads nowhere, and says it in lower case", async () => {
    const value = { typeId, id: ID };
    await table.expectRefused(field, value, (path) => missing(`${path}.id`, ID.toLowerCase()));
  });

  test("tells which one of a set leads nowhere", async () => {
    const found: JsonObject[] = field === "group" ? [{ typeId, id: (await table.newGroup()).id }] : [];
    const id = randomUUID();
    const value = [...found, { typeId, id }, { typeId, id: randomUUID() }];
    await table.expectRefused(`${field}Set`, value, (path) => missing(`${path}[${found.length}].id`, id));
  });
});

test("a reference to a group is stored in lower case", async () => {
  const { id } = await table.newGroup();
  const stored = { typeId: "customer-group", id };
  expect(id).not.toBe(id.toUpperCase());
  await table.expectAccepted("group", stored, stored);
  await table.expectAccepted("group", { ...stored, id: id.toUpperCase() }, stored);
});

test("a set of references to groups keeps their order", async () => {
  const [one, two] = [await table.newGroup(), await table.newGroup()];
  const stored = [two, one].map(({ id }) => ({ typeId: "customer-group", id }));
  await table.expectAccepted("groupSet", stored, stored);
});

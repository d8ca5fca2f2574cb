import { afterAll, beforeAll, expect, test } from "vitest";
import { byId, getGroup, newGroup, update } from "../conformance/groups.ts";
import { failureOf } from "../support/failures.ts";
import { type CustomFieldService, ENCODINGS, setField, setOf, startCustomFieldService } from "./fixture.ts";

let service: CustomFieldService;
let type: ReturnType<typeof byId>;

beforeAll(async () => {
  service = await startCustomFieldService();
  const text = { case: "string", value: {} } as const;
  const fields = [
    { name: "text", type: text },
    { name: "texts", type: setOf(text) },
  ];
  type = byId((await service.newType(fields)).id);
});
afterAll(() => service.stop());

const KIB = 1024;
const TOO_LARGE = { code: "InvalidArgument", reason: "TOO_LARGE" };

test.each(ENCODINGS)("custom fields count to the 128 KiB of a group, in %s", async (encoding) => {
  const caller = service.callers[encoding];
  const text = (kib: number) => "x".repeat(kib * KIB);
  const tooMuch = newGroup(caller, { custom: { type, fields: { text: text(128) } } });
  const failure = await failureOf(tooMuch);
  expect(failure).toMatchObject({ ...TOO_LARGE, metadata: { limit_bytes: `${128 * KIB}` } });
  expect(Number(failure.metadata.actual_bytes)).toBeGreaterThan(128 * KIB);

  const group = await newGroup(caller, { custom: { type, fields: { text: text(120) } } });
  expect(await getGroup(caller, group.id)).toEqual(group);
  const metadata = { a: text(10) };
  for (const action of [
    { case: "setMetadata", value: { metadata } },
    setField("texts", [text(4), text(5)]),
    setField("text", text(130)),
    { case: "setCustomType", value: { type, fields: { text: text(127.5) } } },
  ] as const) {
    expect(await failureOf(update(caller, group, [action]))).toMatchObject(TOO_LARGE);
  }
  expect(await getGroup(caller, group.id)).toEqual(group);

  const swapped = await update(caller, group, [
    { case: "setMetadata", value: { metadata } },
    setField("text", text(110)),
  ]);
  expect(await getGroup(caller, group.id)).toEqual(swapped);
});

test("what JSON needs to say it counts", async () => {
  const { binary } = service.callers;
  const quotes = { type, fields: { text: '"'.repeat(70 * KIB) } };
  expect(await failureOf(newGroup(binary, { custom: quotes }))).toMatchObject(TOO_LARGE);
});

test("what binary needs to say it counts", async () => {
  const { binary } = service.callers;
  // In JSON the quotes and the comma, in binary two tags and two lengths.
  const texts = Array.from({ length: 17 * KIB }, (_, index) => index.toString(36).padStart(4, "0"));
  expect(JSON.stringify(texts).length).toBeLessThan(124 * KIB);
  expect(await failureOf(newGroup(binary, { custom: { type, fields: { texts } } }))).toMatchObject(TOO_LARGE);
});

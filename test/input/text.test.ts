import type { JsonObject, JsonValue } from "@bufbuild/protobuf";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestService } from "../support/service.ts";
import { methods } from "./methods.ts";
import { type Place, placesOf } from "./places.ts";
import { requestWith } from "./samples.ts";
import { binaryOf, post } from "./wire.ts";

// Text that PostgreSQL can't store is refused wherever a request holds text.

let service: Awaited<ReturnType<typeof startTestService>>;

beforeAll(async () => {
  service = await startTestService();
});
afterAll(() => service.stop());

/** A way to put text somewhere, and how paths then spell where it is. */
type Home = {
  readonly title: string;
  readonly valueWith: (text: string) => JsonValue;
  readonly pathOf: (text: string) => string;
};

const texts = methods.flatMap((method) =>
  placesOf(method.input).flatMap((place) =>
    homesIn(place).map(({ title, ...home }) => ({
      ...home,
      method,
      steps: place.steps,
      title: `${title} of ${method.name}`,
    })),
  ),
);

describe("NUL and halves of pairs are refused in", () => {
  test.each(texts)("$title", async ({ method, steps, valueWith, pathOf }) => {
    const outcomeOf = async (
      text: string,
      toBody: (request: JsonObject) => string | Uint8Array<ArrayBuffer>,
    ) => {
      const request = requestWith(method.input, steps, valueWith(text));
      return post(service.baseUrl, method.name, toBody(request));
    };
    const nul = "text\0";
    const refused = { status: 400, reason: "FIELD_INVALID", metadata: { field: pathOf(nul) } };
    const inJson = await outcomeOf(nul, JSON.stringify);
    expect(inJson, "NUL in JSON").toMatchObject(refused);
    const inBinary = await outcomeOf(nul, (request) => binaryOf(method.name, request));
    expect(inBinary, "NUL in binary").toMatchObject({ ...refused, metadata: inJson.metadata });
    // Mostly by the decoder, which knows no reasons.
    for (const half of ["\ud800", "\udfff text"]) {
      const answer = await outcomeOf(half, JSON.stringify);
      expect(answer, JSON.stringify(half)).toMatchObject({ status: 400, json: { code: "invalid_argument" } });
    }
  });
});

function homesIn(place: Place): Home[] {
  if (place.kind === "message" || place.kind === "oneof") return [];
  const { path, field, rules } = place;
  const within = (home: string) => () => path + home;
  switch (field.message?.typeName) {
    case "google.protobuf.Struct":
      return [
        { title: `a member of ${path}`, valueWith: (text) => ({ a: text }), pathOf: within(".a") },
        {
          title: `the name of a member of ${path}`,
          valueWith: (text) => ({ [text]: 1 }),
          pathOf: within(""),
        },
      ];
    case "google.protobuf.Value":
      return [
        { title: path, valueWith: (text) => text, pathOf: within("") },
        { title: `an item of ${path}`, valueWith: (text) => ["", text], pathOf: within("[1]") },
        { title: `a member of ${path}`, valueWith: (text) => ({ a: text }), pathOf: within(".a") },
        {
          title: `the name of a member of ${path}`,
          valueWith: (text) => ({ [text]: 1 }),
          pathOf: within(""),
        },
      ];
  }
  if (rules.type.case !== "string") return [];
  if (place.kind !== "keys") return [{ title: path, valueWith: (text) => text, pathOf: within("") }];
  return [
    {
      title: `the keys of ${path}`,
      valueWith: (text) => ({ [text]: "text" }),
      pathOf: (text) => `${path}[${JSON.stringify(text)}]`,
    },
  ];
}

test("refuses NUL in the values of an enum within a set", async () => {
  const enumeration = { values: [{ key: "a", label: { en: "text\0" } }] };
  const type = { set: { elementType: { localizedEnum: enumeration } } };
  const draft = {
    key: "type",
    name: { en: "Type" },
    resourceTypes: [1],
    fieldDefinitions: [{ name: "tier", type }],
  };
  const answer = await post(
    service.baseUrl,
    "CreateCustomType",
    JSON.stringify({ projectKey: "demo", draft }),
  );
  const field = 'draft.field_definitions[0].type.set.element_type.localized_enum.values[0].label["en"]';
  expect(answer).toMatchObject({ status: 400, metadata: { field, rule: "text" } });
});

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

describe.each(texts)("$title", ({ method, steps, valueWith, pathOf }) => {
  test("refuses NUL", async () => {
    const answer = await post(service.baseUrl, method.name, JSON.stringify(requestFor("text\0")));
    const field = pathOf("text\0");
    expect(answer).toMatchObject({ status: 400, reason: "FIELD_INVALID", metadata: { field } });
    const binary = binaryOf(method.name, requestFor("text\0"));
    const { status, reason, metadata } = await post(service.baseUrl, method.name, binary);
    expect({ status, reason, metadata }).toEqual({
      status: 400,
      reason: answer.reason,
      metadata: answer.metadata,
    });
  });

  // Mostly by the decoder, which knows no reasons.
  test.each(["\ud800", "\udfff text"])("refuses %j, which only JSON can say", async (text) => {
    const { status, json } = await post(service.baseUrl, method.name, JSON.stringify(requestFor(text)));
    expect({ status, code: json.code }).toEqual({ status: 400, code: "invalid_argument" });
  });

  function requestFor(text: string): JsonObject {
    return requestWith(method.input, steps, valueWith(text));
  }
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

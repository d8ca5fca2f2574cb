import {
  type DescField,
  type DescMessage,
  fromJson,
  type JsonObject,
  type Message,
} from "@bufbuild/protobuf";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createPasses } from "../../src/interceptors/pass/passes.ts";
import { createWholeCheck } from "../../src/interceptors/validate.ts";
import { methodNamed, methods } from "../input/methods.ts";
import { type Place, placesOf, type Step } from "../input/places.ts";
import { probesOf } from "../input/probes.ts";
import { requestWith } from "../input/samples.ts";
import { oddItem, oddValue } from "./odd-values.ts";

const passes = createPasses();
const wholeCheck = createWholeCheck();

test("a pass is known of every rule", () => {
  for (const { input } of methods) passes.of(input);
  expect(passes.unknownRules).toEqual([]);
});

const ID = "0198c5a0-1234-7abc-8def-0123456789ab";
const UPDATE = { projectKey: "demo", ref: { id: ID }, expectedVersion: 12, requestId: "1f3a" };
const METADATA = { tier: "gold", rank: 3, tags: ["a", null], source: { name: "Käufer 🎁", ok: true } };

test.each<[name: string, method: string, request: JsonObject]>([
  ["a group by its id", "GetCustomerGroup", { projectKey: "demo", ref: { id: ID } }],
  [
    "a group by its key",
    "GetCustomerGroup",
    { projectKey: "demo", ref: { key: "gold" }, expand: ["custom.type"] },
  ],
  ["an action", "UpdateCustomerGroup", { ...UPDATE, actions: [{ setPriceList: { priceListId: "summer" } }] }],
  [
    "a draft with metadata",
    "CreateCustomerGroup",
    { projectKey: "demo", draft: { name: "Gold, für Käufer", marketIds: ["de", "at"], metadata: METADATA } },
  ],
  [
    "a page",
    "QueryCustomers",
    { projectKey: "demo", where: ['email = "a@b.test"'], sort: ["email"], limit: 50, pageToken: "token" },
  ],
  [
    "a customer",
    "CreateCustomer",
    {
      projectKey: "demo",
      draft: { email: "zoë@example.test", locale: "de-AT", addresses: [{ country: "AT", city: "Wien" }] },
    },
  ],
])("%s is said to be right", (_, method, request) => {
  const { input } = methodNamed(method);
  expect(passes.of(input)(fromJson(input, request))).toBe(true);
});

describe.each(methods)("$name", ({ input }) => {
  const places = placesOf(input);

  test("is right where the whole check finds nothing, at the bounds of every rule", () => {
    const outcomes = places.flatMap((place) =>
      probesOf(place).map(({ label, value }) => {
        const { steps } = place;
        const request = steps.length === 0 ? (value as JsonObject) : requestWith(input, steps, value);
        const message = fromJson(input, request);
        return [`${place.path}: ${label}`, passes.of(input)(message), isAccepted(input, message)] as const;
      }),
    );
    expect(outcomes.filter(([, isRight, accepted]) => isRight !== accepted)).toEqual([]);
  });

  test("is never right where the whole check finds something, with whatever at any place", () => {
    const anyPlace = fc.constantFrom(...places.filter(isField));
    const anyPut = anyPlace.chain((place) => valueAt(place).map((value) => [place, value] as const));
    const rule = ([{ steps }, value]: readonly [FieldPlace, unknown]) => {
      const message = fromJson(input, requestWith(input, steps));
      put(message, steps, value);
      if (passes.of(input)(message)) expect(isAccepted(input, message)).toBe(true);
    };
    fc.assert(fc.property(anyPut, rule), { numRuns: 30 });
  });
});

function isAccepted(schema: DescMessage, message: Message): boolean {
  try {
    wholeCheck(schema, message);
    return true;
  } catch {
    return false;
  }
}

type FieldPlace = Place & { readonly field: DescField };

function isField(place: Place): place is FieldPlace {
  return place.kind !== "message" && place.kind !== "oneof";
}

function valueAt({ kind, field }: FieldPlace): fc.Arbitrary<unknown> {
  return kind === "field" || kind === "keys" ? oddValue(field) : oddItem(field);
}

type Fields = Record<string | number, unknown>;

/** Puts a value where the steps lead, whether it is allowed there or not. */
function put(message: unknown, [step, ...rest]: readonly Step[], value: unknown): void {
  if (step?.member.kind !== "field") throw new Error("unreachable: the place is a field's");
  const { member, index, key } = step;
  const { localName, oneof } = member;
  const part = index ?? key;
  const fields = message as Fields;
  const chosen = oneof && (fields[oneof.localName] as { value?: unknown });
  const held = oneof ? chosen?.value : fields[localName];
  if (rest.length > 0) put(part === undefined ? held : (held as Fields)[part], rest, value);
  else if (part !== undefined) (held as Fields)[part] = value;
  else if (oneof) fields[oneof.localName] = { case: localName, value };
  else fields[localName] = value;
}

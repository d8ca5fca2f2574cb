import { type DescMessage, type DescMethodUnary, fromJson, type JsonObject } from "@bufbuild/protobuf";
import { ConnectError, type Transport } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { describeFailure } from "../support/failures.ts";
import { startTestService } from "../support/service.ts";
import { type GroundOf, openGround, projectOf } from "./ground.ts";
import { methods } from "./methods.ts";
import { isFreeJson, type Place, placesOf } from "./places.ts";
import { type Probe, probesOf } from "./probes.ts";
import { requestWith } from "./samples.ts";

// Every rule of every request, read off the protos, is tried at its bounds, on both sides.

/** What has no rule: free JSON, which has rules of its own, and what can't be wrong. */
const UNRULED = [
  "with_total",
  "exact_total",
  "explain",
  "variables",
  "predicate.variables",
  "draft.metadata",
  "draft.custom.fields",
  "actions[1].set_metadata.metadata",
  "actions[1].set_custom_type.fields",
  "actions[1].set_custom_field.value",
  "draft.field_definitions[1].required",
  "actions[1].add_field_definition.field_definition.required",
  "draft.is_email_verified",
  "draft.addresses[1].custom.fields",
  "actions[1].add_address.address.custom.fields",
  "actions[1].change_address.draft.custom.fields",
  "actions[1].set_address_custom_type.fields",
  "actions[1].set_address_custom_field.value",
  "data_erasure",
  "with_deleted",
];

/** Failures that only a request can meet which broke no rule of its proto. */
const PAST_THE_RULES = [
  "RESOURCE_NOT_FOUND",
  "REFERENCE_NOT_FOUND",
  "VERSION_MISMATCH",
  "OPERATION_NOT_ALLOWED",
  "PAGE_TOKEN_INVALID",
  "PREDICATE_SYNTAX",
  "PREDICATE_UNKNOWN_FIELD",
  "PREDICATE_TOO_COMPLEX",
  "FIELD_INVALID sort.field",
  "FIELD_INVALID sort.direction",
  "FIELD_INVALID expand.path",
  "FIELD_INVALID address.index",
  "FIELD_INVALID money.currency",
];

let service: Awaited<ReturnType<typeof startTestService>>;
let transport: Transport;
let groundOf: GroundOf;

beforeAll(async () => {
  service = await startTestService({ CLIENTELE_PROJECTS: methods.map(projectOf).join(",") });
  transport = createGrpcTransport({ baseUrl: service.baseUrl });
  groundOf = openGround(transport);
});
afterAll(() => service.stop());

test("every field is bounded, but for those named here", () => {
  const unruled = methods
    .flatMap(({ input }) => placesOf(input))
    .filter((place) => isEnd(place) && probesOf(place).length === 0);
  expect(new Set(unruled.map(({ path }) => path))).toEqual(new Set(UNRULED));
});

describe.each(methods)("$name", (method) => {
  const probed = placesOf(method.input).map((place) => ({
    place,
    title: `${place.kind === "keys" ? "keys of " : ""}${place.path || "request"}`,
    probes: probesOf(place),
  }));

  test.each(probed.filter(({ probes }) => probes.length > 0))("$title", async ({ place, probes }) => {
    const outcomes = await Promise.all(
      probes.map(async (probe) => [probe.label, await outcomeOf(method, place, probe)]),
    );
    expect(Object.fromEntries(outcomes)).toEqual(
      Object.fromEntries(probes.map((probe) => [probe.label, expectedOutcome(place, probe)])),
    );
  });
});

/** Whether the place holds a value itself, rather than fields that do. */
function isEnd(place: Place): boolean {
  if (place.kind === "message" || place.kind === "oneof") return false;
  return place.kind !== "field" || !place.field.message || isFreeJson(place.field);
}

function expectedOutcome({ path }: Place, { rule, within = "" }: Probe) {
  if (rule === undefined) return "accepted";
  const field = path + within;
  const reason = rule === "required" ? "FIELD_REQUIRED" : "FIELD_INVALID";
  return { code: "InvalidArgument", reason, metadata: { field, rule }, fields: [field], isInWords: true };
}

async function outcomeOf(method: DescMethodUnary, place: Place, probe: Probe) {
  const ground = await groundOf(method, place, probe);
  const request = { ...probedRequest(method.input, place, probe), ...ground };
  try {
    await transport.unary(method, undefined, 20_000, undefined, fromJson(method.input, request));
    return "accepted";
  } catch (error) {
    const { code, reason, metadata, fields, message } = describeFailure(ConnectError.from(error));
    const outcome = reason === "FIELD_INVALID" ? `${reason} ${metadata.rule}` : `${reason}`;
    if (PAST_THE_RULES.includes(outcome)) return "accepted";
    // No pattern, and no numbers of an enum.
    const isInWords = !/`|in list/.test(message);
    return { code, reason, metadata, fields: [...new Set(fields)], isInWords };
  }
}

function probedRequest(message: DescMessage, { steps }: Place, { value }: Probe): JsonObject {
  return steps.length === 0 ? (value as JsonObject) : requestWith(message, steps, value);
}

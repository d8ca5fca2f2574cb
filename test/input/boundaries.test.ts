import { randomUUID } from "node:crypto";
import { type DescMessage, type DescMethodUnary, fromJson, type JsonObject } from "@bufbuild/protobuf";
import { ConnectError, type Transport } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CustomerGroupService } from "../../gen/clientele/v1/customer_group_service_pb.ts";
import { describeFailure } from "../support/failures.ts";
import { groupClient, startTestService } from "../support/service.ts";
import { isFreeJson, type Place, placesOf } from "./places.ts";
import { type Probe, probesOf } from "./probes.ts";
import { requestWith } from "./samples.ts";

// Every rule of every request, read off the protos, is tried at its bounds, on both sides.

/** What has no rule: free JSON, which has rules of its own, and what can't be wrong. */
const UNRULED = ["with_total", "draft.metadata", "actions[1].set_metadata.metadata"];

/** Failures that only a request can meet which broke no rule of its proto. */
const PAST_THE_RULES = [
  "RESOURCE_NOT_FOUND",
  "VERSION_MISMATCH",
  "OPERATION_NOT_ALLOWED",
  "PAGE_TOKEN_INVALID",
  "FIELD_INVALID sort.field",
];

const methods = Object.values(CustomerGroupService.method);

let service: Awaited<ReturnType<typeof startTestService>>;
let transport: Transport;
let groups: ReturnType<typeof groupClient>;

beforeAll(async () => {
  service = await startTestService({ CLIENTELE_PROJECTS: methods.map(projectOf).join(",") });
  transport = createGrpcTransport({ baseUrl: service.baseUrl });
  groups = groupClient(service.baseUrl);
});
afterAll(() => service.stop());

test("every field is bounded, but for those named here", () => {
  const unruled = methods
    .flatMap(({ input }) => placesOf(input))
    .filter((place) => isEnd(place) && probesOf(place).length === 0);
  expect(unruled.map(({ path }) => path)).toEqual(UNRULED);
});

describe.each(methods)("$name", (method) => {
  const places = placesOf(method.input);
  const probed = places.map((place) => ({ place, path: place.path || "request", probes: probesOf(place) }));

  test.each(probed.filter(({ probes }) => probes.length > 0))("$path", async ({ place, probes }) => {
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
  if (place.kind === "item") return true;
  return place.kind === "field" && (!place.field.message || isFreeJson(place.field));
}

function expectedOutcome({ kind, path }: Place, { rule }: Probe) {
  if (rule === undefined) return "accepted";
  const field = kind === "message" && path === "" ? "" : path;
  const reason = rule === "required" ? "FIELD_REQUIRED" : "FIELD_INVALID";
  return { code: "InvalidArgument", reason, metadata: { field, rule }, fields: [field] };
}

async function outcomeOf(method: DescMethodUnary, place: Place, probe: Probe) {
  const request = { ...probedRequest(method.input, place, probe), ...(await groundOf(method, place)) };
  try {
    await transport.unary(method, undefined, 20_000, undefined, fromJson(method.input, request));
    return "accepted";
  } catch (error) {
    const { code, reason, metadata, fields } = describeFailure(ConnectError.from(error));
    const outcome = reason === "FIELD_INVALID" ? `${reason} ${metadata.rule}` : `${reason}`;
    if (PAST_THE_RULES.includes(outcome)) return "accepted";
    return { code, reason, metadata, fields: [...new Set(fields)] };
  }
}

function probedRequest(message: DescMessage, place: Place, { value }: Probe): JsonObject {
  if (place.kind !== "message") return requestWith(message, place.steps, value);
  if (place.steps.length > 0)
    throw new Error("rules that span fields of an inner message: nothing tries them");
  return { ...requestWith(message), ...(value as JsonObject) };
}

/** What a request needs besides: a project of its method's own, and a group where one is changed. */
async function groundOf(method: DescMethodUnary, { steps: [first] }: Place): Promise<JsonObject> {
  const projectKey = projectOf(method);
  const ground: JsonObject = {};
  if (first?.member.name !== "project_key") ground.project_key = projectKey;
  if (first?.member.name !== "ref" && "expectedVersion" in method.input.field) {
    const draft = { name: randomUUID() };
    const { customerGroup } = await groups.createCustomerGroup({ projectKey, draft });
    ground.ref = { id: customerGroup?.id ?? "" };
  }
  return ground;
}

/** Values of one length are the same text, and names are unique: so each method has a project. */
function projectOf({ name }: DescMethodUnary): string {
  return name.replaceAll(/(?<=.)[A-Z]/g, "-$&").toLowerCase();
}

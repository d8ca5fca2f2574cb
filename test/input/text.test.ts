import { fromJson, type JsonObject, toBinary } from "@bufbuild/protobuf";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CustomerGroupService } from "../../gen/clientele/v1/customer_group_service_pb.ts";
import { startTestService } from "../support/service.ts";
import { type Place, placesOf } from "./places.ts";
import { requestWith } from "./samples.ts";
import { post } from "./wire.ts";

// Text that PostgreSQL can't store is refused wherever a request holds text.

let service: Awaited<ReturnType<typeof startTestService>>;

beforeAll(async () => {
  service = await startTestService();
});
afterAll(() => service.stop());

const texts = Object.values(CustomerGroupService.method).flatMap((method) =>
  placesOf(method.input).flatMap((place) =>
    isText(place)
      ? [{ method, steps: place.steps, title: `${place.path} of ${method.name}`, path: place.path }]
      : [],
  ),
);

describe.each(texts)("$title", ({ method, steps, path }) => {
  test("refuses NUL", async () => {
    const answer = await post(service.baseUrl, method.name, JSON.stringify(requestFor("text\0")));
    expect(answer).toMatchObject({ status: 400, reason: "FIELD_INVALID", metadata: { field: path } });
    const binary = Uint8Array.from(toBinary(method.input, fromJson(method.input, requestFor("text\0"))));
    const { status, reason, metadata } = await post(service.baseUrl, method.name, binary);
    expect({ status, reason, metadata }).toEqual({
      status: 400,
      reason: answer.reason,
      metadata: answer.metadata,
    });
  });

  // By the decoder, which knows no reasons.
  test.each(["\ud800", "\udfff text"])("refuses %j, which only JSON can say", async (text) => {
    const { status, json } = await post(service.baseUrl, method.name, JSON.stringify(requestFor(text)));
    expect({ status, code: json.code }).toEqual({ status: 400, code: "invalid_argument" });
  });

  function requestFor(text: string): JsonObject {
    return requestWith(method.input, steps, text);
  }
});

function isText(place: Place): boolean {
  if (place.kind !== "field" && place.kind !== "item") return false;
  const { type } = place.rules;
  return type.case === "string";
}

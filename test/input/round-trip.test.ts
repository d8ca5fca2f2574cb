import { randomUUID } from "node:crypto";
import type { JsonObject } from "@bufbuild/protobuf";
import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { createConnectTransport } from "@connectrpc/connect-node";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { CustomerGroupService } from "../../gen/clientele/v1/customer_group_service_pb.ts";
import { describeFailure } from "../support/failures.ts";
import { groupClient, startTestService } from "../support/service.ts";
import { canonical } from "./wire.ts";

let service: Awaited<ReturnType<typeof startTestService>>;
let clients: Readonly<Record<"binary" | "JSON", ReturnType<typeof groupClient>>>;

beforeAll(async () => {
  service = await startTestService();
  const { baseUrl } = service;
  clients = {
    binary: groupClient(baseUrl),
    JSON: createClient(
      CustomerGroupService,
      createConnectTransport({ baseUrl, httpVersion: "2", useBinaryFormat: false }),
    ),
  };
});
afterAll(() => service.stop());

const projectKey = "demo";
const names = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.constantFrom("__proto__", "constructor", "toString", "length", "then", ""),
);
/** The client itself refuses to say NaN and infinities in JSON. */
const doubles = { binary: fc.double(), JSON: fc.double({ noNaN: true, noDefaultInfinity: true }) };

function anyMetadata(double: fc.Arbitrary<number>): fc.Arbitrary<JsonObject> {
  const numbers = fc.oneof(double, fc.maxSafeInteger(), fc.constantFrom(-0, 1e-20, 1e-7, 1e21, 2 ** 53 - 1));
  return fc.letrec<{ metadata: JsonObject; value: JsonObject[string] }>((tie) => ({
    metadata: fc.dictionary(names, tie("value"), { maxKeys: 5 }),
    value: fc.oneof(
      { maxDepth: 7, depthSize: "medium" },
      fc.oneof(fc.string({ unit: "binary" }), numbers, fc.boolean(), fc.constant(null)),
      fc.array(tie("value"), { maxLength: 4 }),
      fc.dictionary(names, tie("value"), { maxKeys: 4 }),
    ),
  })).metadata;
}

test.each(["binary", "JSON"] as const)(
  "metadata that are accepted over %s are read back equal over both",
  async (sentOver) => {
    let accepted = 0;
    await fc.assert(
      fc.asyncProperty(anyMetadata(doubles[sentOver]), async (sent) => {
        const draft = { name: randomUUID(), metadata: sent };
        const created = await clients[sentOver].createCustomerGroup({ projectKey, draft }).catch(refusal);
        if (!created) return;
        accepted += 1;
        const { customerGroup } = created;
        const ref = { value: { case: "id", value: customerGroup?.id ?? "" } } as const;
        expect(canonical(customerGroup?.metadata)).toBe(canonical(sent));
        for (const client of Object.values(clients)) {
          const got = await client.getCustomerGroup({ projectKey, ref });
          expect(canonical(got.customerGroup?.metadata)).toBe(canonical(sent));
        }
        await clients.binary.deleteCustomerGroup({ projectKey, ref, expectedVersion: 1n });
      }),
      { numRuns: 150 },
    );
    expect(accepted).toBeGreaterThan(50);
  },
);

/** Undefined for a request that breaks a rule; anything else is a fault. */
function refusal(error: unknown): undefined {
  const { code, reason, fields } = describeFailure(ConnectError.from(error));
  expect({ code, reason }).toEqual({ code: Code[Code.InvalidArgument], reason: "FIELD_INVALID" });
  expect(fields[0]).toMatch(/^draft\.metadata/);
}

import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestService } from "../support/service.ts";
import { conformance } from "./suite.ts";
import { withTool } from "./tool.ts";
import { findGrpcurl, grpcurlWay, run } from "./ways/grpcurl.ts";

withTool("grpcurl", findGrpcurl(), (program) => {
  conformance(grpcurlWay(program));

  let service: Awaited<ReturnType<typeof startTestService>>;

  beforeAll(async () => {
    service = await startTestService();
  });
  afterAll(() => service.stop());

  test("shows the details of an error by reflection alone", async () => {
    const request = JSON.stringify({ projectKey: "demo", ref: { key: "nobody" } });
    const method = "clientele.v1.CustomerGroupService/GetCustomerGroup";
    const { stderr } = await grpcurl(["-format-error", "-d", request], method);
    expect(stderr).toContain('"reason": "RESOURCE_NOT_FOUND"');
    expect(stderr).not.toContain("@error");
  });

  test.each([
    "clientele.v1.ErrorReason",
    "google.rpc.ErrorInfo",
    "clientele.v1.CustomerGroupService",
    "clientele.v1.CustomTypeService",
    "clientele.v1.CustomerService",
  ])("describes %s", async (symbol) => {
    const { stderr, stdout } = await grpcurl([], "describe", symbol);
    expect(stderr).toBe("");
    expect(stdout).toContain(symbol.split(".").at(-1));
  });

  function grpcurl(options: readonly string[], ...words: readonly string[]) {
    const target = new URL(service.baseUrl).host;
    return run(program, ["-plaintext", ...options, target, ...words]);
  }
});

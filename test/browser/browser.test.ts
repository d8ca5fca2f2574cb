import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { failureOf } from "../conformance/failure.ts";
import { byKey, newGroup, PROJECT, unique } from "../conformance/groups.ts";
import { callersOf } from "../conformance/services.ts";
import { conformance } from "../conformance/suite.ts";
import { withTool } from "../conformance/tool.ts";
import { groupClient, startTestService } from "../support/service.ts";
import { findChromium, launchChromium, servePage } from "./chromium.ts";
import type { WebProtocol } from "./page.ts";
import { pageTransport } from "./way.ts";

const SERVICE = "clientele.v1.CustomerGroupService";
const names: Readonly<Record<WebProtocol, string>> = {
  connect: "Connect-Web",
  "connect-json": "Connect-Web with JSON",
  "connect-get": "Connect-Web with GET",
  "grpc-web": "gRPC-Web",
};
const protocols = Object.entries(names) as [WebProtocol, string][];

const executable = findChromium();
const listed = executable === undefined ? undefined : await servePage();

withTool("Chromium", executable, (path) => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await launchChromium(path);
  });
  afterAll(async () => {
    await browser.close();
    await listed?.close();
  });

  const env = { CLIENTELE_CORS_ORIGINS: `https://shop.example,${listed?.origin}` };

  for (const protocol of ["connect-get", "grpc-web"] as const) {
    conformance({
      name: `a page of another origin, by ${names[protocol]}`,
      encoding: "json",
      usesGet: protocol === "connect-get",
      env,
      async open(baseUrl) {
        const page = await listed?.open(browser);
        if (!page) throw new Error("unreachable: a page is served where there is a browser");
        return { transport: pageTransport(page, baseUrl, protocol), close: () => page.close() };
      },
    });
  }

  describe("the browser", () => {
    let service: Awaited<ReturnType<typeof startTestService>>;

    beforeAll(async () => {
      service = await startTestService(env);
    });
    afterAll(() => service.stop());

    test("asks by GET what may be asked so, without a preflight, and keeps no answer", async () => {
      const key = unique("got");
      const group = await newGroup(groupClient(service.baseUrl), { key });
      const page = await listed?.open(browser);
      if (!page) throw new Error("unreachable: a page is served where there is a browser");
      const methods: string[] = [];
      page.on("request", (request) => methods.push(request.method()));
      const { groups } = callersOf(pageTransport(page, service.baseUrl, "connect-get"));

      const [answer] = await Promise.all([
        page.waitForResponse((response) => response.url().includes(`${SERVICE}/GetCustomerGroup`)),
        groups.getCustomerGroup({ projectKey: PROJECT, ref: byKey(key) }),
      ]);
      expect(answer.request().method()).toBe("GET");
      expect(answer.headers()["cache-control"]).toBe("no-store");
      await groups.queryCustomerGroups({ projectKey: PROJECT });
      expect(methods).toEqual(["GET", "POST"]);

      await groups.deleteCustomerGroup({
        projectKey: PROJECT,
        ref: byKey(key),
        expectedVersion: group.version,
      });
      const again = groups.getCustomerGroup({ projectKey: PROJECT, ref: byKey(key) });
      expect(await failureOf(again)).toMatchObject({ code: "NotFound" });
      await page.close();
    });

    test.each(protocols)(
      "keeps a page of an origin that isn't listed from calling (%s)",
      async (protocol) => {
        const stranger = await servePage();
        const page = await stranger.open(browser);
        const refusals: string[] = [];
        page.on("console", (message) => refusals.push(message.text()));
        const { groups } = callersOf(pageTransport(page, service.baseUrl, protocol));
        const key = unique("never");

        const failure = await failureOf(newGroup(groups, { key }));
        expect(failure).toMatchObject({ message: "Failed to fetch", details: [] });
        const read = await failureOf(groups.getCustomerGroup({ projectKey: PROJECT, ref: byKey(key) }));
        expect(read).toMatchObject({ message: "Failed to fetch", details: [] });
        expect(refusals.join("\n")).toContain("blocked by CORS policy");

        const written = groupClient(service.baseUrl).getCustomerGroup({
          projectKey: PROJECT,
          ref: byKey(key),
        });
        expect(await failureOf(written)).toMatchObject({ code: "NotFound" });
        await page.close();
        await stranger.close();
      },
    );
  });
});

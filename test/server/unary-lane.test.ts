import { once } from "node:events";
import { connect } from "node:http2";
import { Code, ConnectError, type HandlerContext } from "@connectrpc/connect";
import { expect, it } from "vitest";
import { GET_GROUP, groupByKey, grpcHeaders, startServer } from "./fixture.ts";

/** A server whose handler waits until its call is aborted, and tells why. */
async function startWaiting(options: Parameters<typeof startServer>[0] = {}) {
  const seen = Promise.withResolvers<HandlerContext>();
  const aborted = Promise.withResolvers<unknown>();
  const server = await startServer(options, {
    async getCustomerGroup(_, context) {
      seen.resolve(context);
      await once(context.signal, "abort");
      aborted.resolve(context.signal.reason);
      return {};
    },
  });
  return { ...server, seen: seen.promise, aborted: aborted.promise };
}

it.each(["cancels its call", "loses its connection"])(
  "aborts the signal of a caller that %s",
  async (how) => {
    const { client, seen, aborted, origin } = await startWaiting();
    if (how === "cancels its call") {
      const cancel = new AbortController();
      const call = client.getCustomerGroup(groupByKey("any"), { signal: cancel.signal });
      await seen;
      cancel.abort();
      await expect(call).rejects.toMatchObject({ code: Code.Canceled });
    } else {
      const session = connect(origin);
      const stream = session.request(grpcHeaders());
      stream.on("error", () => {});
      stream.end(Buffer.from([0, 0, 0, 0, 0]));
      await seen;
      session.destroy();
    }
    expect(ConnectError.from(await aborted)).toMatchObject({ code: Code.Canceled });
  },
);

it("shows a handler the whole call, and sends the headers and trailers that it sets", async () => {
  const { client } = await startServer(
    {},
    {
      getCustomerGroup(_, context) {
        context.responseHeader.set("x-method", `${context.service.typeName}/${context.method.name}`);
        context.responseHeader.set("x-echo", context.requestHeader.get("x-said") ?? "");
        context.responseHeader.set("x-path", new URL(context.url).pathname);
        context.responseTrailer.set("x-time-left", `${context.timeoutMs() !== undefined}`);
        return {};
      },
    },
  );
  let header = new Headers();
  let trailer = new Headers();
  await client.getCustomerGroup(groupByKey("any"), {
    timeoutMs: 5000,
    headers: { "x-said": "hello" },
    onHeader: (headers) => {
      header = headers;
    },
    onTrailer: (trailers) => {
      trailer = trailers;
    },
  });
  expect(header.get("x-method")).toBe("clientele.v1.CustomerGroupService/GetCustomerGroup");
  expect(header.get("x-echo")).toBe("hello");
  expect(header.get("x-path")).toBe(GET_GROUP);
  expect(trailer.get("x-time-left")).toBe("true");
});

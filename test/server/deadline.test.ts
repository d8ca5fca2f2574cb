import { setTimeout as wait } from "node:timers/promises";
import { Code, ConnectError, createClient, type Interceptor, type Transport } from "@connectrpc/connect";
import {
  compressionGzip,
  createConnectTransport,
  createGrpcTransport,
  createGrpcWebTransport,
} from "@connectrpc/connect-node";
import { describe, expect, it, onTestFinished } from "vitest";
import { CustomerGroupService } from "../../gen/clientele/v1/customer_group_service_pb.ts";
import { ErrorInfoSchema, RetryInfoSchema } from "../../gen/google/rpc/error_details_pb.ts";
import { callOf } from "../../src/call.ts";
import { failure } from "../../src/errors.ts";
import { deadline } from "../../src/interceptors/deadline.ts";
import { shortenTimeouts } from "../../src/server/timeouts.ts";
import { groupByKey, groupByKeyJson, postGroup, startServer } from "./fixture.ts";

type Way = {
  readonly name: string;
  readonly unaryLane: boolean;
  readonly transport: (baseUrl: string) => Transport;
};

const overConnect = (baseUrl: string) => createConnectTransport({ baseUrl, httpVersion: "1.1" });

const WAYS: readonly Way[] = [
  { name: "gRPC", unaryLane: true, transport: (baseUrl) => createGrpcTransport({ baseUrl }) },
  {
    name: "gRPC with compression",
    unaryLane: true,
    transport: (baseUrl) =>
      createGrpcTransport({ baseUrl, sendCompression: compressionGzip, compressMinBytes: 0 }),
  },
  {
    name: "gRPC without the unary lane",
    unaryLane: false,
    transport: (baseUrl) => createGrpcTransport({ baseUrl }),
  },
  {
    name: "gRPC-Web",
    unaryLane: true,
    transport: (baseUrl) => createGrpcWebTransport({ baseUrl, httpVersion: "1.1" }),
  },
  { name: "Connect over HTTP/1.1", unaryLane: true, transport: overConnect },
  {
    name: "Connect over HTTP/2",
    unaryLane: true,
    transport: (baseUrl) => createConnectTransport({ baseUrl, httpVersion: "2" }),
  },
];

describe.each(WAYS)("over $name", ({ unaryLane, transport }) => {
  it.each([
    { "connect-timeout-ms": "3000000000", "grpc-timeout": "2592000S" },
    { "connect-timeout-ms": "9999999999", "grpc-timeout": "99999999H" },
  ])("waits for the answer to a call with a deadline of %o", async (headers) => {
    const warnings = watchWarnings();
    const { origin } = await startServer(
      { unaryLane, interceptors: [deadline()] },
      {
        async getCustomerGroup(_, context) {
          await wait(30);
          const { timeoutMs, over } = callOf(context).deadline;
          return {
            customerGroup: { name: `${timeoutMs} ${over.reason !== undefined} ${context.signal.aborted}` },
          };
        },
      },
    );
    const client = createClient(CustomerGroupService, transport(origin));
    const { customerGroup } = await client.getCustomerGroup(groupByKey("gold"), { headers });
    expect(customerGroup?.name).toBe("60000 false false");
    expect(warnings).toEqual([]);
  });

  it("answers DEADLINE_EXCEEDED once the time is over", async () => {
    const { origin, seen } = await startHanging(unaryLane, { drainMs: 50 });
    const client = createClient(CustomerGroupService, transport(origin));
    // Long enough for the call to get to its handler on a busy machine.
    const headers = { "connect-timeout-ms": "500", "grpc-timeout": "500m" };
    const error = await client.getCustomerGroup(groupByKey("gold"), { headers }).catch(ConnectError.from);
    expect(error).toMatchObject({ code: Code.DeadlineExceeded });
    expect(reasonOf(error)).toBe("DEADLINE_EXCEEDED");
    expect((await seen).aborted).toBe(true);
  });

  it.each(["0", "1"])("answers DEADLINE_EXCEEDED to a deadline of %s ms", async (ms) => {
    const { origin } = await startHanging(unaryLane, { drainMs: 50 });
    const client = createClient(CustomerGroupService, transport(origin));
    const headers = { "connect-timeout-ms": ms, "grpc-timeout": `${ms}m` };
    const error = await client.getCustomerGroup(groupByKey("gold"), { headers }).catch(ConnectError.from);
    expect(reasonOf(error)).toBe("DEADLINE_EXCEEDED");
  });

  it.each(["nothing", "deadline exceeded"])(
    "answers UNAVAILABLE when a shutdown cuts a call off whose handler says %s",
    async (says) => {
      const { origin, seen, drain } = await startHanging(unaryLane, { drainMs: 50 }, says !== "nothing");
      const client = createClient(CustomerGroupService, transport(origin));
      const call = client.getCustomerGroup(groupByKey("gold")).catch(ConnectError.from);
      const signal = await seen;
      await drain();
      const error = await call;
      expect(error).toMatchObject({ code: Code.Unavailable });
      expect(reasonOf(error)).toBe("OVERLOADED");
      expect((error as ConnectError).findDetails(RetryInfoSchema)).toHaveLength(1);
      expect(signal.aborted).toBe(true);
    },
  );

  it("ends a call as CANCELED when its caller hangs up", async () => {
    const { origin, seen, outcome } = await startHanging(unaryLane, { drainMs: 50 });
    const client = createClient(CustomerGroupService, transport(origin));
    const cancel = new AbortController();
    const call = client.getCustomerGroup(groupByKey("gold"), { signal: cancel.signal });
    const signal = await seen;
    cancel.abort();
    await expect(call).rejects.toMatchObject({ code: Code.Canceled });
    expect(await outcome).toMatchObject({ code: Code.Canceled });
    expect(signal.aborted).toBe(true);
  });
});

it("lets a handler that is cut off say what became of its write", async () => {
  const { handlers, seen } = hanging(() => failure.outcomeUnknown());
  const { client, drain } = await startServer({ drainMs: 50, interceptors: [deadline()] }, handlers);
  const call = client.getCustomerGroup(groupByKey("gold")).catch(ConnectError.from);
  await seen;
  await drain();
  expect(reasonOf(await call)).toBe("OUTCOME_UNKNOWN");
});

it.each(["soon", "-1", "1.5", "99999999999"])("refuses the Connect deadline %s", async (timeout) => {
  const { origin } = await startServer();
  const answer = await postGroup(origin, groupByKeyJson("gold"), { "connect-timeout-ms": timeout });
  expect(await answer.json()).toMatchObject({ code: "invalid_argument" });
});

it.each([
  ["grpc-timeout", "60000m", "60000m"],
  ["grpc-timeout", "60001m", "60000m"],
  ["grpc-timeout", "99999999u", "60000m"],
  ["grpc-timeout", "1S", "1S"],
  ["grpc-timeout", "100000000S", "100000000S"],
  ["grpc-timeout", "soon", "soon"],
  ["connect-timeout-ms", "60000", "60000"],
  ["connect-timeout-ms", "60001", "60000"],
  ["connect-timeout-ms", "10000000000", "10000000000"],
  ["connect-timeout-ms", "", ""],
])("shortens %s: %s to %s", (name, sent, kept) => {
  const header = new Headers({ [name]: sent });
  shortenTimeouts(header, 60_000);
  expect([...header]).toEqual([[name, kept]]);
});

/** A server whose handler never answers by itself; `outcome` is how its interceptors saw the call end. */
async function startHanging(unaryLane: boolean, options: { readonly drainMs: number }, saysDeadline = false) {
  const { handlers, seen } = hanging(saysDeadline ? () => failure.deadlineExceeded(5000) : undefined);
  const ended = Promise.withResolvers<unknown>();
  const watch: Interceptor = (next) => (request) => {
    const call = next(request);
    call.catch(ended.resolve);
    return call;
  };
  const server = await startServer({ unaryLane, interceptors: [watch, deadline()], ...options }, handlers);
  return { ...server, seen, outcome: ended.promise };
}

/** A handler that answers nothing, or `answer` as soon as its signal is aborted; `seen` is that signal. */
function hanging(answer?: () => ConnectError) {
  const seen = Promise.withResolvers<AbortSignal>();
  const handlers: Parameters<typeof startServer>[1] = {
    getCustomerGroup: (_, context) =>
      new Promise((_resolve, reject) => {
        const { signal } = callOf(context).deadline.over;
        seen.resolve(signal);
        if (answer) signal.addEventListener("abort", () => reject(answer()));
      }),
  };
  return { handlers, seen: seen.promise };
}

function reasonOf(answer: unknown): string | undefined {
  return answer instanceof ConnectError ? answer.findDetails(ErrorInfoSchema)[0]?.reason : undefined;
}

function watchWarnings(): string[] {
  const warnings: string[] = [];
  const onWarning = ({ name }: Error) => warnings.push(name);
  process.on("warning", onWarning);
  onTestFinished(() => void process.off("warning", onWarning));
  return warnings;
}

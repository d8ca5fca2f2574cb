import { once } from "node:events";
import { type ClientHttp2Session, connect, createServer, type Http2Session } from "node:http2";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { RenewedMap } from "../../src/renewed-map.ts";
import { renewStreamTable } from "../../src/server/stream-table.ts";

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

test("the streams of a session are where this Node looks for them, and gone when they are closed", async () => {
  const { session, client } = await openSession();
  const streams = tableOf(session);
  expect(streams).toBeInstanceOf(RenewedMap);
  for (let round = 0; round < 20; round += 1) {
    const answers = Array.from({ length: 20 }, () => get(client, "/"));
    expect(await Promise.all(answers)).toEqual(answers.map(() => 200));
  }
  await expect.poll(() => streams.size).toBe(0);
});

test("a session that is destroyed ends its open streams, and one that is closed waits for them", async () => {
  const { session, client, answerHeld } = await openSession();
  const held = get(client, "/held");
  await expect.poll(() => tableOf(session).size).toBe(1);
  session.close();
  answerHeld();
  expect(await held).toBe(200);

  const other = await openSession();
  const lost = get(other.client, "/held");
  await expect.poll(() => tableOf(other.session).size).toBe(1);
  const refused = expect(lost).rejects.toThrow();
  other.session.destroy();
  await refused;
  expect(tableOf(other.session).size).toBe(0);
});

test("what is no session of Node's is left as it is", () => {
  const streams = new Set();
  const state = { streams };
  renewStreamTable({ [Symbol("state")]: state } as unknown as Http2Session);
  expect(state.streams).toBe(streams);
  expect(() => renewStreamTable({} as Http2Session)).not.toThrow();
});

async function openSession() {
  const held: (() => void)[] = [];
  const server = createServer();
  server.on("session", renewStreamTable);
  server.on("stream", (stream, headers) => {
    stream.on("error", () => {});
    const answer = () => stream.respond({ ":status": 200 }, { endStream: true });
    if (headers[":path"] === "/held") held.push(answer);
    else answer();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const begun = once(server, "session");
  const client = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  client.on("error", () => {});
  ends.push(
    () => client.destroy(),
    () => server.close(),
  );
  const [session] = (await begun) as [Http2Session];
  return { session, client, answerHeld: () => held.splice(0).forEach((answer) => void answer()) };
}

function get(client: ClientHttp2Session, path: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const stream = client.request({ ":path": path });
    let status = 0;
    stream.on("response", (headers) => {
      status = headers[":status"] ?? 0;
    });
    stream.on("error", reject);
    stream.on("close", () => (status === 0 ? reject(new Error("no answer")) : resolve(status)));
    stream.resume();
  });
}

function tableOf(session: Http2Session): { readonly size: number } {
  const key = Object.getOwnPropertySymbols(session).find(({ description }) => description === "state");
  return (Reflect.get(session, key ?? "") as { streams: { size: number } }).streams;
}

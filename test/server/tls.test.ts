import { type ConnectionOptions, connect, type TLSSocket } from "node:tls";
import { createClient } from "@connectrpc/connect";
import { createConnectTransport, createGrpcTransport } from "@connectrpc/connect-node";
import { expect, it } from "vitest";
import { CustomerGroupService } from "../../gen/clientele/v1/customer_group_service_pb.ts";
import { groupByKey, startServer, testCertificate } from "./fixture.ts";

const tls = testCertificate();
const nodeOptions = { ca: tls.cert };

it("speaks HTTP/2 and HTTP/1.1 on one TLS port", async () => {
  const { port } = await startServer({ tls });
  const baseUrl = `https://localhost:${port}`;
  const transports = [
    createGrpcTransport({ baseUrl, nodeOptions }),
    createConnectTransport({ baseUrl, httpVersion: "1.1", nodeOptions }),
    createConnectTransport({ baseUrl, httpVersion: "2", nodeOptions }),
  ];
  for (const transport of transports) {
    const client = createClient(CustomerGroupService, transport);
    expect((await client.getCustomerGroup(groupByKey("gold"))).customerGroup?.name).toBe("gold");
  }
});

it.each([
  [["h2", "http/1.1"], "h2"],
  [["http/1.1"], "http/1.1"],
  [[], false],
])("agrees with a client that offers %j on %s", async (ALPNProtocols, agreed) => {
  const { port } = await startServer({ tls });
  const socket = await handshake({ port, ALPNProtocols });
  expect(socket?.alpnProtocol).toBe(agreed);
  socket?.destroy();
});

it("refuses TLS 1.1, and cleartext", async () => {
  const { port } = await startServer({ tls });
  expect(await handshake({ port, minVersion: "TLSv1", maxVersion: "TLSv1.1" })).toBeUndefined();
  expect(await handshake({ port, minVersion: "TLSv1.2", maxVersion: "TLSv1.2" })).toBeDefined();
  await expect(fetch(`http://localhost:${port}/livez`)).rejects.toThrow();
});

function handshake(options: ConnectionOptions): Promise<TLSSocket | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host: "localhost", ca: tls.cert, ...options }, () => resolve(socket));
    socket.on("error", () => resolve(undefined));
  });
}

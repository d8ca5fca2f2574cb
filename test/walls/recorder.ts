import { mkdtempSync, rmSync } from "node:fs";
import net from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import type { DatabaseAddress } from "../../src/db/connection.ts";
import { connect } from "../../src/db/socket.ts";

/** Stands between the service and PostgreSQL, and keeps the text of every statement that is sent. */
export async function startRecorder(address: DatabaseAddress) {
  const folder = mkdtempSync(path.join(tmpdir(), "clientele-recorder-"));
  const statements = new Set<string>();
  const sockets = new Set<net.Socket>();
  const server = net.createServer((service) => {
    const database = connect(address);
    const read = openReader(statements);
    const end = () => {
      service.destroy();
      database.destroy();
    };
    for (const socket of [service, database]) sockets.add(socket.on("error", end).on("close", end));
    service.on("data", (bytes) => {
      read(bytes);
      database.write(bytes);
    });
    database.on("data", (bytes) => service.write(bytes));
  });
  await new Promise<void>((resolve) => server.listen(path.join(folder, ".s.PGSQL.5432"), resolve));
  return {
    address: { ...address, host: folder, port: 5432 },
    statements: statements as ReadonlySet<string>,
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Reads PostgreSQL's protocol: Parse and Query hold statements; only the first message has no type. */
function openReader(statements: Set<string>): (bytes: Uint8Array) => void {
  let held = Buffer.of();
  let isFirst = true;
  return (bytes) => {
    held = Buffer.concat([held, bytes]);
    for (;;) {
      const begin = isFirst ? 0 : 1;
      if (held.length < begin + 4) return;
      const end = begin + held.readInt32BE(begin);
      if (held.length < end) return;
      const type = isFirst ? "" : String.fromCharCode(held[0] ?? 0);
      const texts = held
        .subarray(begin + 4, end)
        .toString()
        .split("\0");
      const statement = type === "P" ? texts[1] : type === "Q" ? texts[0] : undefined;
      if (statement !== undefined) statements.add(statement);
      isFirst = false;
      held = held.subarray(end);
    }
  };
}

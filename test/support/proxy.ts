import { mkdtempSync, rmSync } from "node:fs";
import net from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import type { DatabaseAddress } from "../../src/db/connection.ts";
import { connect } from "../../src/db/socket.ts";

export type Trouble =
  /** Bytes go both ways. */
  | "none"
  /** Nothing goes either way, and nobody is told. */
  | "black hole"
  /** What the service sends arrives; the answer is thrown away and the connection broken. */
  | "lose answers"
  /** Connections are refused, and those that there are broken. */
  | "refuse";

/** A network between the service and PostgreSQL, with trouble on demand. */
export async function startProxy(address: DatabaseAddress, over: "unix socket" | "TCP" = "unix socket") {
  const folder = mkdtempSync(path.join(tmpdir(), "clientele-proxy-"));
  let trouble: Trouble = "none";
  let lost = 0;
  let doomed: string | undefined;
  const pairs = new Set<{ readonly service: net.Socket; readonly database: net.Socket }>();

  const server = net.createServer((service) => {
    const database = connect(address);
    const pair = { service, database };
    pairs.add(pair);
    const end = () => {
      pairs.delete(pair);
      service.destroy();
      database.destroy();
    };
    for (const socket of [service, database]) socket.on("error", end).on("close", end);
    if (trouble === "refuse") return end();
    let losesAnswer = false;
    service.on("data", (bytes) => {
      if (doomed !== undefined && bytes.includes(doomed)) losesAnswer = true;
      if (trouble !== "black hole") database.write(bytes);
    });
    database.on("data", (bytes) => {
      if (trouble === "none" && !losesAnswer) service.write(bytes);
      if (trouble === "lose answers" || losesAnswer) {
        lost += 1;
        end();
      }
    });
  });
  await new Promise<void>((resolve) => {
    if (over === "TCP") server.listen(0, "127.0.0.1", resolve);
    else server.listen(path.join(folder, ".s.PGSQL.5432"), resolve);
  });
  const listening = server.address();
  const tcp =
    typeof listening === "object" && listening ? { host: "127.0.0.1", port: listening.port } : undefined;

  return {
    address: { ...address, ...(tcp ?? { host: folder, port: 5432 }) },
    /** How many answers were thrown away. */
    lost: () => lost,
    set(next: Trouble): void {
      trouble = next;
      if (next === "refuse") for (const { service } of pairs) service.destroy();
    },
    /** From now on loses the answers to what holds this text, and to nothing else; undefined: to nothing. */
    loseAnswersTo(text: string | undefined): void {
      doomed = text;
    },
    async stop() {
      for (const { service } of pairs) service.destroy();
      await new Promise((resolve) => server.close(resolve));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

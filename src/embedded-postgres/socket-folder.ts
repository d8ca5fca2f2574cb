import { createHash } from "node:crypto";
import { chown, lstat, mkdir } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Account } from "./account.ts";
import { EmbeddedPostgresError } from "./error.ts";

/** Where the server is to listen. `host` is a folder for its unix socket, or an address. */
export type Listening = { readonly host: string; readonly port: number };

/**
 * The unix socket is among PostgreSQL's files, which nobody else may enter. A socket's path must be
 * short, so those of a long path have it in a folder of the same kind below the temporary one.
 *
 * @param port the one of an earlier start, for systems without unix sockets.
 */
export async function prepareListening(
  cluster: string,
  account: Account | undefined,
  port?: number,
): Promise<Listening> {
  if (process.platform === "win32") return { host: "127.0.0.1", port: port ?? (await freePort()) };
  if (isShort(cluster)) return { host: cluster, port: PORT };
  const name = `clientele-${createHash("sha256").update(cluster).digest("hex").slice(0, 16)}`;
  const host = [tmpdir(), "/tmp"].map((folder) => path.join(folder, name)).find(isShort) ?? "";
  await createPrivateFolder(host, account);
  return { host, port: PORT };
}

const PORT = 5432;

/** macOS allows 103 bytes, Linux 107. */
function isShort(folder: string): boolean {
  return Buffer.byteLength(path.join(folder, `.s.PGSQL.${PORT}.lock`)) <= 103;
}

/** Everyone can make folders there: one that's there already must be ours. */
async function createPrivateFolder(folder: string, account: Account | undefined): Promise<void> {
  const owner = account?.uid ?? process.getuid?.();
  try {
    await mkdir(folder, { mode: 0o700 });
    if (account) await chown(folder, account.uid, account.gid);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
  const found = await lstat(folder);
  if (!found.isDirectory() || found.uid !== owner || (found.mode & 0o077) !== 0) {
    throw new EmbeddedPostgresError(
      `${folder} isn't a folder of the account that PostgreSQL runs as: remove it, or set CLIENTELE_DATA_DIR to a shorter path`,
    );
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("unreachable: listen() took a port");
  return address.port;
}

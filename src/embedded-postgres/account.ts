import { execFile } from "node:child_process";
import { readFile, stat } from "node:fs/promises";
import path from "node:path";
import { EmbeddedPostgresError, OR_YOUR_OWN } from "./error.ts";

/** Whom PostgreSQL runs as, when that isn't whoever started the service. */
export type Account = { readonly uid: number; readonly gid: number; readonly name: string };

/**
 * PostgreSQL refuses to run as root: root gets the account that owns the data already, or else an
 * unprivileged one that every system has.
 *
 * @returns undefined when PostgreSQL runs as the present user.
 */
export async function accountFor(dataDir: string): Promise<Account | undefined> {
  const owner = await ownerOf(path.join(dataDir, "postgres"));
  const self = process.getuid?.();
  if (self === undefined) return undefined;
  if (self !== 0) {
    if (owner !== undefined && owner.uid !== self) {
      throw new EmbeddedPostgresError(
        `${dataDir} belongs to another user (uid ${owner.uid}): start Clientele as that user, or set CLIENTELE_DATA_DIR to a folder of your own`,
      );
    }
    return undefined;
  }
  if (owner !== undefined && owner.uid !== 0) return { ...owner, name: `uid ${owner.uid}` };
  return findUnprivileged();
}

/** Whether the account may run or enter what is at the path. */
export async function canReach(account: Account, target: string): Promise<boolean> {
  return new Promise((resolve) => {
    execFile(
      "/bin/sh",
      ["-c", 'test -x "$1"', "sh", target],
      { uid: account.uid, gid: account.gid, cwd: "/" },
      // Without a shell nobody can tell; PostgreSQL will.
      (error) => resolve(error === null || error.code === "ENOENT"),
    );
  });
}

/** The options of a child process that runs as the account. */
export function runAs(account: Account | undefined): { uid?: number; gid?: number } {
  return account ? { uid: account.uid, gid: account.gid } : {};
}

async function ownerOf(folder: string): Promise<{ uid: number; gid: number } | undefined> {
  try {
    const { uid, gid } = await stat(folder);
    return { uid, gid };
  } catch {
    return undefined;
  }
}

async function findUnprivileged(): Promise<Account> {
  const lines = (await readFile("/etc/passwd", "utf8").catch(() => "")).split("\n");
  for (const name of ["postgres", "nobody"]) {
    const [, , uid, gid] = lines.find((line) => line.startsWith(`${name}:`))?.split(":") ?? [];
    // macOS gives nobody the uid -2.
    if (uid && gid) return { name, uid: Number(uid) >>> 0, gid: Number(gid) >>> 0 };
  }
  throw new EmbeddedPostgresError(
    `PostgreSQL doesn't run as root, and there is no account "postgres" or "nobody" to run it as: start Clientele as another user, ${OR_YOUR_OWN}`,
  );
}

import { randomUUID } from "node:crypto";
import { access, chmod, constants, lstat, mkdir, readlink, realpath, stat, symlink } from "node:fs/promises";
import path from "node:path";
import type { Log } from "../log.ts";
import { type Account, canReach } from "./account.ts";
import { EmbeddedPostgresError } from "./error.ts";
import { createSharedFolder, SHARED_FOLDER, unreachable } from "./reachable.ts";

/** @returns the folder's real path. */
export async function createDataFolder(dataDir: string): Promise<string> {
  try {
    await mkdir(dataDir, { recursive: true, mode: 0o700 });
    await access(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
    return await realpath(dataDir);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new EmbeddedPostgresError(
      `${dataDir} can't be used for data (${code}): set CLIENTELE_DATA_DIR to a folder that you may write to`,
    );
  }
}

/**
 * Where PostgreSQL's own files are or shall be: `postgres` in the data folder. When the account can't
 * come there, that's a link to a place where it can.
 */
export async function clusterFolder(
  dataDir: string,
  account: Account | undefined,
  log: Pick<Log, "warn">,
): Promise<string> {
  const cluster = path.join(dataDir, "postgres");
  const link = await readlink(cluster).catch(() => undefined);
  if (link !== undefined) return path.resolve(dataDir, link);
  if (!account) return cluster;

  await letPass(dataDir);
  if (await canReach(account, dataDir)) return cluster;
  // Data made by a normal user can't be moved behind his back.
  if (await isThere(cluster)) throw unreachable(account, cluster);
  await createSharedFolder();
  const elsewhere = path.join(SHARED_FOLDER, `data-${randomUUID()}`);
  await symlink(elsewhere, cluster);
  log.warn(
    { dataDir, elsewhere },
    `PostgreSQL can't reach the data folder as ${account.name}; its files are elsewhere`,
  );
  return elsewhere;
}

/** Others may pass the folder, but not look into it. */
async function letPass(dataDir: string): Promise<void> {
  const { mode, uid } = await stat(dataDir);
  if (uid === 0 && (mode & 0o011) !== 0o011) await chmod(dataDir, (mode & 0o777) | 0o011);
}

async function isThere(file: string): Promise<boolean> {
  return lstat(file).then(
    () => true,
    () => false,
  );
}

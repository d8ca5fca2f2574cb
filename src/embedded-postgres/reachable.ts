import { randomUUID } from "node:crypto";
import { cp, mkdir, rename, rm, stat } from "node:fs/promises";
import path from "node:path";
import { type Account, canReach } from "./account.ts";
import { EmbeddedPostgresError, OR_YOUR_OWN } from "./error.ts";
import { executable, type Program } from "./program.ts";

/**
 * Where root keeps what an unprivileged account must reach, when its own place is closed to that
 * account, as all that's below /root.
 */
export const SHARED_FOLDER = "/var/lib/clientele";

/** The program itself when the account can run it, or else a copy that it can. */
export async function reachableProgram(program: Program, account: Account | undefined): Promise<Program> {
  if (!account || (await canReach(account, executable(program, "postgres")))) return program;
  const folder = path.join(SHARED_FOLDER, `postgresql-${program.version}-${process.arch}`);
  if (!(await isThere(folder))) await copyWhole(program.folder, folder);
  const copy = { ...program, folder };
  if (await canReach(account, executable(copy, "postgres"))) return copy;
  throw unreachable(account, program.folder);
}

/** Makes a folder that can be passed by all and written to by root. */
export async function createSharedFolder(): Promise<void> {
  await mkdir(SHARED_FOLDER, { recursive: true, mode: 0o755 });
}

export function unreachable(account: Account, target: string): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    `PostgreSQL doesn't run as root, and the account it runs as (${account.name}) can't reach ${target}: ` +
      `move it to where all users may go, start Clientele as another user, ${OR_YOUR_OWN}`,
  );
}

/** Under another name first: a copy that was cut short must not be taken for a whole one. */
async function copyWhole(from: string, to: string): Promise<void> {
  await createSharedFolder();
  const partial = `${to}.${randomUUID()}`;
  try {
    await cp(from, partial, { recursive: true, verbatimSymlinks: true, mode: 0 });
    await rename(partial, to);
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    // Another process may have been first.
    if (!(await isThere(to))) throw error;
  }
}

async function isThere(folder: string): Promise<boolean> {
  return stat(folder).then(
    () => true,
    () => false,
  );
}

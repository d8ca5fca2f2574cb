import { link, readdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { EmbeddedPostgresError } from "./error.ts";
import { identityOf } from "./processes.ts";

export type ServiceLock = { release(): Promise<void> };

/**
 * Takes the data folder for this process. A lock of a process that has ended doesn't count.
 *
 * The lock is the file `service.<number>.lock` with the highest number; it holds who has it. A file
 * is only ever added as the next number, and the highest is never deleted, so that of several
 * processes that find an old lock one gets it.
 *
 * @throws EmbeddedPostgresError when another process has it.
 */
export async function takeServiceLock(dataDir: string): Promise<ServiceLock> {
  const self = await identityOf(process.pid);
  const draft = path.join(dataDir, `service.${process.pid}.draft`);
  for (;;) {
    const last = Math.max(0, ...(await lockNumbers(dataDir)));
    await refuseIfHeld(dataDir, last);
    const mine = lockFile(dataDir, last + 1);
    await writeFile(draft, `${self}\n`);
    const isFirst = await linkNew(draft, mine);
    await rm(draft, { force: true });
    if (!isFirst) continue;
    const numbers = await lockNumbers(dataDir);
    if (Math.max(...numbers) > last + 1) {
      await rm(mine, { force: true });
      continue;
    }
    for (const number of numbers) if (number <= last) await rm(lockFile(dataDir, number), { force: true });
    return { release: () => writeFile(mine, "") };
  }
}

async function refuseIfHeld(dataDir: string, number: number): Promise<void> {
  const holder = (await readFile(lockFile(dataDir, number), "utf8").catch(() => "")).trim();
  const pid = Number(holder.split(" ")[0]);
  if (holder === "" || (await identityOf(pid)) !== holder) return;
  throw new EmbeddedPostgresError(
    `Another Clientele (pid ${pid}) is using ${dataDir}: stop it, or set CLIENTELE_DATA_DIR to another folder`,
  );
}

async function lockNumbers(dataDir: string): Promise<number[]> {
  return (await readdir(dataDir)).flatMap((name) => {
    const number = /^service\.(\d+)\.lock$/.exec(name)?.[1];
    return number === undefined ? [] : [Number(number)];
  });
}

function lockFile(dataDir: string, number: number): string {
  return path.join(dataDir, `service.${number}.lock`);
}

async function linkNew(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

import { execFile } from "node:child_process";
import { readdir, readFile, readlink } from "node:fs/promises";
import { promisify } from "node:util";

/**
 * Tells a process from all others that ever had or will have its pid, also on the far side of a
 * reboot (not so on Windows).
 *
 * @returns undefined when no such process runs; one that ended but wasn't collected doesn't.
 */
export async function identityOf(pid: number): Promise<string | undefined> {
  if (!exists(pid)) return undefined;
  if (process.platform === "linux") {
    const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => undefined);
    if (stat === undefined) return exists(pid) ? `${pid}` : undefined;
    // The second field is a name and may hold anything; those after it are the 3rd to the last.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    if (fields[0] === "Z" || fields[0] === "X") return undefined;
    const boot = await readFile("/proc/sys/kernel/random/boot_id", "utf8").catch(() => "");
    return `${pid} ${fields[19]} ${boot.trim()}`;
  }
  return `${pid} ${await ps(pid, "lstart")}`.trim();
}

/** Whether a process works in the folder, as PostgreSQL's do in their data. */
export async function isWorkingIn(pid: number, folder: string): Promise<boolean> {
  if (process.platform === "linux") {
    return (await readlink(`/proc/${pid}/cwd`).catch(() => undefined)) === folder;
  }
  return (await ps(pid, "command")).includes(folder);
}

/** The processes that work in the folder; none where that can't be found out. */
export async function processesIn(folder: string): Promise<number[]> {
  if (process.platform !== "linux") return [];
  const pids = (await readdir("/proc")).map(Number).filter((pid) => Number.isInteger(pid));
  const working = await Promise.all(pids.map((pid) => isWorkingIn(pid, folder)));
  return pids.filter((_, index) => working[index]);
}

/** @returns false when the process is gone. */
export function signal(pid: number, name: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
    throw error;
  }
}

function exists(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

async function ps(pid: number, field: "lstart" | "command"): Promise<string> {
  if (process.platform === "win32") return "";
  return promisify(execFile)("ps", ["-o", `${field}=`, "-p", `${pid}`]).then(
    ({ stdout }) => stdout.trim(),
    () => "",
  );
}

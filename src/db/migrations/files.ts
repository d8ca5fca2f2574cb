import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { MigrationError } from "./error.ts";

export type MigrationFile = {
  /** `0007_add_customer_number.sql` */
  readonly name: string;
  readonly text: string;
  readonly checksum: string;
};

export type MigrationFiles = {
  /** In the order of their numbers. */
  readonly migrations: readonly MigrationFile[];
  readonly functions: readonly MigrationFile[];
};

/** Reads the numbered files of a folder, and those of its folder `functions`, which need not be there. */
export async function readMigrations(dir: string): Promise<MigrationFiles> {
  const migrations = await readSqlFiles(dir);
  const numbers = new Map<string, string>();
  for (const { name } of migrations) {
    const number = /^(\d{4})_[a-z0-9_]+\.sql$/.exec(name)?.[1];
    if (number === undefined) {
      throw new MigrationError(`${name} isn't named like a migration: 0007_add_customer_number.sql`);
    }
    const other = numbers.get(number);
    if (other !== undefined) {
      throw new MigrationError(
        `${other} and ${name} have the same number: give one of them the next free one`,
      );
    }
    numbers.set(number, name);
  }
  return { migrations, functions: await readSqlFiles(path.join(dir, "functions")) };
}

async function readSqlFiles(dir: string): Promise<MigrationFile[]> {
  const names = await readdir(dir).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" && path.basename(dir) === "functions") return [];
    throw error;
  });
  const sqlNames = names.filter((name) => name.endsWith(".sql")).sort();
  return Promise.all(sqlNames.map((name) => readSqlFile(dir, name)));
}

async function readSqlFile(dir: string, name: string): Promise<MigrationFile> {
  // A checkout on Windows may have other line ends; it's the same file.
  const text = (await readFile(path.join(dir, name), "utf8")).replaceAll("\r\n", "\n");
  return { name, text, checksum: createHash("sha256").update(text).digest("hex") };
}

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { readSchema } from "../../scripts/walls/statements.ts";

/** A file of the project. */
export function read(file: string): string {
  return readFileSync(fileURLToPath(new URL(`../../${file}`, import.meta.url)), "utf8");
}

export const schema = readSchema(read("schema.sql"));

import { createHash } from "node:crypto";

/**
 * The id of the project with this key: the first 16 bytes of the key's SHA-256, as a UUID. Computed,
 * so that no look-up comes before a statement.
 */
export function projectIdOf(projectKey: string): string {
  let id = known.get(projectKey);
  if (id === undefined) {
    const hex = createHash("sha256").update(projectKey).digest("hex");
    id = hex.slice(0, 32).replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
    if (known.size >= MAX_KNOWN) known.clear();
    known.set(projectKey, id);
  }
  return id;
}

const MAX_KNOWN = 10_000;
const known = new Map<string, string>();

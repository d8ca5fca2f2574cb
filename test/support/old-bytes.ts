import { getHeapSpaceStatistics, setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose-gc");
const gc: NodeJS.GCFunction = runInNewContext("gc");

/** Collects garbage: among the young objects only, or all. */
export function collect(type: "minor" | "major"): void {
  gc({ type });
}

/** The size of what only a full collection takes away, and of what is alive. */
export function oldBytes(): number {
  const old = getHeapSpaceStatistics().filter(({ space_name }) => OLD.has(space_name));
  return old.reduce((sum, { space_used_size }) => sum + space_used_size, 0);
}

const OLD = new Set(["old_space", "large_object_space"]);

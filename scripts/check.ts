import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

// Everything that has to hold besides the tests. Each step runs whatever the ones before it said.

const steps: readonly (readonly [name: string, passes: () => boolean])[] = [
  ["format and lint", () => run("biome", "ci", "--error-on-warnings", "--diagnostic-level=warn", ".")],
  ["promises and switches", () => run("oxlint", "--type-aware", "--deny-warnings", ".")],
  ["types", () => run("tsc", "-p", ".")],
  ["proto lint", () => run("buf", "lint")],
  ["proto format", () => run("buf", "format", "--diff", "--exit-code")],
  ["proto compatibility with the last release", isCompatible],
  ["generated code is current", isGeneratedCodeCurrent],
  ["scopes of all methods", () => run("node", "scripts/scopes.ts")],
  ["statements keep to one project", () => run("node", "scripts/walls.ts")],
  ["schema.sql is current", () => run("node", "scripts/schema.ts", "--check")],
];

const failed = steps.filter(([name, passes]) => {
  const begin = performance.now();
  const passed = passes();
  console.log(`${passed ? "ok    " : "FAILED"} ${name} (${Math.round(performance.now() - begin)} ms)`);
  return !passed;
});
if (failed.length > 0) process.exitCode = 1;

function run(command: string, ...args: readonly string[]): boolean {
  const { status, error } = spawnSync(command, args, { stdio: ["ignore", "inherit", "inherit"] });
  if (error) console.error(`${command}: ${error.message}`);
  return status === 0;
}

/** Images on both sides: buf compares several modules with one image not at all. */
function isCompatible(): boolean {
  const rules = JSON.stringify({ version: "v2", breaking: { use: ["WIRE_JSON"] } });
  return run("buf", "breaking", "gen/image.binpb", "--against", "proto/released.binpb", "--config", rules);
}

function isGeneratedCodeCurrent(): boolean {
  const folder = mkdtempSync(path.join(tmpdir(), "clientele-generated-"));
  try {
    const fresh = path.join(folder, "gen");
    return (
      run("buf", "generate", "--output", folder) &&
      run("buf", "build", "--output", path.join(fresh, "image.binpb")) &&
      isSameFolder("gen", fresh)
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function isSameFolder(committed: string, fresh: string): boolean {
  const names = new Set([committed, fresh].flatMap(filesOf));
  const stale = [...names].filter(
    (name) =>
      !readIfThere(path.join(committed, name))?.equals(readIfThere(path.join(fresh, name)) ?? Buffer.of()),
  );
  for (const name of stale) console.error(`${committed}/${name} is stale: npm run generate`);
  return stale.length === 0;
}

function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)));
}

function readIfThere(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

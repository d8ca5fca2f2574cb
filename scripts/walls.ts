import { readFileSync } from "node:fs";
import { breachesInFunction, breachesInTemplate } from "./walls/breaches.ts";
import { functionsIn, templatesBelow } from "./walls/sources.ts";
import { readSchema } from "./walls/statements.ts";

// Fails where a statement reaches into other projects: see "Every statement of a request" in CONTRIBUTING.md.

/** What is for no request of one project, by its file and function. */
const ACROSS = new Set([
  "src/custom-types/removals.ts listRemovals",
  "src/db/migrations/history.ts findChecksums",
  "src/db/migrations/history.ts insertHistory",
  "src/projects/call-limits.ts listCallLimits",
  "src/projects/purge.ts listDeletions",
  "src/projects/store.ts listProjectIds",
  "src/projects/store.ts listWholeProjects",
]);

const schema = readSchema(readFileSync("schema.sql", "utf8"));
const functions = functionsIn("migrations/functions");
const templates = templatesBelow("src");
const breaches = [
  ...functions.map((piece) => ({ ...piece, found: breachesInFunction(piece, schema) })),
  ...templates.map((piece) => ({ ...piece, found: breachesInTemplate(piece, schema) })),
].filter(({ found }) => found.length > 0);

for (const { file, name, found } of breaches.filter(({ file, name }) => !ACROSS.has(`${file} ${name}`))) {
  for (const breach of found) console.error(`${file}, ${name}: ${breach}`);
  process.exitCode = 1;
}
for (const place of ACROSS) {
  if (breaches.some(({ file, name }) => `${file} ${name}` === place)) continue;
  console.error(`${place} keeps to one project: take it off the list in scripts/walls.ts`);
  process.exitCode = 1;
}
if (schema.tables.size === 0 || templates.length === 0) throw new Error("there is nothing to check");

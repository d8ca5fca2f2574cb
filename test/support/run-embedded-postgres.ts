import { startEmbeddedPostgres } from "../../src/embedded-postgres/embedded-postgres.ts";

// A process of its own for the tests: starts an embedded PostgreSQL, prints where it is, and lives on
// until it's told to end by its standard input.

const log = { info: () => {}, warn: () => {}, error: () => {} };
const { stop, ...address } = await startEmbeddedPostgres({ dataDir: process.argv[2] ?? "", log });
console.log(JSON.stringify(address));
process.stdin.resume().once("end", () => void stop());

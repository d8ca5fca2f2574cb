import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: "test/support/postgres.ts",
    // The service, PostgreSQL and the callers share the machine: more files at once only wait for each other.
    maxWorkers: 2,
    // Importing a file has no effects here, and compiling everything anew for each of them took a third of the time.
    isolate: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});

import { test } from "vitest";

/**
 * What depends on a program that may not be installed: registers tests with it, or says why they are
 * skipped. CLIENTELE_REQUIRE_TOOLS=1 turns the skipping into a failure.
 */
export function withTool<Tool>(name: string, tool: Tool | undefined, register: (tool: Tool) => void): void {
  if (tool !== undefined) {
    register(tool);
    return;
  }
  const reason = `${name} is not installed`;
  if (process.env.CLIENTELE_REQUIRE_TOOLS === "1") {
    test(`finds ${name}`, () => {
      throw new Error(reason);
    });
  } else {
    console.warn(`skipped: ${reason}`);
    test.skip(`needs ${name}: ${reason}`, () => {});
  }
}

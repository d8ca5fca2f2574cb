import { describe, expect, test } from "vitest";
import { describeConfig } from "../../src/config.ts";
import { settings } from "../../src/settings.ts";

function databaseUrlIn(text: string): string {
  const url = describeConfig({ DATABASE_URL: text })
    .split("\n")
    .find((line) => line.startsWith("DATABASE_URL="));
  return url?.slice("DATABASE_URL=".length) ?? "";
}

test("one line for each setting, with what is in force", () => {
  const lines = describeConfig({ CLIENTELE_PORT: "9090" }).split("\n");
  expect(lines).toEqual(
    settings.map(({ name, default: text }) => `${name}=${name === "CLIENTELE_PORT" ? "9090" : text}`),
  );
});

describe("hides the password of", () => {
  test.each([
    ["postgres://user:secret@host:5432/db", "postgres://user:***@host:5432/db"],
    ["postgres://:secret@host/db", "postgres://:***@host/db"],
    ["postgres://user:sec:ret@host/db", "postgres://user:***@host/db"],
    ["postgres://user:s%40cret@host/db", "postgres://user:***@host/db"],
    [
      "postgres://host/db?user=u&password=secret&sslmode=require",
      "postgres://host/db?user=u&password=***&sslmode=require",
    ],
    ["postgres:///db?host=/run&sslpassword=secret", "postgres:///db?host=%2Frun&sslpassword=***"],
  ])("%s", (url, described) => {
    expect(databaseUrlIn(url)).toBe(described);
  });

  // A URL's user ends at the last "@" before the host, so that this one is accepted, and works.
  test("postgres://user:first@second@host/db", () => {
    expect(databaseUrlIn("postgres://user:first@second@host/db")).not.toMatch(/first|second/);
  });
});

test.each(["", "postgres://host/db", "postgres:///db?host=/run/postgresql&sslmode=disable"])(
  "changes nothing of %j, which has none",
  (url) => {
    expect(databaseUrlIn(url)).toBe(url);
  },
);

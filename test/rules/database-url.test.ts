import { writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { parseDatabaseUrl } from "../../src/db/address.ts";
import type { DatabaseAddress } from "../../src/db/connection.ts";
import { temporaryFolder } from "../support/process.ts";

const { folder, remove } = temporaryFolder();
const caFile = path.join(folder, "ca.pem");
writeFileSync(caFile, "PEM");
afterAll(remove);

const verified = { rejectUnauthorized: true };

describe("reads", () => {
  test.each<readonly [string, Partial<DatabaseAddress>]>([
    [
      "postgres://user:secret@db.example:6432/shop",
      { host: "db.example", port: 6432, user: "user", password: "secret", database: "shop", ssl: verified },
    ],
    [
      "postgresql://db.example",
      { host: "db.example", port: 5432, user: "postgres", password: undefined, database: "postgres" },
    ],
    ["postgres://user@db.example", { user: "user", password: undefined, database: "user" }],
    ["postgres://u%40x:p%2F%3A@h/d%20b", { user: "u@x", password: "p/:", database: "d b" }],
    ["postgres://[2001:db8::1]:5433/d", { host: "2001:db8::1", port: 5433, ssl: verified }],
    ["postgres://h/d?port=5433", { port: 5433 }],
    [
      "postgres:///d?host=/run/postgresql",
      { host: "/run/postgresql", port: 5432, database: "d", ssl: undefined },
    ],
    ["postgres:///d?host=/run/postgresql&port=5433", { host: "/run/postgresql", port: 5433 }],
    ["postgres://u:p@localhost/d?host=/run", { host: "/run", user: "u", password: "p", ssl: undefined }],
    ["postgres://localhost/d?host=db.example", { host: "db.example", ssl: verified }],
  ])("%s", (url, expected) => {
    expect(parseDatabaseUrl(url)).toMatchObject(expected);
  });
});

describe("verifies a certificate unless the host is this machine or the URL says otherwise:", () => {
  test.each<readonly [string, DatabaseAddress["ssl"]]>([
    ["postgres://localhost/d", undefined],
    ["postgres://127.0.0.1/d", undefined],
    ["postgres://[::1]/d", undefined],
    ["postgres:///d", undefined],
    ["postgres://db.example/d", verified],
    ["postgres://10.0.0.1/d", verified],
    ["postgres://localhost.example/d", verified],
    ["postgres://db.example/d?sslmode=disable", undefined],
    ["postgres://db.example/d?sslmode=require", { rejectUnauthorized: false }],
    ["postgres://db.example/d?sslmode=verify-full", verified],
    ["postgres://localhost/d?sslmode=verify-full", verified],
    ["postgres://localhost/d?sslmode=require", { rejectUnauthorized: false }],
    [`postgres://db.example/d?sslrootcert=${caFile}`, { rejectUnauthorized: true, ca: "PEM" }],
    [
      `postgres://db.example/d?sslmode=verify-full&sslrootcert=${caFile}`,
      { rejectUnauthorized: true, ca: "PEM" },
    ],
  ])("%s", (url, ssl) => {
    expect(parseDatabaseUrl(url).ssl).toEqual(ssl);
  });
});

test("verifies the certificate of a name that only begins like this machine's addresses", () => {
  expect(parseDatabaseUrl("postgres://127.db.example/d").ssl).toEqual(verified);
});

describe("refuses, without repeating the password,", () => {
  test.each([
    [
      "postgres://u:secret@h/d?sslmode=prefer",
      /^sslmode=prefer of DATABASE_URL is unknown; it can be disable, require or verify-full$/,
    ],
    ["postgres://u:secret@h/d?sslmode=", /^sslmode= of DATABASE_URL is unknown/],
    ["postgres://u:secret@h/d?sslmode=REQUIRE", /^sslmode=REQUIRE of DATABASE_URL is unknown/],
    [
      "postgres://u:secret@h/d?sslrootcert=/no/such/file",
      /^sslrootcert=\/no\/such\/file of DATABASE_URL can't be read \(ENOENT\): name a PEM file$/,
    ],
  ])("%s", (url, sentence) => {
    expect(() => parseDatabaseUrl(url)).toThrow(sentence);
    expect(() => parseDatabaseUrl(url)).not.toThrow(/secret/);
  });
});

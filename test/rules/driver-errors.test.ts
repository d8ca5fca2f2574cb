import postgres from "postgres";
import { describe, expect, test } from "vitest";
import { StatementNotSent } from "../../src/db/connection.ts";
import { type DriverFault, driverFault, sqlState } from "../../src/db/driver-errors.ts";

/** An error as PostgreSQL's answer becomes one. */
function answered(code: string): Error {
  return Object.assign(Object.create(postgres.PostgresError.prototype) as Error, { code });
}

const broken = (code: string) => Object.assign(new Error("broken"), { code });

describe("of what PostgreSQL answered:", () => {
  test.each<readonly [string, string, DriverFault]>([
    ["a unique value that is taken", "23505", "refused"],
    ["a check that fails", "23514", "refused"],
    ["a value that can't be read", "22P02", "refused"],
    ["a syntax error", "42601", "refused"],
    ["no such table", "42P01", "refused"],
    ["a deadlock", "40P01", "timed_out"],
    ["a snapshot that is too old to write on", "40001", "timed_out"],
    ["a fault of PostgreSQL's own", "XX000", "refused"],
    ["the statement's time is over", "57014", "timed_out"],
    ["a lock that is not to be had", "55P03", "timed_out"],
    ["out of memory", "53200", "timed_out"],
    ["the disk is full", "53100", "timed_out"],
    ["too many connections", "53300", "not_sent"],
    ["starting up or shutting down", "57P03", "not_sent"],
    ["a standby", "25006", "not_sent"],
    ["ended by an administrator", "57P01", "lost"],
    ["ended by a crash", "57P02", "lost"],
    ["the database is dropped", "57P04", "lost"],
    ["the connection failed", "08006", "lost"],
    ["the protocol was broken", "08P01", "lost"],
  ])("%s (%s) is %s", (_, code, fault) => {
    expect(driverFault(answered(code))).toBe(fault);
    expect(sqlState(answered(code))).toBe(code);
  });
});

describe("of the connection:", () => {
  test.each<readonly [string, DriverFault | undefined]>([
    ["CONNECTION_CLOSED", "lost"],
    ["CONNECTION_ENDED", "lost"],
    ["CONNECTION_DESTROYED", "lost"],
    ["ECONNRESET", "lost"],
    ["ETIMEDOUT", "lost"],
    ["STATEMENT_UNANSWERED", "lost"],
    ["EPIPE", "not_sent"],
    ["EHOSTUNREACH", "lost"],
    ["ENETUNREACH", "lost"],
    ["ECONNABORTED", "lost"],
    ["EANYTHING", "lost"],
    ["UNDEFINED_VALUE", "refused"],
  ])("%s is %s", (code, fault) => {
    expect(driverFault(broken(code))).toBe(fault);
    expect(sqlState(broken(code))).toBeUndefined();
  });

  test("a statement that was never sent is not_sent, whatever the cause", () => {
    expect(driverFault(new StatementNotSent("no connection", { cause: broken("ECONNRESET") }))).toBe(
      "not_sent",
    );
  });
});

test.each([
  [undefined],
  [null],
  ["lost"],
  [{ code: "ECONNRESET" }],
  [new Error("other")],
  [broken(7 as never)],
])("%s is no driver's fault", (error) => {
  expect(driverFault(error)).toBeUndefined();
});

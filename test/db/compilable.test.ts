import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterAll, expect, test } from "vitest";
import { makeCompilable } from "../../src/db/compilable.ts";
import { openConnection } from "../../src/db/connection.ts";
import { createEmptyDatabase } from "../support/database.ts";

// V8 itself is asked, before it reads the only line that asks it.
setFlagsFromString("--allow-natives-syntax");
const isDictionary: (value: object) => boolean = runInNewContext("(value) => !%HasFastProperties(value)");

const database = await createEmptyDatabase();
afterAll(database.drop);

// Once the first line fails, V8 needs no help any more: src/db/compilable.ts may go.
test("a class that V8 keeps as a dictionary becomes an ordinary object", () => {
  class List extends Array<string> {
    static override get [Symbol.species](): ArrayConstructor {
      return Array;
    }
  }
  expect(isDictionary(List)).toBe(true);
  makeCompilable(new List());
  expect(isDictionary(List)).toBe(false);
  expect(new List("a", "b").slice(1)).toEqual(["b"]);
});

test("the driver's queries and results are of ordinary classes once a connection has answered", async () => {
  const made: object[] = [];
  const connection = openConnection(database, 5000);
  await connection.run((sql) => {
    const query = sql<object[]>`select 1`;
    made.push(query);
    void query.then((result) => made.push(result));
    return query;
  });
  await connection.close();
  expect(made.map((one) => isDictionary(one.constructor))).toEqual([false, false]);
});

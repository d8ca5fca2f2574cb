import { expect, test } from "vitest";
import { openLastWritten } from "../../src/last-written.ts";

type Row = { readonly id: string; readonly version: bigint; readonly byteSize: number };

function row(id: string, version = 1n, byteSize = 100): Row {
  return { id, version, byteSize };
}

function refTo(value: string, by: "id" | "key" = "id") {
  return { value: { case: by, value } };
}

test("what is taken is forgotten, and another version is not it", () => {
  const rows = openLastWritten<Row>(1000);
  rows.note("p", row("a", 2n));
  expect(rows.take("p", refTo("a"), 1n)).toBeUndefined();
  expect(rows.take("q", refTo("a"), 2n)).toBeUndefined();
  expect(rows.take("p", refTo("a", "key"), 2n)).toBeUndefined();
  expect(rows.take("p", refTo("A"), 2n)).toEqual(row("a", 2n));
  expect(rows.take("p", refTo("a"), 2n)).toBeUndefined();
});

test("those that were written first make room for others", () => {
  const rows = openLastWritten<Row>(1000);
  for (let number = 0; number < 10; number += 1) rows.note("p", row(`${number}`));
  rows.note("p", row("0", 2n, 250));
  const left = Array.from({ length: 10 }, (_, number) =>
    rows.take("p", refTo(`${number}`), number ? 1n : 2n),
  );
  expect(left.map((taken) => taken !== undefined)).toEqual([true, false, false, ...Array(7).fill(true)]);
  rows.note("p", row("a"));
  rows.note("q", row("a"));
  expect(rows.take("q", refTo("a"), 1n)).toBeDefined();
  rows.note("p", row("huge", 1n, 1001));
  expect(rows.take("p", refTo("a"), 1n)).toBeUndefined();
  expect(rows.take("p", refTo("huge"), 1n)).toBeUndefined();
  rows.note("p", row("b", 1n, 1000));
  expect(rows.take("p", refTo("b"), 1n)).toBeDefined();
});

test("projects take turns to make room", () => {
  const rows = openLastWritten<Row>(1000);
  for (const projectId of ["p", "q"]) for (const id of "abcde") rows.note(projectId, row(id));
  for (const id of "fgh") rows.note("p", row(id));
  const left = (projectId: string) => [..."abcdefgh"].filter((id) => rows.take(projectId, refTo(id), 1n));
  expect(left("p").join("")).toBe("cdefgh");
  expect(left("q").join("")).toBe("bcde");
});

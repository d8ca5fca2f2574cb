import { randomUUID } from "node:crypto";

// V8 as it is in Node 24 and 26 (nodejs/node#63785) reads a name that is written with an escape, "\n" say,
// as `\` or as another name with a `\`, when such a name came in the same place before: in any JSON that the
// process read, of any project.

/**
 * Makes `JSON.parse` read all names rightly, where the engine doesn't; for the libraries too, which read
 * requests by it. JSON without a backslash, nearly all, is left to the engine, and so are calls with a reviver.
 */
export function mendJsonParse(): void {
  const { parse } = JSON;
  if (isRight(parse)) return;
  JSON.parse = (text, reviver) => {
    const json = String(text);
    const value = parse(json, reviver);
    return reviver === undefined && json.includes("\\") ? withNamesRead(json, value, parse) : value;
  };
}

type Parse = typeof JSON.parse;

function isRight(parse: Parse): boolean {
  parse(String.raw`{"probe of names":[],"\\":0}`);
  return Object.hasOwn(parse(String.raw`{"probe of names":1,"\"":2}`), '"');
}

/** What `json`, which was read as `value` and so is well-formed, says. Names are read one by one, as texts: those are read rightly. */
function withNamesRead<Value>(json: string, value: Value, parse: Parse): Value {
  const written = [...namesOf(json)];
  if (!written.some(({ literal }) => literal.includes("\\"))) return value;
  // All of them, so that the last of those that are alike wins, whichever way each is written.
  const placeholder = randomUUID();
  const names = new Map<string, string>();
  let rewritten = "";
  let copied = 0;
  for (const { literal, end } of written) {
    const name = `${placeholder}${names.size}`;
    names.set(name, parse(literal));
    rewritten += `${json.slice(copied, end - literal.length)}"${name}"`;
    copied = end;
  }
  return parse(rewritten + json.slice(copied), (_, member) => renamed(member, names));
}

function renamed(value: unknown, names: ReadonlyMap<string, string>): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [names.get(name), member]));
}

/** The names of all members, as they are written, with their quotes, and where each ends. */
function* namesOf(json: string): Generator<{ readonly literal: string; readonly end: number }> {
  for (let start = json.indexOf('"'); start >= 0; ) {
    const end = endOfText(json, start);
    COLON.lastIndex = end;
    if (COLON.test(json)) yield { literal: json.slice(start, end), end };
    start = json.indexOf('"', end);
  }
}

const COLON = /\s*:/y;

/** Behind the quote that closes what `start` opens: the first one that no odd number of backslashes stands before. */
function endOfText(json: string, start: number): number {
  for (let quote = json.indexOf('"', start + 1); ; quote = json.indexOf('"', quote + 1)) {
    let backslashes = 0;
    while (json[quote - 1 - backslashes] === "\\") backslashes += 1;
    if (backslashes % 2 === 0) return quote + 1;
  }
}

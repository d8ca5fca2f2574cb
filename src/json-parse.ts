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
  const placeholder = randomUUID();
  // One for all that are alike, whichever way each is written, so that the last of them wins.
  const placeholders = new Map<string, string>();
  const names = new Map<string, string>();
  let rewritten = "";
  let copied = 0;
  for (const { begin, end } of escapedNames(json)) {
    const name: string = parse(json.slice(begin, end));
    let stand = name;
    if (ESCAPED.test(name)) {
      stand = placeholders.get(name) ?? `${placeholder}${names.size}`;
      placeholders.set(name, stand);
      names.set(stand, name);
    }
    rewritten += `${json.slice(copied, begin)}"${stand}"`;
    copied = end;
  }
  if (copied === 0) return value;
  const read = parse(rewritten + json.slice(copied));
  return names.size === 0 ? read : renamed(read, names);
}

/** What can't be written without an escape; control characters are what comes before the space. */
const ESCAPED = /["\\]|[^ -\uffff]/;

function renamed<Value>(value: Value, names: ReadonlyMap<string, string>): Value {
  if (typeof value !== "object" || value === null) return value;
  const members = value as Record<string, unknown>;
  let isRenamed = false;
  for (const name of Object.keys(members)) {
    const member = members[name];
    if (typeof member === "object" && member !== null) members[name] = renamed(member, names);
    isRenamed ||= names.has(name);
  }
  if (!isRenamed) return value;
  return Object.fromEntries(
    Object.entries(members).map(([name, member]) => [names.get(name) ?? name, member]),
  ) as Value;
}

/** Where the names of members stand that are written with a backslash, with their quotes. */
function* escapedNames(json: string): Generator<{ readonly begin: number; readonly end: number }> {
  let backslash = json.indexOf("\\");
  for (let begin = json.indexOf('"'); begin >= 0 && backslash >= 0; ) {
    const end = endOfText(json, begin);
    if (backslash < end) {
      COLON.lastIndex = end;
      if (COLON.test(json)) yield { begin, end };
      backslash = json.indexOf("\\", end);
    }
    begin = json.indexOf('"', end);
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

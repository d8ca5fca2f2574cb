import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

/** A piece of SQL in a source, what a template puts in as ⟦ ⟧, and the function that it stands in. */
export type Piece = { readonly file: string; readonly name: string; readonly sql: string };

/** All templates of the TypeScript files below a folder. */
export function templatesBelow(folder: string): readonly Piece[] {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return names
    .filter((name) => name.endsWith(".ts"))
    .flatMap((name) => {
      const file = path.posix.join(folder, name.split(path.sep).join("/"));
      return templatesIn(file, readFileSync(file, "utf8"));
    });
}

export function templatesIn(file: string, source: string): readonly Piece[] {
  return [...source.matchAll(TAG)].map((match) => ({
    file,
    name: [...source.slice(0, match.index).matchAll(DECLARED)].at(-1)?.[1] ?? "",
    sql: readTemplate(source, match.index + match[0].length).text,
  }));
}

/** The bodies of the functions in a folder of SQL files, which have their names. */
export function functionsIn(folder: string): readonly Piece[] {
  return readdirSync(folder).map((name) => {
    const file = path.posix.join(folder, name);
    return functionOf(file, readFileSync(file, "utf8"));
  });
}

export function functionOf(file: string, source: string): Piece {
  const match = /\bfunction (\w+)\s*\([\s\S]*\$function\$([\s\S]*)\$function\$/.exec(source);
  if (!match) throw new Error(`${file} has no function`);
  return { file, name: match[1] ?? "", sql: match[2] ?? "" };
}

const TAG = /(?:(?<![.\w])|\bscope\.)sql(?:<[^`]*?>)?`/g;
const DECLARED = /^(?:export )?(?:async )?(?:function|const) (\w+)/gm;

/** Reads on to the end of a template; templates within what it puts in are pieces of their own. */
function readTemplate(source: string, begin: number): { readonly text: string; readonly end: number } {
  let text = "";
  for (let at = begin; at < source.length; ) {
    if (source[at] === "`") return { text, end: at + 1 };
    if (source.startsWith("${", at)) {
      const end = endOfHole(source, at + 2);
      text += ` ⟦${source.slice(at + 2, end - 1).trim()}⟧ `;
      at = end;
    } else {
      text += source[at];
      at += 1;
    }
  }
  throw new Error("a template without an end");
}

function endOfHole(source: string, begin: number): number {
  let depth = 1;
  for (let at = begin; at < source.length; at += 1) {
    if (source[at] === "`") at = readTemplate(source, at + 1).end - 1;
    else if (source[at] === "{") depth += 1;
    else if (source[at] === "}" && --depth === 0) return at + 1;
  }
  throw new Error("a place in a template without an end");
}

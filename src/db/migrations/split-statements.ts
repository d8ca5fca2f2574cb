export type SqlStatement = {
  readonly text: string;
  /** Where it begins in the file, from 1. */
  readonly line: number;
};

/**
 * Splits SQL at each semicolon that's outside of quotes, dollar quotes and comments. Two things of
 * PostgreSQL's grammar aren't understood: comments within block comments, and function bodies
 * written as `begin atomic ... end`.
 *
 * @throws Error when a quote or a comment isn't closed.
 */
export function splitStatements(sql: string): SqlStatement[] {
  const statements: SqlStatement[] = [];
  let begin: number | undefined;
  for (const { index, 0: token, groups = {} } of sql.matchAll(TOKEN)) {
    if (groups.open !== undefined) throw new Error(`line ${lineOf(sql, index)}: ${token} isn't closed`);
    if (groups.blank !== undefined) continue;
    if (token !== ";") begin ??= index;
    else if (begin !== undefined) {
      statements.push({ text: sql.slice(begin, index), line: lineOf(sql, begin) });
      begin = undefined;
    }
  }
  if (begin !== undefined) statements.push({ text: sql.slice(begin), line: lineOf(sql, begin) });
  return statements;
}

/** Words come before dollar quotes, because a name may hold a dollar sign. */
const TOKEN = new RegExp(
  [
    String.raw`(?<blank>\s+|--[^\n]*|/\*[^]*?\*/)`,
    String.raw`e'(?:[^'\\]|\\[^]|'')*'`,
    `'(?:[^']|'')*'`,
    `"(?:[^"]|"")*"`,
    String.raw`\$(?<tag>[a-z_][a-z_0-9]*|)\$[^]*?\$\k<tag>\$`,
    String.raw`(?<open>'|"|/\*|\$(?:[a-z_][a-z_0-9]*)?\$)`,
    String.raw`[a-z_][\w$]*|\d+|[^]`,
  ].join("|"),
  "gi",
);

function lineOf(text: string, index: number): number {
  return text.slice(0, index).split("\n").length;
}

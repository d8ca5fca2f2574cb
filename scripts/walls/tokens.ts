/** A word, in lower case, as `t.project_id`; a sign; a text in quotes; what is in parentheses. */
export type Token =
  | { readonly kind: "word" | "sign" | "text"; readonly text: string }
  /** What a template puts there, by its source. */
  | { readonly kind: "hole"; readonly text: string }
  | { readonly kind: "group"; readonly tokens: readonly Token[] };

/** Reads SQL, as far as it takes to see which tables it names and what it asks of them. Holes are in ⟦ ⟧. */
export function tokensOf(sql: string): readonly Token[] {
  const levels: Token[][] = [[]];
  for (const { groups = {} } of sql.matchAll(TOKEN)) {
    const level = levels.at(-1);
    if (groups.open !== undefined) levels.push([]);
    else if (groups.close !== undefined) {
      const tokens = levels.pop();
      if (!tokens || levels.length === 0) throw new Error(`a parenthesis too many: ${sql}`);
      levels.at(-1)?.push({ kind: "group", tokens });
    } else if (groups.hole !== undefined) level?.push({ kind: "hole", text: groups.hole });
    else if (groups.text !== undefined) level?.push({ kind: "text", text: groups.text });
    else if (groups.dollar !== undefined) level?.push({ kind: "text", text: groups.dollar });
    else if (groups.word !== undefined)
      level?.push({ kind: "word", text: groups.word.replaceAll('"', "").toLowerCase() });
    else if (groups.sign !== undefined) level?.push({ kind: "sign", text: groups.sign });
  }
  const [whole = []] = levels;
  if (levels.length !== 1) throw new Error(`a parenthesis that is not closed: ${sql}`);
  return whole;
}

export function isWord(token: Token | undefined, ...words: readonly string[]): boolean {
  return token?.kind === "word" && words.includes(token.text);
}

export function isSign(token: Token | undefined, sign: string): boolean {
  return token?.kind === "sign" && token.text === sign;
}

const TOKEN = new RegExp(
  [
    "--[^\\n]*",
    "⟦(?<hole>[^⟧]*)⟧",
    "'(?<text>(?:[^']|'')*)'",
    "\\$(?<tag>[a-z]+)\\$(?<dollar>[\\s\\S]*?)\\$\\k<tag>\\$",
    '(?<word>(?:[a-z_]\\w*|"\\w+"|\\$\\d+|%(?:\\d+\\$)?I)(?:\\.(?:[a-z_]\\w*|"\\w+"|%(?:\\d+\\$)?I))*)',
    "(?<open>\\()",
    "(?<close>\\))",
    "(?<sign>[^\\s\\w])",
  ].join("|"),
  "gi",
);

import { type Token, tokensOf } from "./tokens.ts";

/** What the database has: read off schema.sql. */
export type Schema = {
  /** The tables that have a project_id. */
  readonly tables: ReadonlySet<string>;
  /** The functions that take one, as their first argument. */
  readonly functions: ReadonlySet<string>;
};

export function readSchema(text: string): Schema {
  const tables = [...text.matchAll(/^create table (\w+) \(\n {2}project_id uuid not null/gm)];
  const functions = [...text.matchAll(/^-- function (\w+)\(\n-- {3}p_project_id uuid/gm)];
  const names = (matches: readonly RegExpExecArray[]) => new Set(matches.flatMap(([, name]) => name ?? []));
  return { tables: names(tables), functions: names(functions) };
}

/**
 * What in a statement, or a part of one, reaches into other projects: every table that has a project_id has to be
 * held to the one that is passed, right where it is named.
 *
 * Where a statement is for several projects, functions are called for one after the other, and the rows of
 * `projects` are theirs; other tables can't be named.
 *
 * @param isProject whether a token stands for the id of the project that the call is about.
 * @param isProjects whether a token stands for the ids of the projects that calls are about.
 */
export function breachesIn(
  sql: string,
  schema: Schema,
  isProject: (token: Token) => boolean,
  isProjects: (token: Token) => boolean = () => false,
): readonly string[] {
  return breachesAt(tokensOf(sql), []);

  /** `lists`: the aliases of lists of projects around the tokens. */
  function breachesAt(tokens: readonly Token[], around: readonly string[]): string[] {
    const lists = [...around, ...listsOfProjects(tokens, isProjects)];
    const inner = tokens.flatMap((token) => {
      if (token.kind === "group") return breachesAt(token.tokens, lists);
      // Statements that a function builds.
      const isStatement = token.kind === "text" && /\b(?:from|join|into|update)\s+%/i.test(token.text);
      return isStatement
        ? breachesIn(
            token.text,
            schema,
            ({ kind, ...of }) => kind === "word" && "text" in of && of.text === "$1",
          )
        : [];
    });
    return [...partsOf(tokens).flatMap((part) => breachesInPart(part, lists)), ...inner];
  }

  function breachesInPart(part: readonly Token[], lists: readonly string[]): string[] {
    const mentions = part.flatMap((_, at) => mentionAt(part, at) ?? []);
    const isOne = mentions.filter(({ isInsert }) => !isInsert).length === 1;
    return [
      ...mentions.flatMap(({ name, alias, at, isInsert }) => {
        if (isInsert)
          return isInsertHeld(part, at) ? [] : [`${name}: what is inserted has another project_id`];
        const isOfList = (token: Token | undefined) =>
          name === "projects" && !lists.includes(alias ?? name) && isListed(token, lists);
        const held = part.some(
          (token, index) =>
            isColumn(token, alias, isOne) &&
            isSign(part[index + 1], "=") &&
            (isGiven(part[index + 2]) || isOfList(part[index + 2])) &&
            isWord(part[index - 1], "where", "and", "on"),
        );
        if (!held) return [`${name}: no project_id`];
        const begin = part.findIndex((token) => isWord(token, "where", "on"));
        const isLoose = part.slice(begin).some((token) => isWord(token, "or"));
        return isLoose ? [`${name}: "or" beside its project_id`] : [];
      }),
      ...part.flatMap((token, at) => {
        const isCall = isFunction(token, part, at);
        const args = part[at + 1];
        if (!isCall || args?.kind !== "group") return [];
        return isGiven(args.tokens[0]) || isListed(args.tokens[0], lists)
          ? []
          : [`${"text" in token ? token.text : ""}: called for another project`];
      }),
    ];
  }

  function mentionAt(part: readonly Token[], at: number) {
    const token = part[at];
    const before = part[at - 1];
    if (token?.kind !== "word" && token?.kind !== "hole") return undefined;
    const isInsert = isWord(before, "into") && isWord(part[at - 2], "insert");
    if (!isInsert && part[at + 1]?.kind === "group") return undefined;
    // A column of a list of rows.
    if (isWord(part[at + 1], "jsonb")) return undefined;
    const isNamed = token.kind === "word" && schema.tables.has(token.text);
    // A name that is put in: taken for that of such a table.
    const isPutIn = (token.kind === "hole" && /sql\(/.test(token.text)) || /^%(?:\d+\$)?i$/.test(token.text);
    const introduced =
      isWord(before, "from", "join", "into", "update", "using") &&
      !isWord(part[at - 2], "distinct", "key", "do");
    if (!isNamed && !(isPutIn && introduced)) return undefined;
    const next = isWord(part[at + 1], "as") ? part[at + 2] : part[at + 1];
    const alias =
      next?.kind === "hole" || (next?.kind === "word" && !AFTER_TABLE.has(next.text)) ? next.text : undefined;
    return { name: token.text, alias, at, isInsert };
  }

  function isInsertHeld(part: readonly Token[], at: number): boolean {
    const columns = part[at + 1];
    if (columns?.kind !== "group" || !isWord(columns.tokens[0], "project_id")) return false;
    const source = part[at + 2];
    if (isWord(source, "select")) return isGiven(part[at + 3]);
    const rows = part
      .slice(at + 3)
      .filter(
        (token, index, all) =>
          token.kind === "group" &&
          all.slice(0, index).every((one) => one.kind === "group" || isSign(one, ",")),
      );
    return (
      isWord(source, "values") &&
      rows.length > 0 &&
      rows.every((row) => row.kind === "group" && isGiven(row.tokens[0]))
    );
  }

  function isFunction(token: Token, part: readonly Token[], at: number): boolean {
    if (token.kind === "word") return schema.functions.has(token.text);
    return (
      token.kind === "hole" &&
      /^(?:scope\.)?sql\(/.test(token.text) &&
      isWord(part[at - 1], "from", "join", "lateral")
    );
  }

  function isGiven(token: Token | undefined): boolean {
    return token !== undefined && isProject(token);
  }
}

/**
 * The aliases of lists of projects: `unnest(⟦ids⟧::uuid[]) as b (project_id)`, perhaps beside other lists in
 * `rows from (…)`.
 */
function listsOfProjects(tokens: readonly Token[], isProjects: (token: Token) => boolean): readonly string[] {
  return tokens.flatMap((token, at) => {
    const [alias, columns] = [tokens[at + 1], tokens[at + 2]];
    if (!isWord(token, "as") || alias?.kind !== "word" || columns?.kind !== "group") return [];
    if (!isWord(columns.tokens[0], "project_id")) return [];
    const end = isWord(tokens[at - 1], "ordinality") ? at - 2 : at;
    const source = tokens[end - 1];
    const isRows = isWord(tokens[end - 2], "from") && isWord(tokens[end - 3], "rows");
    const [call, ids] = isRows && source?.kind === "group" ? source.tokens : [tokens[end - 2], source];
    if (!isWord(call, "unnest") || ids?.kind !== "group") return [];
    const [list, ...type] = ids.tokens;
    const isUuids = type.map((part) => ("text" in part ? part.text : "()")).join("") === "::uuid[]";
    return list && isProjects(list) && isUuids ? [alias.text] : [];
  });
}

function isListed(token: Token | undefined, lists: readonly string[]): boolean {
  return token?.kind === "word" && lists.some((alias) => token.text === `${alias}.project_id`);
}

/** The statements of a body, and the parts of a union, each of which stands for itself. */
function partsOf(tokens: readonly Token[]): readonly (readonly Token[])[] {
  const parts: Token[][] = [[]];
  let cases = 0;
  for (const token of tokens) {
    if (isWord(token, "case")) cases += 1;
    if (isWord(token, "end") && cases > 0) cases -= 1;
    const ends = isSign(token, ";") || isWord(token, "union", "except", "intersect", "loop");
    if (ends || (cases === 0 && isWord(token, "then", "else"))) parts.push([]);
    else parts.at(-1)?.push(token);
  }
  return parts;
}

const AFTER_TABLE = new Set(
  "where on set join left right full inner cross natural order group limit offset for using returning having window values select".split(
    " ",
  ),
);

function isColumn(token: Token, alias: string | undefined, isOne: boolean): boolean {
  if (token.kind === "hole") return alias !== undefined && token.text.includes("project_id");
  if (token.kind !== "word") return false;
  return alias === undefined ? isOne && token.text === "project_id" : token.text === `${alias}.project_id`;
}

function isWord(token: Token | undefined, ...words: readonly string[]): boolean {
  return token?.kind === "word" && words.includes(token.text);
}

function isSign(token: Token | undefined, sign: string): boolean {
  return token?.kind === "sign" && token.text === sign;
}

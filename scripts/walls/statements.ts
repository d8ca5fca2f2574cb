import { breachesOfLists, isFirstColumn, isHeldToList, listsIn } from "./lists.ts";
import { isSign, isWord, type Token, tokensOf } from "./tokens.ts";

/** What the database has: read off schema.sql. */
export type Schema = {
  /** The tables that have a project_id. */
  readonly tables: ReadonlySet<string>;
  /** The functions that take one, as their first argument. */
  readonly functions: ReadonlySet<string>;
  /** Those that take several, and say in the first column whose each row is. */
  readonly listFunctions: ReadonlySet<string>;
};

/** What stands for the project that a statement is about, or for a list of several. */
export type Given = { isProject(token: Token): boolean; isProjectList(token: Token): boolean };

export function readSchema(text: string): Schema {
  const tables = [...text.matchAll(/^create table (\w+) \(\n {2}project_id uuid not null/gm)];
  const functions = [...text.matchAll(/^-- function (\w+)\(\n-- {3}p_project_id uuid/gm)];
  const listFunctions = [...text.matchAll(/^-- function (\w+)\(\n-- {3}p_project_ids uuid\[\]/gm)];
  const names = (matches: readonly RegExpExecArray[]) => new Set(matches.flatMap(([, name]) => name ?? []));
  return { tables: names(tables), functions: names(functions), listFunctions: names(listFunctions) };
}

/**
 * What in a statement, or a part of one, reaches into other projects: every table that has a project_id has to be
 * held to the one that is passed, right where it is named. Or to that of a row of a list that is passed (see lists.ts):
 * then the first column says whose each row is.
 *
 * @param given which tokens stand for the id of the project that the call is about, or for a list of such ids.
 */
export function breachesIn(sql: string, schema: Schema, given: Given): readonly string[] {
  return breachesAt(tokensOf(sql), undefined);

  /**
   * @param outer the lists of the part that the tokens stand in; undefined for the statement itself.
   * @param isTold whether that part knows whose rows these are.
   */
  function breachesAt(
    tokens: readonly Token[],
    outer: ReadonlySet<string> | undefined,
    isTold = false,
  ): string[] {
    return partsOf(tokens).flatMap((part) => {
      const own = listsIn(part, given.isProjectList);
      const isNested = outer !== undefined && !isTold && own.size > 0;
      const lists = new Set([...(outer ?? []), ...own]);
      return [
        ...(isNested ? ["a list of projects within another part"] : []),
        ...breachesInPart(part, lists, own),
        ...breachesWithin(part, lists),
      ];
    });
  }

  function breachesWithin(part: readonly Token[], lists: ReadonlySet<string>): string[] {
    return part.flatMap((token, at) => {
      const name = isWord(part[at + 1], "as") ? part[at + 2] : part[at + 1];
      const isTold = isWord(part[at - 1], "from", "join") && isWord(name, ...lists);
      if (token.kind === "group") return breachesAt(token.tokens, lists, isTold);
      // Statements that a function builds.
      const isStatement = token.kind === "text" && /\b(?:from|join|into|update)\s+%/i.test(token.text);
      return isStatement
        ? breachesIn(token.text, schema, {
            isProject: (one) => isWord(one, "$1"),
            isProjectList: () => false,
          })
        : [];
    });
  }

  function breachesInPart(
    part: readonly Token[],
    lists: ReadonlySet<string>,
    own: ReadonlySet<string>,
  ): string[] {
    const isListed = (token: Token | undefined) =>
      isWord(token, ...Array.from(lists, (name) => `${name}.project_id`));
    // Of a table by the name of a list it would be a column of the table itself.
    const isHeldTo = (token: Token | undefined, name: string) =>
      isGiven(token) || (isListed(token) && !isWord(token, `${name}.project_id`));
    const mentions = part.flatMap((_, at) => mentionAt(part, at) ?? []);
    const isOne = mentions.filter(({ isInsert }) => !isInsert).length === 1;
    return [
      ...(own.size > 0 ? breachesOfLists(part, own) : []),
      ...mentions.flatMap(({ name, alias, at, isInsert }) => {
        if (isInsert)
          return isInsertHeld(part, at, isListed) ? [] : [`${name}: what is inserted has another project_id`];
        const held = part.some(
          (token, index) =>
            isColumn(token, alias, isOne) &&
            isSign(part[index + 1], "=") &&
            (isHeldTo(part[index + 2], alias ?? name) || isHeldToList(part, index, given.isProjectList)) &&
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
        return isCalledFor(token, args.tokens, part, isListed)
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

  function isInsertHeld(part: readonly Token[], at: number, isListed: (token: Token) => boolean): boolean {
    const columns = part[at + 1];
    if (columns?.kind !== "group" || !isWord(columns.tokens[0], "project_id")) return false;
    const source = part[at + 2];
    const first = part[at + 3];
    if (isWord(source, "select")) return first !== undefined && (isGiven(first) || isListed(first));
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
    if (token.kind === "word")
      return schema.functions.has(token.text) || schema.listFunctions.has(token.text);
    return (
      token.kind === "hole" &&
      /^(?:scope\.)?sql\(/.test(token.text) &&
      isWord(part[at - 1], "from", "join", "lateral")
    );
  }

  function isCalledFor(
    called: Token,
    [first, list]: readonly Token[],
    part: readonly Token[],
    isListed: (token: Token) => boolean,
  ): boolean {
    if (first === undefined) return false;
    const isOfOne = called.kind === "word" && schema.functions.has(called.text);
    const isOfSeveral = called.kind === "word" && schema.listFunctions.has(called.text);
    if (!isOfSeveral && (isGiven(first) || isListed(first))) return true;
    if (isOfOne) return false;
    // The same project for each.
    if (isWord(first, "array_fill") && list?.kind === "group") return isGiven(list.tokens[0]);
    const isId = (token: Token) => token.kind === "word" && /(?:^|\.)project_id$/.test(token.text);
    return given.isProjectList(first) && isFirstColumn(part, isId);
  }

  function isGiven(token: Token | undefined): boolean {
    return token !== undefined && given.isProject(token);
  }
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

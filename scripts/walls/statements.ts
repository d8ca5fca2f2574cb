import { breachesOfLists, callListsIn, listsIn } from "./lists.ts";
import { isSign, isWord, type Token, tokensOf } from "./tokens.ts";

/** What the database has: read off schema.sql. */
export type Schema = {
  /** The tables that have a project_id. */
  readonly tables: ReadonlySet<string>;
  /** The functions that take one, as their first argument. */
  readonly functions: ReadonlySet<string>;
};

/** What stands for the project that a statement is about, or for a list of several. */
export type Given = { isProject(token: Token): boolean; isProjectList(token: Token): boolean };

export function readSchema(text: string): Schema {
  const tables = [...text.matchAll(/^create table (\w+) \(\n {2}project_id uuid not null/gm)];
  const functions = [...text.matchAll(/^-- function (\w+)\(\n-- {3}p_project_id uuid/gm)];
  const names = (matches: readonly RegExpExecArray[]) => new Set(matches.flatMap(([, name]) => name ?? []));
  return { tables: names(tables), functions: names(functions) };
}

/** The names of the lists of projects that a part of a statement sees. */
type Lists = {
  /** Whose rows are read. */
  readonly read: ReadonlySet<string>;
  /** For whom functions are called. */
  readonly called: ReadonlySet<string>;
};

/**
 * What in a statement, or a part of one, reaches into other projects: every table that has a project_id has to be
 * held to the one that is passed, right where it is named. Or to that of a row of a list that is passed (see lists.ts):
 * then the first column says whose each row is.
 *
 * @param given which tokens stand for the id of the project that the call is about, or for a list of such ids.
 */
export function breachesIn(sql: string, schema: Schema, given: Given): readonly string[] {
  return breachesAt(tokensOf(sql), undefined);

  /** @param outer the lists of the part that the tokens stand in; undefined for the statement itself. */
  function breachesAt(tokens: readonly Token[], outer: Lists | undefined): string[] {
    return partsOf(tokens).flatMap((part) => {
      const own: Lists = {
        read: listsIn(part, given.isProjectList),
        called: callListsIn(part, given.isProjectList),
      };
      const isNested = outer !== undefined && own.read.size + own.called.size > 0;
      const lists: Lists = {
        read: new Set([...(outer?.read ?? []), ...own.read]),
        called: new Set([...(outer?.called ?? []), ...own.called]),
      };
      return [
        ...(isNested ? ["a list of projects within another part"] : []),
        ...breachesInPart(part, lists, own),
        ...breachesWithin(part, lists),
      ];
    });
  }

  function breachesWithin(part: readonly Token[], lists: Lists): string[] {
    return part.flatMap((token) => {
      if (token.kind === "group") return breachesAt(token.tokens, lists);
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

  function breachesInPart(part: readonly Token[], lists: Lists, own: Lists): string[] {
    const isOf = (token: Token | undefined, names: ReadonlySet<string>) =>
      isWord(token, ...Array.from(names, (name) => `${name}.project_id`));
    const isHeldTo = (token: Token | undefined) => isGiven(token) || isOf(token, lists.read);
    // An alias of the same name would make it a column of the table itself.
    const isCalledFor = (token: Token | undefined, name: string, alias: string | undefined) =>
      name === "projects" && !lists.called.has(alias ?? name) && isOf(token, lists.called);
    const mentions = part.flatMap((_, at) => mentionAt(part, at) ?? []);
    const isOne = mentions.filter(({ isInsert }) => !isInsert).length === 1;
    return [
      ...(own.read.size > 0 ? breachesOfLists(part, own.read) : []),
      ...mentions.flatMap(({ name, alias, at, isInsert }) => {
        if (isInsert)
          return isInsertHeld(part, at) ? [] : [`${name}: what is inserted has another project_id`];
        const held = part.some(
          (token, index) =>
            isColumn(token, alias, isOne) &&
            isSign(part[index + 1], "=") &&
            (isHeldTo(part[index + 2]) || isCalledFor(part[index + 2], name, alias)) &&
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
        return isHeldTo(args.tokens[0]) || isOf(args.tokens[0], lists.called)
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

import { isSign, isWord, type Token } from "./tokens.ts";

/**
 * The names of what in a part of a statement says which project each of its rows is of:
 * - lists: `unnest($1, $2) as w (project_id, value)`, also beside others: `rows from (unnest($1), ...) as w (...)`;
 * - tables that are held to such a list: `t.project_id = any ($1)`;
 * - subqueries whose rows say so in their first column: `(select w.project_id, ... from ...) as v`.
 *
 * @param isProjectList whether a token stands for the ids of the projects that the statement is about.
 */
export function listsIn(
  part: readonly Token[],
  isProjectList: (token: Token) => boolean,
): ReadonlySet<string> {
  const isLoose = part.some((token) => isWord(token, "or"));
  const names = part.flatMap((token, at) => {
    if (!isLoose && isWord(part[at - 1], "where", "and", "on") && isHeldToList(part, at, isProjectList))
      return token.kind === "word" ? token.text.replace(/\.?project_id$/, "") : [];
    if (!isWord(token, "from", "join") || isWord(part[at - 1], "rows", "distinct")) return [];
    const isRowsFrom = isWord(part[at + 1], "rows") && isWord(part[at + 2], "from");
    const isCall = isWord(part[at + 1], "unnest");
    const begin = at + (isRowsFrom ? 3 : isCall ? 2 : 1);
    const source = part[begin];
    if (source?.kind !== "group") return [];
    const named = isWord(part[begin + 1], "with") ? begin + 3 : begin + 1;
    const [name, columns] = part.slice(isWord(part[named], "as") ? named + 1 : named);
    if (name?.kind !== "word") return [];
    if (!isRowsFrom && !isCall) return saysWhose(source.tokens, isProjectList) ? name.text : [];
    const ids = isCall ? source : source.tokens[1];
    const isUnnest = isCall || isWord(source.tokens[0], "unnest");
    const isOfProjects = isUnnest && ids?.kind === "group" && beginsWithList(ids.tokens, isProjectList);
    const isFirst = columns?.kind === "group" && isWord(columns.tokens[0], "project_id");
    return isOfProjects && isFirst ? name.text : [];
  });
  return new Set(names);
}

/** Whether the tokens from here are `t.project_id = any ($1)`. */
export function isHeldToList(
  part: readonly Token[],
  at: number,
  isProjectList: (token: Token) => boolean,
): boolean {
  const [column, sign, any, list] = part.slice(at, at + 4);
  return (
    column?.kind === "word" &&
    /(?:^|\.)project_id$/.test(column.text) &&
    isSign(sign, "=") &&
    isWord(any, "any") &&
    list?.kind === "group" &&
    beginsWithList(list.tokens, isProjectList)
  );
}

function beginsWithList(
  [ids, ...others]: readonly Token[],
  isProjectList: (token: Token) => boolean,
): boolean {
  const end = others.findIndex((token) => isSign(token, ","));
  const type = end < 0 ? others : others.slice(0, end);
  const typeText = type.map((token) => ("text" in token ? token.text : "()")).join("");
  return ids !== undefined && isProjectList(ids) && ["", "::uuid[]"].includes(typeText);
}

/** Whether a subquery's first column is the project that its row is of. */
function saysWhose(query: readonly Token[], isProjectList: (token: Token) => boolean): boolean {
  const isOne = !query.some((token) => isWord(token, "union", "except", "intersect"));
  const ids = Array.from(listsIn(query, isProjectList), (list) => `${list}.project_id`);
  return isOne && isWord(query[0], "select") && isWord(query[1], ...ids) && isSign(query[2], ",");
}

/** What in a part that reads for several projects could let one have what is another's. */
export function breachesOfLists(part: readonly Token[], lists: ReadonlySet<string>): readonly string[] {
  const ids = Array.from(lists, (list) => `${list}.project_id`);
  const held = part.flatMap((token, at) =>
    token.kind === "word" && isSign(part[at + 1], "=") && isWord(part[at + 2], ...ids) ? token.text : [],
  );
  const whose = [...ids, ...held.filter((name) => name.endsWith(".project_id"))];
  const returns = part.some((token) => isWord(token, "select", "returning"));
  return [
    ...(returns && !isFirstColumn(part, (token) => isWord(token, ...whose))
      ? ["rows of several projects, and their project_id is not the first column"]
      : []),
    ...(isOuter(part, lists) ? ["an outer join beside a list of projects"] : []),
  ];
}

/** Whether what is selected begins so, or with an array of it, which others may stand beside. */
export function isFirstColumn(part: readonly Token[], isIt: (token: Token) => boolean): boolean {
  return part.some((token, at) => {
    if (!isWord(part[at - 1], "select")) return false;
    if (isIt(token)) return isSign(part[at + 1], ",");
    const array = part[at + 1];
    const [id, ...others] = array?.kind === "group" ? array.tokens : [];
    return isWord(token, "array_agg") && id !== undefined && isIt(id) && others.length === 0;
  });
}

/** It would return rows of tables that the list doesn't name, unless all begins with the list. */
function isOuter(part: readonly Token[], lists: ReadonlySet<string>): boolean {
  const begin = part.findIndex((token, at) => isWord(token, "from") && !isWord(part[at - 1], "distinct"));
  const firstJoin = part.findIndex((token, at) => at > begin && isWord(token, "join"));
  const beginsWithList = part
    .slice(begin, Math.max(firstJoin, begin))
    .some((token, at, all) => isWord(token, ...lists) && all[at + 1]?.kind === "group");
  return part.some((token, at) =>
    isWord(token, "left")
      ? !(beginsWithList && isWord(part[at + 1], "join") && isWord(part[at + 2], "lateral"))
      : isWord(token, "right", "full"),
  );
}

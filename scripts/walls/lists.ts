import { isSign, isWord, type Token } from "./tokens.ts";

/**
 * The names of lists in a part of a statement that say which project each of their rows is of:
 * `unnest($1, $2) as w (project_id, value)`.
 *
 * @param isProjectList whether a token stands for the ids of the projects that the statement is about.
 */
export function listsIn(
  part: readonly Token[],
  isProjectList: (token: Token) => boolean,
): ReadonlySet<string> {
  const names = part.flatMap((token, at) => {
    if (!isWord(token, "unnest") || !isWord(part[at - 1], "from", "join")) return [];
    const lists = part[at + 1];
    const [name, columns] = part.slice(isWord(part[at + 2], "as") ? at + 3 : at + 2);
    if (lists?.kind !== "group" || name?.kind !== "word" || columns?.kind !== "group") return [];
    const [ids] = lists.tokens;
    const isOfProjects = ids !== undefined && isProjectList(ids) && isWord(columns.tokens[0], "project_id");
    return isOfProjects ? [name.text] : [];
  });
  return new Set(names);
}

/**
 * The names of lists of projects that functions are called for, one after the other:
 * `rows from (unnest($1::uuid[]), ...) with ordinality as b (project_id, ...)`. No table but `projects` can be
 * held to them, and what the rows say is the functions' own.
 */
export function callListsIn(
  part: readonly Token[],
  isProjectList: (token: Token) => boolean,
): ReadonlySet<string> {
  const names = part.flatMap((token, at) => {
    if (!isWord(token, "rows") || !isWord(part[at + 1], "from")) return [];
    const source = part[at + 2];
    const [name, columns] = part.slice(isWord(part[at + 3], "with") ? at + 6 : at + 4);
    if (source?.kind !== "group" || name?.kind !== "word" || columns?.kind !== "group") return [];
    const [call, lists] = source.tokens;
    if (!isWord(call, "unnest") || lists?.kind !== "group") return [];
    const [ids, ...type] = lists.tokens;
    const isUuids = type.map((word) => ("text" in word ? word.text : "()")).join("") === "::uuid[]";
    const isOfProjects = ids !== undefined && isProjectList(ids) && isWord(columns.tokens[0], "project_id");
    return isUuids && isOfProjects ? [name.text] : [];
  });
  return new Set(names);
}

/** What in a part that reads for several projects could let one have what is another's. */
export function breachesOfLists(part: readonly Token[], lists: ReadonlySet<string>): readonly string[] {
  const ids = Array.from(lists, (list) => `${list}.project_id`);
  const held = part.flatMap((token, at) =>
    token.kind === "word" && isSign(part[at + 1], "=") && isWord(part[at + 2], ...ids) ? token.text : [],
  );
  const saysWhose = [...ids, ...held.filter((name) => name.endsWith(".project_id"))];
  const isHandedOut = part.some(
    (token, at) => isWord(token, ...saysWhose) && isWord(part[at - 1], "select") && isSign(part[at + 1], ","),
  );
  // It would return rows of tables that the list doesn't name.
  const isOuter = part.some((token) => isWord(token, "left", "right", "full"));
  return [
    ...(isHandedOut ? [] : ["rows of several projects, and their project_id is not the first column"]),
    ...(isOuter ? ["an outer join beside a list of projects"] : []),
  ];
}

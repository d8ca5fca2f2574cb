import type { Piece } from "./sources.ts";
import { breachesIn, type Schema } from "./statements.ts";
import { isWord, type Token } from "./tokens.ts";

/** Of the body of a function of the database. */
export function breachesInFunction({ sql }: Piece, schema: Schema): readonly string[] {
  return breachesIn(sql, schema, {
    isProject: (token) => isWord(token, "p_project_id"),
    isProjectList: (token) => isWord(token, "p_project_ids"),
  });
}

/** Of a template in a source. */
export function breachesInTemplate({ sql }: Piece, schema: Schema): readonly string[] {
  return breachesIn(sql, schema, {
    isProject: (token) => token.kind === "hole" && PROJECT.test(token.text),
    isProjectList: (token) => token.kind === "hole" && PROJECTS.test(token.text),
  });
}

/** Of a statement as it is sent. */
export function breachesInStatement(sql: string, schema: Schema): readonly string[] {
  return breachesIn(sql, schema, { isProject: isParameter, isProjectList: isParameter });
}

function isParameter(token: Token): boolean {
  return token.kind === "word" && /^\$\d+$/.test(token.text);
}

const PROJECT = /^(?:\w+\.)?projectId$/;
const PROJECTS = /^projectIds$/;

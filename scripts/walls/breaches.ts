import type { Piece } from "./sources.ts";
import { breachesIn, type Schema } from "./statements.ts";
import type { Token } from "./tokens.ts";

/** Of the body of a function of the database. */
export function breachesInFunction({ sql }: Piece, schema: Schema): readonly string[] {
  return breachesIn(sql, schema, (token) => token.kind === "word" && token.text === "p_project_id");
}

/** Of a template in a source. */
export function breachesInTemplate({ sql }: Piece, schema: Schema): readonly string[] {
  const isHole = (pattern: RegExp) => (token: Token) => token.kind === "hole" && pattern.test(token.text);
  return breachesIn(sql, schema, isHole(PROJECT), isHole(PROJECTS));
}

/** Of a statement as it is sent. */
export function breachesInStatement(sql: string, schema: Schema): readonly string[] {
  const isParameter = (token: Token) => token.kind === "word" && /^\$\d+$/.test(token.text);
  return breachesIn(sql, schema, isParameter, isParameter);
}

const PROJECT = /^(?:\w+\.)?projectId$/;
const PROJECTS = /^arrayLiteral\(projectIds\)$/;

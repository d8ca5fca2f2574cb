import type { Piece } from "./sources.ts";
import { breachesIn, type Schema } from "./statements.ts";

/** Of the body of a function of the database. */
export function breachesInFunction({ sql }: Piece, schema: Schema): readonly string[] {
  return breachesIn(sql, schema, (token) => token.kind === "word" && token.text === "p_project_id");
}

/** Of a template in a source. */
export function breachesInTemplate({ sql }: Piece, schema: Schema): readonly string[] {
  return breachesIn(sql, schema, (token) => token.kind === "hole" && PROJECT.test(token.text));
}

/** Of a statement as it is sent. */
export function breachesInStatement(sql: string, schema: Schema): readonly string[] {
  return breachesIn(sql, schema, (token) => token.kind === "word" && /^\$\d+$/.test(token.text));
}

const PROJECT = /^(?:\w+\.)?projectId$/;

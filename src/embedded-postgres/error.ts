/** The embedded PostgreSQL can't run here. The message says why and what to do. */
export class EmbeddedPostgresError extends Error {
  override readonly name = "EmbeddedPostgresError";
}

/** The end of a sentence, for whoever can't have an embedded one. */
export const OR_YOUR_OWN = "or set DATABASE_URL to a PostgreSQL of your own";

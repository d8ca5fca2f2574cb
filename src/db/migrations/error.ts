/** The database can't be brought to this version's schema. The message says why and what to do. */
export class MigrationError extends Error {
  override readonly name = "MigrationError";
}

import type { Sql } from "../connection.ts";
import { sqlState } from "../driver-errors.ts";
import { MigrationError } from "./error.ts";
import type { MigrationFile } from "./files.ts";
import { type HistoryTable, insertHistory } from "./history.ts";
import { type SqlStatement, splitStatements } from "./split-statements.ts";

/**
 * Runs a file and remembers it: in one transaction, unless it begins with `-- no-transaction`; such a
 * file may be run again after it failed halfway.
 *
 * @param session one connection, not a pool.
 */
export async function runFile(session: Sql, table: HistoryTable, file: MigrationFile): Promise<void> {
  const statements = statementsOf(file);
  const inTransaction = !file.text.startsWith("-- no-transaction");
  if (inTransaction) await session`begin`;
  try {
    // One statement in each message: Citus refuses several.
    for (const statement of statements) {
      if (!inTransaction) await dropHalfMade(session, statement);
      await runStatement(session, file, statement);
    }
    await insertHistory(session, table, file);
    if (inTransaction) await session`commit`;
  } catch (error) {
    // A rollback that fails finds the connection gone, and the transaction with it.
    if (inTransaction) await session`rollback`.catch(() => {});
    throw error;
  }
}

function statementsOf(file: MigrationFile): readonly SqlStatement[] {
  try {
    return splitStatements(file.text);
  } catch (error) {
    throw new MigrationError(`${file.name}: ${error instanceof Error ? error.message : error}`);
  }
}

/** An index that an earlier attempt left half made, nobody may read, but each write keeps up, and `if not exists` takes for made. */
async function dropHalfMade(session: Sql, statement: SqlStatement): Promise<void> {
  const name = CONCURRENT_INDEX.exec(statement.text)?.[1];
  if (name === undefined) return;
  const halfMade = await session`
    select from pg_index where indexrelid = to_regclass(${name}) and not indisvalid`;
  if (halfMade.count > 0) await session`drop index concurrently ${session(name)}`;
}

const CONCURRENT_INDEX = /^create (?:unique )?index concurrently if not exists (\w+)/;

async function runStatement(session: Sql, file: MigrationFile, statement: SqlStatement): Promise<void> {
  try {
    await session.unsafe(statement.text);
  } catch (error) {
    throw new MigrationError(`${file.name}, line ${statement.line}: ${reasonOf(error)}`, { cause: error });
  }
}

function reasonOf(error: unknown): string {
  if (sqlState(error) === LOCK_NOT_AVAILABLE) {
    return "a table was in use for longer than 10 s; start again when fewer calls or backups are under way";
  }
  return error instanceof Error ? error.message : String(error);
}

const LOCK_NOT_AVAILABLE = "55P03";

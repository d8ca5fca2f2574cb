import type { Statement } from "./connection.ts";
import { fixedStatement } from "./fixed-statement.ts";
import type { Write } from "./write.ts";

/**
 * The ways of a commit function that take only plain writes, and no JSON: for one that is alone as a composite value, for many
 * as an array for each column. PostgreSQL reads a write as JSON in twice the time. With a parameter for each
 * column of a lone one the driver would take as long as that.
 */
export type PlainWrites = {
  /** Undefined: it has more than these ways take. */
  encode(write: Write): PlainWrite | undefined;
  /** Makes a write that is alone, or none of it: then there is no sequence. */
  lone(projectId: string, write: PlainWrite): Statement<LoneOutcome>;
  /**
   * Makes all of a project's writes, or none of them: then it has no outcome.
   *
   * @param batches None is empty, and no project is named twice.
   * @param waits for a project that somebody else writes to, which is left out otherwise: only where there is a single one.
   * @returns the outcomes, in any order.
   */
  flight(batches: readonly PlainBatch[], waits: boolean): Statement<FlightOutcome>;
};

/** Its columns, in order, each as it stands in an array. */
export type PlainWrite = { readonly kind: string; readonly elements: readonly string[] };
/** Writes of one project. */
export type PlainBatch = { readonly projectId: string; readonly writes: readonly PlainWrite[] };

export type LoneOutcome = { readonly sequence: bigint | null };
/** Array literals, of the project's writes in order: the sequence, NULL of one that is refused, and the version before it, NULL where nothing was. */
export type FlightOutcome = {
  readonly projectId: string;
  readonly sequences: string;
  readonly versions: string;
};

/** The database's type and functions; those for a lone write by its kind. */
export type PlainWriteNames = {
  readonly type: string;
  readonly lone: Readonly<Record<string, string>>;
  readonly flight: string;
};
/** The attributes of the type, in order, and also the last parameters of the flight's function. */
export type WriteColumns = Readonly<Record<string, ColumnType>>;
type ColumnType = "bigint" | "integer" | "jsonb" | "text" | "timestamptz" | "uuid";

export function plainWrites(names: PlainWriteNames, columns: WriteColumns): PlainWrites {
  const columnNames = Object.keys(columns);
  const types = Object.values(columns);
  const lone = new Map(
    Object.entries(names.lone).map(([kind, name]) => [kind, loneStatement(name, names.type)]),
  );
  const flight = flightStatement(names.flight, columnNames);

  return {
    encode(write) {
      const kind = `${write.kind}`;
      if (!lone.has(kind)) return undefined;
      const elements: string[] = [];
      let said = 1;
      for (let at = 0; at < columnNames.length; at += 1) {
        const value = write[columnNames[at] ?? ""];
        if (value !== undefined) said += 1;
        elements.push(elementOf(value, types[at]));
      }
      return said === Object.keys(write).length ? { kind, elements } : undefined;
    },
    lone(projectId, { kind, elements }) {
      const statement = lone.get(kind);
      if (!statement) throw new Error("unreachable: no other kind is encoded");
      return statement({ projectId, write: compositeOf(elements) });
    },
    flight(batches, waits) {
      const writes = batches.flatMap((batch) => batch.writes);
      const projectIds = batches.flatMap((batch) => batch.writes.map(() => batch.projectId));
      const values: Record<string, string | null> = {
        projectIds: arrayOf(projectIds),
        waits: `${waits}`,
        kinds: arrayOf(writes.map(({ kind }) => kind)),
      };
      for (const [at, name] of columnNames.entries())
        values[name] = arrayOf(writes.map(({ elements }) => elements[at] ?? NULL));
      return flight(values);
    },
  };
}

function loneStatement(name: string, type: string) {
  const projectId = "projectId";
  return fixedStatement<LoneOutcome, "projectId" | "write">(
    (sql) => sql`select ${sql(name)}(${projectId}, ${"write"}::text::${sql(type)}) as sequence`,
  );
}

function flightStatement(name: string, columns: readonly string[]) {
  const projectIds = "projectIds";
  return fixedStatement<FlightOutcome, string>((sql) => {
    const parameters = columns.reduce((before, column) => sql`${before}, ${column}`, sql`${"kinds"}`);
    return sql`
      select project_id, sequences::text, versions::text
      from ${sql(name)}(${projectIds}::uuid[], ${"waits"}::text::boolean, ${parameters})`;
  });
}

const NULL = "NULL";

/** But for NULL the same stands in a composite value as in an array: https://www.postgresql.org/docs/18/rowtypes.html#ROWTYPES-IO-SYNTAX */
function elementOf(value: unknown, type: ColumnType | undefined): string {
  if (value === null || value === undefined) return NULL;
  // In JSON there are none of the characters that JSON would escape in another way than these do.
  if (type === "jsonb") return isEmptyList(value) ? '"[]"' : JSON.stringify(JSON.stringify(value));
  const text = `${value}`;
  // Ids, numbers and times have nothing that an array or a composite value is divided by.
  if (type !== "text") return text;
  return `"${/["\\]/.test(text) ? text.replace(/["\\]/g, "\\$&") : text}"`;
}

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

function compositeOf(elements: readonly string[]): string {
  return `(${elements.map((element) => (element === NULL ? "" : element)).join(",")})`;
}

/** Null when there is nothing in it. */
function arrayOf(elements: readonly string[]): string | null {
  return elements.every((element) => element === NULL) ? null : `{${elements.join(",")}}`;
}

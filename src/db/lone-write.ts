import type { Statement } from "./connection.ts";
import { fixedStatement } from "./fixed-statement.ts";
import type { Write } from "./write.ts";

/** A composite type of the database that takes writes, with its attributes in their order. */
export type CompositeType = {
  readonly name: string;
  readonly attributes: Readonly<Record<string, AttributeType>>;
};
type AttributeType = "bigint" | "integer" | "jsonb" | "text" | "timestamptz" | "uuid";

/** Makes a write that is alone, or none of it: then there is no sequence. Undefined: it has more than the function takes. */
export type LoneWrite = (projectId: string, write: Write) => Statement<LoneOutcome> | undefined;
export type LoneOutcome = { readonly sequence: bigint | null };

/**
 * For one kind of writes. To read a write as JSON, and to answer rows, takes PostgreSQL a fifth of it; to send each
 * member as a parameter takes the driver nearly as long.
 */
export function loneWrite(kind: string, functionName: string, type: CompositeType): LoneWrite {
  const projectId = "projectId";
  const statement = fixedStatement<LoneOutcome, "projectId" | "write">(
    (sql) => sql`select ${sql(functionName)}(${projectId}, ${"write"}::text::${sql(type.name)}) as sequence`,
  );
  const names = Object.keys(type.attributes);
  const types = Object.values(type.attributes);
  const known = new Set(["kind", ...names]);

  return (ofProject, write) => {
    if (write.kind !== kind) return undefined;
    for (const name in write) if (!known.has(name)) return undefined;
    let elements = "";
    for (const [at, name] of names.entries())
      elements += `${at > 0 ? "," : ""}${elementOf(write[name], types[at])}`;
    return statement({ projectId: ofProject, write: `(${elements})` });
  };
}

/** https://www.postgresql.org/docs/18/rowtypes.html#ROWTYPES-IO-SYNTAX */
function elementOf(value: unknown, type: AttributeType | undefined): string {
  if (value === null || value === undefined) return "";
  // In JSON there are none of the characters that JSON would escape in another way than a composite value does.
  if (type === "jsonb") return JSON.stringify(JSON.stringify(value));
  const text = `${value}`;
  if (type !== "text") return `"${text}"`;
  return `"${/["\\]/.test(text) ? text.replace(/["\\]/g, "\\$&") : text}"`;
}

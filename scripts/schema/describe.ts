import type { Sql } from "../../src/db/connection.ts";
import {
  listColumns,
  listConstraints,
  listDomains,
  listFunctions,
  listIndexes,
  listTables,
  listTypes,
} from "./catalogs.ts";

/** The schema of a database as SQL to read, the same for the same schema on PostgreSQL 15 to 18. */
export async function describeSchema(sql: Sql): Promise<string> {
  const types = [...(await listDomains(sql)), ...(await listTypes(sql))].map(
    ({ definition }) => `${definition};`,
  );
  const tables = await listTables(sql);
  const [columns, constraints, indexes] = [
    await listColumns(sql),
    await listConstraints(sql),
    await listIndexes(sql),
  ];
  const parts = tables.map(({ name, options }) => {
    const lines = [...columns, ...constraints]
      .filter(({ table }) => table === name)
      .map(({ definition }) => `  ${definition}`);
    const storage = options === null ? "" : ` with (${options})`;
    const own = indexes.filter(({ table }) => table === name).map(({ definition }) => `${definition};`);
    return [`create table ${name} (\n${lines.join(",\n")}\n)${storage};`, ...own].join("\n");
  });
  const functions = (await listFunctions(sql)).map(
    ({ name, args, result, language, volatility }) =>
      `-- function ${name}(\n--   ${args.replaceAll(", ", ",\n--   ")}\n-- ) returns ${result.toLowerCase()}, ${language}, ${volatility}`,
  );
  return `${[HEADER, ...types, ...parts, ...functions].join("\n\n")}\n`;
}

const HEADER =
  "-- What all the migrations together make, in the words of PostgreSQL's catalogs. To read, not to run.\n" +
  "-- Written by `npm run schema`; `npm run check` sees that it's current.";

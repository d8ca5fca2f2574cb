import type { Transport } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import type { Env } from "../../src/config.ts";
import type { Sql } from "../../src/db/connection.ts";
import { projectIdOf } from "../../src/projects/project-id.ts";
import { openSql } from "../support/consistency.ts";
import { startTestService } from "../support/service.ts";
import { type Call, openCall } from "./call.ts";
import { type Content, fillProject } from "./content.ts";

export type Twins = Awaited<ReturnType<typeof startTwins>>;

/** A service with two projects that hold the same, but for their ids. */
export async function startTwins(env: Env = {}, headers?: Readonly<Record<string, string>>) {
  const service = await startTestService({ ...env, CLIENTELE_PROJECTS: "ours,theirs" });
  const transport: Transport = createGrpcTransport({ baseUrl: service.baseUrl });
  const plain = openCall(transport);
  const call: Call = (method, request, own = headers) => plain(method, request, own);
  const sql = openSql(service.address);
  const ours = await fillProject(call, "ours");
  const theirs = await fillProject(call, "theirs");
  await addOddOnes(call);
  return {
    call,
    sql,
    ours,
    theirs,
    async stop() {
      await sql.end();
      await service.stop();
    },
  };
}

/** What only the others have a like of, by these names. */
async function addOddOnes(call: Call): Promise<void> {
  const projectKey = "theirs";
  const draft = { key: "group-0-theirs", name: "theirs alone" };
  await call("CreateCustomerGroup", { projectKey, draft });
  await call("CreateCustomer", {
    projectKey,
    draft: { key: "customer-0-theirs", email: "theirs@shop.example" },
  });
  await call("CreateCustomType", {
    projectKey,
    draft: { key: "type-theirs", name: { en: "theirs alone" }, resourceTypes: ["RESOURCE_TYPE_ADDRESS"] },
  });
}

/** Every id of the project's: of its resources, their parts, and itself. */
export function idsIn(text: string): ReadonlySet<string> {
  return new Set(text.match(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g));
}

/** All that is stored of a project, in one text. */
export async function readAll(sql: Sql, { projectKey }: Pick<Content, "projectKey">): Promise<string> {
  const tables = await sql<{ name: string }[]>`
    select c.relname as name
    from pg_attribute a
    join pg_class c on c.oid = a.attrelid
    where a.attname = 'project_id' and c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace
    order by c.relname`;
  const texts = await Promise.all(
    tables.map(
      ({ name }) => sql<{ row: string }[]>`
        select to_jsonb(t)::text as row
        from ${sql(name)} t
        where t.project_id = ${projectIdOf(projectKey)}
        order by 1`,
    ),
  );
  return texts
    .map((rows, index) => `${tables[index]?.name}\n${rows.map(({ row }) => row).join("\n")}`)
    .join("\n");
}

import type { CustomerGroupRef } from "../../gen/clientele/v1/customer_group_pb.ts";
import { customerQuery } from "../../src/customers/query.ts";
import { arrayLiteral, type Sql } from "../../src/db/connection.ts";
import { serviceSecret } from "../../src/db/secrets.ts";
import { positionOf } from "../../src/paging/keyset.ts";
import { pageTokens } from "../../src/paging/page-token.ts";
import { parseQuery } from "../../src/paging/query.ts";
import { projectIdOf } from "../../src/projects/project-id.ts";
import { refText } from "../../src/refs.ts";
import { person } from "../../src/seed/people.ts";
import { READ_PROJECT } from "../projects.ts";
import {
  type CustomerSample,
  JOINED_GROUP,
  PAGE_REQUESTS,
  PAGE_SIZE,
  PAGED_GROUP,
  type PageKind,
  type SampledCustomer,
  type SampledPage,
} from "./sample.ts";

/** More than PostgreSQL's own cache holds: together they are on 500 MB of pages of tables and indexes. */
const MAX_CUSTOMERS = 20_000;
const MAX_PAGES = 2000;

/** Reads the sample from a seeded database. */
export async function readSample(sql: Sql, size: number): Promise<CustomerSample> {
  const projectId = projectIdOf(READ_PROJECT);
  const tokens = pageTokens(await serviceSecret(sql, "page-tokens"));
  const rows = await listSampled(sql, projectId, pickKeys(size));

  const pagesOf = async (kind: PageKind): Promise<SampledPage[]> => {
    const asked = rows.slice(0, MAX_PAGES);
    const { sort = [], memberOf } = PAGE_REQUESTS[kind];
    const query = parseQuery(
      tokens,
      customerQuery,
      projectId,
      { sort, where: [], pageToken: "", withTotal: false, exactTotal: false, explain: false },
      memberOf && refText(memberOf),
    );
    const following = await listFollowing(sql, projectId, kind, asked);
    return asked.flatMap((row) => {
      const ids = following.get(row.id) ?? [];
      const token = tokens.seal(
        query.identity,
        positionOf(query.sort, (column) => row[column as keyof Place]),
      );
      // Behind every sampled page there is another.
      return ids.length > PAGE_SIZE ? [{ token, ids: ids.slice(0, PAGE_SIZE) }] : [];
    });
  };
  const firstPageOf = async (kind: PageKind): Promise<SampledPage> => {
    const following = await listFollowing(sql, projectId, kind, [BEFORE_ALL]);
    return { token: "", ids: following.get(BEFORE_ALL.id)?.slice(0, PAGE_SIZE) ?? [] };
  };
  return {
    customers: rows.map(({ id, key, email, isMember }) => ({ id, key, email, isMember })),
    pages: { id: await pagesOf("id"), email: await pagesOf("email"), group: await pagesOf("group") },
    firstPages: {
      id: await firstPageOf("id"),
      email: await firstPageOf("email"),
      group: await firstPageOf("group"),
    },
  };
}

type Place = { readonly id: string; readonly emailCanonical: string };
type SampledRow = SampledCustomer & Place;

const BEFORE_ALL: Place = { id: "00000000-0000-0000-0000-000000000000", emailCanonical: "" };

function keyOf({ value }: CustomerGroupRef): string {
  return value.value ?? "";
}

function pickKeys(size: number): string[] {
  const numbers = new Set<number>();
  while (numbers.size < Math.min(size, MAX_CUSTOMERS)) numbers.add(Math.floor(Math.random() * size));
  return [...numbers].map((number) => person(number).key ?? "");
}

/** In the order of the keys, which is none. */
async function listSampled(sql: Sql, projectId: string, keys: readonly string[]): Promise<SampledRow[]> {
  return await sql<SampledRow[]>`
    select
      c.id, c.key, c.email, c.email_canonical,
      exists (
        select
        from customer_group_members m
        join customer_groups g on g.project_id = m.project_id and g.id = m.customer_group_id
        where m.project_id = c.project_id and m.customer_id = c.id and g.key = ${keyOf(JOINED_GROUP)}
      ) as is_member
    from unnest(${arrayLiteral(keys)}::text[]) with ordinality as picked (key, n)
    join customers c on c.project_id = ${projectId} and c.key = picked.key
    order by picked.n`;
}

/** The ids that follow each place in the order of the kind: those of a page, and one more. */
async function listFollowing(
  sql: Sql,
  projectId: string,
  kind: PageKind,
  places: readonly Place[],
): Promise<ReadonlyMap<string, string[]>> {
  const following = {
    id: sql`
      select n.id
      from customers n
      where n.project_id = ${projectId} and n.id > place.id
      order by n.id`,
    email: sql`
      select n.id
      from customers n
      where n.project_id = ${projectId} and n.email_canonical > place.email_canonical
      order by n.email_canonical`,
    group: sql`
      select m.customer_id
      from customer_group_members m
      where m.project_id = ${projectId}
        and m.customer_group_id = (
          select g.id
          from customer_groups g
          where g.project_id = ${projectId} and g.key = ${keyOf(PAGED_GROUP)}
        )
        and m.customer_id > place.id
      order by m.customer_id`,
  }[kind];
  const rows = await sql<{ id: string; following: string[] }[]>`
    select place.id, array(${following} limit ${PAGE_SIZE + 1})::text[] as following
    from unnest(
      ${arrayLiteral(places.map(({ id }) => id))}::uuid[],
      ${arrayLiteral(places.map(({ emailCanonical }) => emailCanonical))}::text[]
    ) as place (id, email_canonical)`;
  return new Map(rows.map(({ id, following }) => [id, following]));
}

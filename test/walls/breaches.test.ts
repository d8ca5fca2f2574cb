import { describe, expect, test } from "vitest";
import { breachesInFunction, breachesInStatement, breachesInTemplate } from "../../scripts/walls/breaches.ts";
import { functionOf, templatesIn } from "../../scripts/walls/sources.ts";
import { read, schema } from "./project-files.ts";

// That the check of statements would notice one that reaches into another project.

/** A statement as sources have it; what is put in is in « ». */
const TEMPLATE = [
  "return sql<Row[]>`",
  "  select m.customer_id",
  "  from customer_group_members m",
  "  join customer_groups g on g.project_id = «projectId» and g.id = m.customer_group_id",
  "  where m.project_id = «projectId» and m.customer_id in (",
  "    select o.customer_id from orders o where o.project_id = «projectId»",
  "  ) and «condition»`;",
].join("\n");

/** As above, of several projects. */
const LIST = [
  "select t.project_id, t.key, visible_fields_v1(w.project_id, t.custom_type_id, t.custom_fields),",
  "  exists (select from orders o where o.project_id = w.project_id and o.customer_id = t.id)",
  "from unnest(«projectIds»::uuid[], «values»::uuid[]) as w (project_id, value)",
  "join customer_groups g on g.project_id = «projectId» and g.id = w.value",
  "join customers t on t.project_id = w.project_id and t.id = w.value",
].join("\n");

describe("of a statement in a source, it is seen that", () => {
  const found = (source: string) =>
    templatesIn("planted.ts", source.replaceAll("«", "$" + "{").replaceAll("»", "}")).flatMap((piece) =>
      breachesInTemplate(piece, schema),
    );

  test("it keeps to one project", () => {
    expect(found(TEMPLATE)).toEqual([]);
  });

  test.each([
    ["a table has no project_id", "where m.project_id = «projectId» and", "where", "customer_group_members"],
    ["a joined table has none", "g.project_id = «projectId» and", "", "customer_groups"],
    ["a table of a subquery has none", " where o.project_id = «projectId»", "", "orders"],
    ["the alias is another table's", "g.project_id =", "m.project_id =", "customer_groups"],
    [
      "what is compared is no project",
      "g.project_id = «projectId»",
      "g.project_id = «customerId»",
      "customer_groups",
    ],
    [
      "it is compared with another column",
      "g.project_id = «projectId»",
      "g.project_id = m.project_id",
      "customer_groups",
    ],
    ["another condition is enough", "and «condition»", "or «condition»", "customer_group_members"],
    ["the opposite is asked", "where m.project_id", "where not m.project_id", "customer_group_members"],
    [
      "it is commented out",
      "where m.project_id = «projectId» and",
      "where -- m.project_id = «projectId» and\n",
      "customer_group_members",
    ],
  ])("%s", (_, text, planted, table) => {
    expect(TEMPLATE).toContain(text);
    expect(found(TEMPLATE.replace(text, () => planted)).join()).toContain(table);
  });

  test("rows of several projects are of those", () => {
    expect(found(`sql\`${LIST}\``)).toEqual([]);
  });

  test.each([
    ["a joined table has none", "t.project_id = w.project_id and t.id", "t.id", "customers: no project_id"],
    ["one project's rows say whose they are", "t.project_id, t.key", "t.key", "not the first column"],
    ["they say it of no row of the list", "t.project_id, t.key", "g.project_id, t.key", "first column"],
    ["they say something else by that name", "t.project_id,", "t.id as project_id,", "first column"],
    ["the list is of values", "(project_id, value)", "(value, project_id)", "customers: no project_id"],
    ["the list is of no projects", "«projectIds»", "«customerIds»", "customers: no project_id"],
    ["the list is another one", "t.project_id = w.project_id", "t.project_id = v.project_id", "customers"],
    ["a table of a subquery has none", "o.project_id = w.project_id", "o.project_id = o.id", "orders"],
    ["a function is called for another", "v1(w.project_id", "v1(w.value", "visible_fields_v1"],
    ["rows that the list doesn't name come too", "join customers", "right join customers", "outer join"],
    ["another condition is enough", "and t.id", "or t.id", "customers"],
    ["the opposite is asked", "on t.project_id", "on not t.project_id", "customers"],
    ["it is not told whose rows they are", LIST, `select key from (${LIST}) as found`, "within another"],
  ])("of several projects, %s", (_, text, planted, breach) => {
    const source = (statement: string) => found(`sql\`${statement}\``).join();
    expect(LIST).toContain(text);
    expect(source(LIST.replace(text, () => planted))).toContain(breach);
  });

  test.each([
    ["update", "sql`update customers set first_name = 'x' where id = «id»`"],
    ["delete", "sql`delete from orders where order_id = «id»`"],
    ["insert", "sql`insert into orders (order_id, project_id) values («id», «projectId»)`"],
    ["insert", "sql`insert into orders (project_id, order_id) values («id», «id»)`"],
    ["insert", "sql`insert into orders (project_id, order_id) select «id», «id»`"],
    ["table put in", "sql`select t.id from «sql(table.name)» t where t.id = «id»`"],
    ["part", "scope.sql`exists (select from orders o where o.customer_id = «id»)`"],
    ["part of a part", "sql`select «yes ? sql`(select key from customers limit 1)` : sql``»`"],
    [
      "union",
      "sql`select key from customers c where c.project_id = «projectId» union all select key from customers c`",
    ],
    ["call", "sql`select visible_fields_v1(«id», «projectId», null)`"],
    ["call", "sql`select * from «sql(name)»(«id», «writes»)`"],
  ])("none is in this %s: %s", (_, source) => {
    expect(found(source)).not.toEqual([]);
  });
});

/** What commits writes of several projects together. */
const [TOGETHER, FLIGHT] = [
  { file: "commit-function.ts", text: "unnest" },
  { file: "plain-writes.ts", text: "sequences" },
].map(({ file, text }) =>
  templatesIn(file, read(`src/db/${file}`))
    .map(({ sql }) => sql)
    .find((sql) => sql.includes(text)),
);

describe("of a statement for several projects, it is seen that", () => {
  const asSent = (sql: string) =>
    sql
      .replace(
        /⟦sql\(name\)⟧/,
        sql.includes("unnest") ? "commit_orders_v1" : "commit_customer_group_flight_v2",
      )
      .replace(/⟦[^⟧]*⟧/g, "$1");
  const breachesOf = (sql = "") => [
    breachesInTemplate({ file: "", name: "", sql }, schema),
    breachesInStatement(asSent(sql), schema),
  ];

  test("it keeps to each of them", () => {
    expect(TOGETHER).toBeDefined();
    expect(breachesOf(TOGETHER)).toEqual([[], []]);
  });

  test.each([
    ["the function is called for another", "(b.project_id, locked.writes", "(b.other_id, locked.writes"],
    ["the list is no list of projects", "as b (project_id,", "as b (other_id, project_id,"],
    ["the projects are all of a table", /unnest\([^)]*\)[^,]*,/, "(select project_id from projects),"],
    ["what is listed are no ids", "::uuid[]", "::text[]"],
    ["the rows of all are locked", "where p.project_id = b.project_id", ""],
    ["they are compared with themselves", /projects p\s+where p\./, "projects b where b."],
    ["a list in between is another", "as b (project_id", "as c (project_id"],
    ["it is not told whose the outcomes are", "b.project_id, o.ordinality", "o.ordinality"],
  ])("%s", (_, text, planted) => {
    const sql = TOGETHER ?? "";
    const changed = sql.replace(text, () => planted);
    expect(changed).not.toBe(sql);
    for (const found of breachesOf(changed)) expect(found).not.toEqual([]);
  });

  test.each([
    ["the ids are the projects'", TOGETHER],
    ["the ids that a function takes are the projects'", FLIGHT],
  ])("%s", (_, text) => {
    const sql = text?.replace("⟦projectIds⟧", "⟦customerIds⟧") ?? "";
    expect(breachesInTemplate({ file: "", name: "", sql }, schema)).not.toEqual([]);
  });

  test("a function that takes them all says whose its rows are", () => {
    expect(breachesOf(FLIGHT)).toEqual([[], []]);
    const sql = FLIGHT?.replace("project_id, sequences", "sequences");
    expect(sql).not.toBe(FLIGHT);
    for (const found of breachesOf(sql)) expect(found).not.toEqual([]);
  });
});

describe("of a function, it is seen that a statement has none:", () => {
  test.each([
    [
      "commit_customers_v1",
      "where c.project_id = p_project_id and c.email_canonical",
      "where c.email_canonical",
    ],
    [
      "commit_customers_v1",
      "where o.project_id = p_project_id and o.id = g.id::uuid",
      "where o.id = g.id::uuid",
    ],
    [
      "commit_customers_v1",
      "recall_write_v1(\n        p_project_id,",
      "recall_write_v1(\n        v_write.id,",
    ],
    ["commit_customer_groups_v1", "where g.project_id = p_project_id and g.name", "where g.name"],
    [
      "commit_customer_group_flight_v2",
      "where p.project_id = any (p_project_ids) and p.state",
      "where p.state",
    ],
    ["commit_customer_group_flight_v2", "= any (p_project_ids) and p.state", "= any (v_locked) and p.state"],
    ["commit_customer_group_flight_v2", "any (p_project_ids) and p.state", "any (p_project_ids) or p.state"],
    [
      "commit_customer_group_flight_v2",
      "p.project_id = any (p_project_ids)\n    for",
      "p.state = 'active'\n    for",
    ],
    ["commit_customer_group_flight_v2", "p.project_id = any (p_project_ids)\n    and", ""],
    ["commit_customer_group_flight_v2", "array_agg(l.project_id), array_agg(l.last", "array_agg(l.last"],
    ["commit_customer_group_flight_v2", "where s.project_id = b.project_id and", "where"],
    ["commit_customer_group_flight_v2", "where t.project_id = b.project_id and t.key", "where t.key"],
    ["commit_customer_group_flight_v2", "p_project_ids, p_kinds,", "v_locked, p_kinds,"],
    [
      "commit_customer_group_flight_v2",
      "b.project_id, b.place, b.kind",
      "b.id as project_id, b.place, b.kind",
    ],
    ["commit_customer_group_flight_v2", "w.project_id, w.id, coalesce", "w.id, w.id, coalesce"],
    [
      "commit_customer_group_flight_v2",
      "w.project_id, w.sequence, w.write_id",
      "w.id, w.sequence, w.write_id",
    ],
    [
      "commit_customer_group_flight_v2",
      "p_project_ids, v_sequences, v_versions, p_times",
      "v_locked, v_sequences, v_versions, p_times",
    ],
    [
      "commit_customer_group_flight_v2",
      "p_project_ids, v_sequences, v_versions, p_write_ids",
      "v_locked, v_sequences, v_versions, p_write_ids",
    ],
    ["commit_customer_group_flight_v2", "w.project_id,\n      array_agg", "w.id,\n      array_agg"],
    [
      "commit_memberships_v1",
      "select p_project_id, v_write.id, changed.id",
      "select v_write.id, v_write.id, changed.id",
    ],
    ["commit_orders_v1", "where o.project_id = p_project_id and o.order_id", "where o.order_id"],
    [
      "commit_custom_types_v1",
      "where a.project_id = p_project_id and a.custom_type_id",
      "where a.custom_type_id",
    ],
    [
      "remove_members_v1",
      "where m.project_id = p_project_id and m.customer_group_id",
      "where m.customer_group_id",
    ],
    ["recall_write_v1", "where m.project_id = p_project_id and", "where"],
    ["purge_project_v1", "where t.project_id = $1 and t.ctid", "where t.ctid"],
    ["purge_project_v1", "where t.project_id = $1 and %4$s", "where %4$s"],
  ])("%s, %j", (name, text, planted) => {
    const source = read(`migrations/functions/${name}.sql`);
    const breachesOf = (text: string) => breachesInFunction(functionOf(`${name}.sql`, text), schema);
    expect(source).toContain(text);
    expect(breachesOf(source)).toEqual([]);
    expect(breachesOf(source.replace(text, () => planted))).not.toEqual([]);
  });
});

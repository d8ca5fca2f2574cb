import { randomUUID } from "node:crypto";
import type { JsonObject, JsonValue } from "@bufbuild/protobuf";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { expect, test } from "vitest";
import { breachesInStatement } from "../../scripts/walls/breaches.ts";
import { customTypesTable } from "../../src/custom-types/store.ts";
import { customerGroupsTable } from "../../src/customer-groups/store.ts";
import { customersTable } from "../../src/customers/store.ts";
import { openDatabase } from "../../src/db/database.ts";
import { rowsBy } from "../../src/db/table.ts";
import { projectIdOf } from "../../src/projects/project-id.ts";
import { listProjectsById } from "../../src/projects/store.ts";
import { createDatabase } from "../support/database.ts";
import { startServiceOn } from "../support/service.ts";
import { type Call, openCall } from "./call.ts";
import { fillProject } from "./content.ts";
import { schema } from "./project-files.ts";
import { startRecorder } from "./recorder.ts";
import { STORY } from "./story.ts";

/** What is sent at the start and in the background; scripts/walls.ts lists where it is made. */
const ACROSS = [
  /^\s*insert into projects/,
  /^\s*select project_id\s+from projects\s+order by/,
  /from custom_field_removals\s+order by/,
  /from projects\s+where state = 'deleting'/,
  /from projects\s+where \(concurrent_call_limit is not null/,
];

test("every statement that reads of several projects share keeps to those", async () => {
  const database = await createDatabase();
  const recorder = await startRecorder(database);
  const db = openDatabase(recorder.address, { queryConnections: 1, writeConnections: 1 });
  const projectIds = ["ours", "theirs"].map(projectIdOf);
  const wanted = (value: string) => new Map(projectIds.map((projectId) => [projectId, [value]]));
  const columns = [
    [customersTable, ["id", "key", "email_canonical"]],
    [customerGroupsTable, ["id", "key"]],
    [customTypesTable, ["id", "key"]],
  ] as const;
  try {
    for (const [table, names] of columns)
      for (const column of names) await db.reads.get("", rowsBy<object>(table, column)(wanted(randomUUID())));
    await db.reads.get("", listProjectsById(projectIds));
  } finally {
    await db.close();
    await recorder.stop();
    await database.drop();
  }
  const statements = [...recorder.statements].filter((text) => /\bunnest\b/.test(text));
  expect(statements).toHaveLength(8);
  expect(statements.flatMap((text) => breachesInStatement(text, schema))).toEqual([]);
  const apart = statements.map((text) => text.replace("t.project_id = w.project_id and", ""));
  expect(apart.filter((text) => breachesInStatement(text, schema).length > 0)).toHaveLength(7);
});

test("every statement that calls of every method send keeps to one project", async () => {
  const database = await createDatabase();
  const recorder = await startRecorder(database);
  const service = await startServiceOn(recorder.address, { CLIENTELE_PROJECTS: "ours" });
  const call = openCall(createGrpcTransport({ baseUrl: service.baseUrl }));
  try {
    const own = await fillProject(call, "ours");
    for (const [index, [method, request]] of STORY.entries()) {
      const requestId = /^(?:Get|BatchGet|Query|Exists|List|Export)/.test(method)
        ? {}
        : { requestId: `${index}` };
      await call(method, { projectKey: "ours", ...request(own), ...requestId });
    }
    await readOn(call, "ExportCustomer", { ref: { key: "customer-0" } });
    await readOn(call, "ListOrders", { ref: { key: "customer-0" } });
    for (const sort of [["id"], ["lastName desc"], ["customerGroup.key"]])
      await readOn(call, "QueryCustomers", { where: ['customerGroup(key = "group-0")'], sort });
  } finally {
    await service.stop();
    await recorder.stop();
    await database.drop();
  }
  const statements = [...recorder.statements].filter((text) => !ACROSS.some((known) => known.test(text)));
  const breaches = statements.map((text) => [text, breachesInStatement(text, schema)] as const);
  expect(breaches.filter(([, found]) => found.length > 0)).toEqual([]);
  for (const name of [...schema.tables].filter((table) => !INSIDE.has(table)))
    expect(
      statements.some((text) => new RegExp(`\\b${name}\\b`).test(text)),
      name,
    ).toBe(true);
});

/** Reads page after page. */
async function readOn(call: Call, method: string, request: JsonObject): Promise<void> {
  let pageToken: JsonValue | undefined = "";
  do {
    const answer: JsonObject = await call(method, { projectKey: "ours", ...request, limit: 1, pageToken });
    pageToken = answer.nextPageToken;
  } while (pageToken !== undefined);
}

/** Tables that only functions name. */
const INSIDE = new Set(["customer_address_types"]);

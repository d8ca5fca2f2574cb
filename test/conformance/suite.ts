import { createGrpcTransport } from "@connectrpc/connect-node";
import { afterAll, beforeAll, describe } from "vitest";
import type { Sql } from "../../src/db/connection.ts";
import { openSql } from "../support/consistency.ts";
import { startTestService } from "../support/service.ts";
import { actorCases } from "./cases/actors.ts";
import { batchGetCases } from "./cases/batch-get.ts";
import { createCases } from "./cases/create.ts";
import { customFieldActionCases } from "./cases/custom-field-actions.ts";
import { customFieldCases } from "./cases/custom-fields.ts";
import { customTypeActionCases } from "./cases/custom-type-actions.ts";
import { customTypeLimitCases } from "./cases/custom-type-limits.ts";
import { customTypeQueryCases } from "./cases/custom-type-queries.ts";
import { customTypeRequestIdCases } from "./cases/custom-type-request-ids.ts";
import { customTypeCases } from "./cases/custom-types.ts";
import { customerDeleteCases } from "./cases/customer-deletes.ts";
import { customerExpansionCases } from "./cases/customer-expansions.ts";
import { customerExportCases } from "./cases/customer-exports.ts";
import { customerGetCases } from "./cases/customer-get.ts";
import { customerOrderCases, customerOrderChangeCases } from "./cases/customer-orders.ts";
import { customerQueryCases } from "./cases/customer-queries.ts";
import { customerRequestIdCases } from "./cases/customer-request-ids.ts";
import { customerUpdateActionCases } from "./cases/customer-update-actions.ts";
import { customerUpdateCases } from "./cases/customer-updates.ts";
import { customerCases } from "./cases/customers.ts";
import { deadlineCases } from "./cases/deadline.ts";
import { deleteCases } from "./cases/delete.ts";
import { expandCases } from "./cases/expand.ts";
import { failureCases, refusalCases } from "./cases/failures.ts";
import { getCases } from "./cases/get.ts";
import { growingTypeCases } from "./cases/growing-types.ts";
import { limitCases } from "./cases/limits.ts";
import { memberDetachCases, membershipCases } from "./cases/memberships.ts";
import { pageSizeCases } from "./cases/page-size.ts";
import { predicateCases } from "./cases/predicates.ts";
import { projectCases } from "./cases/projects.ts";
import { queryCases } from "./cases/query.ts";
import { requestIdCases } from "./cases/request-id.ts";
import { textCases } from "./cases/text.ts";
import { updateCases } from "./cases/update.ts";
import { type Callers, callersOf } from "./services.ts";
import type { OpenWay, Way } from "./way.ts";

/** What the cases stand on: a service with a database of its own, and a caller who reaches it one way. */
export type Ground = Callers & {
  readonly way: Way;
  readonly baseUrl: string;
  /** Callers over gRPC, for what a case needs but isn't about. */
  readonly seeder: Callers;
  readonly sql: Sql;
};

const PROJECTS = "demo,live:live,queries,pages,limits,expansions,members,predicates";

/** Registers everything that the services promise, for callers who come this way. */
export function conformance(way: Way): void {
  describe(way.name, () => {
    let running: Awaited<ReturnType<typeof startTestService>> | undefined;
    let open: OpenWay | undefined;
    let sql: Sql | undefined;
    let made: Ground | undefined;

    beforeAll(async () => {
      running = await startTestService({ CLIENTELE_PROJECTS: PROJECTS, ...way.env });
      const { baseUrl } = running;
      open = await way.open(baseUrl);
      sql = openSql(running.address);
      const seeder = callersOf(createGrpcTransport({ baseUrl }));
      made = { ...callersOf(open.transport), way, baseUrl, seeder, sql };
    });
    afterAll(async () => {
      await open?.close?.();
      await sql?.end();
      await running?.stop();
    });

    const ground = () => {
      if (!made) throw new Error("unreachable: a test runs behind beforeAll");
      return made;
    };
    for (const register of way.isSlow ? essential : thorough) register(ground, way);
  });
}

const essential = [
  createCases,
  getCases,
  batchGetCases,
  pageSizeCases,
  deleteCases,
  requestIdCases,
  actorCases,
  textCases,
  deadlineCases,
  customTypeCases,
  customFieldCases,
  customerCases,
  customerGetCases,
  customerUpdateActionCases,
  customerOrderCases,
  membershipCases,
  predicateCases,
];
const thorough = [
  ...essential,
  queryCases,
  updateCases,
  limitCases,
  failureCases,
  refusalCases,
  customTypeRequestIdCases,
  customTypeActionCases,
  customTypeQueryCases,
  customTypeLimitCases,
  customFieldActionCases,
  growingTypeCases,
  expandCases,
  customerUpdateCases,
  customerOrderChangeCases,
  memberDetachCases,
  customerDeleteCases,
  customerRequestIdCases,
  customerQueryCases,
  customerExpansionCases,
  customerExportCases,
  projectCases,
];

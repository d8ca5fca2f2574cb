import { randomBytes } from "node:crypto";
import { createClient, createRouterTransport } from "@connectrpc/connect";
import { CustomTypeService } from "../../gen/clientele/v1/custom_type_service_pb.ts";
import { CustomerGroupService } from "../../gen/clientele/v1/customer_group_service_pb.ts";
import { CustomerService } from "../../gen/clientele/v1/customer_service_pb.ts";
import { ProjectService } from "../../gen/clientele/v1/project_service_pb.ts";
import { callerKey } from "../../src/call.ts";
import type { SweptRow } from "../../src/custom-types/removals.ts";
import { sweepFields } from "../../src/custom-types/sweep.ts";
import { type Connection, type DatabaseAddress, openConnection, type Rows } from "../../src/db/connection.ts";
import { openDatabase } from "../../src/db/database.ts";
import { actor } from "../../src/interceptors/actor.ts";
import { deadline } from "../../src/interceptors/deadline.ts";
import { projectWall } from "../../src/interceptors/project-wall.ts";
import { createCheck, validate } from "../../src/interceptors/validate.ts";
import { pageTokens } from "../../src/paging/page-token.ts";
import { openProjects, type Project, type Projects } from "../../src/projects/projects.ts";
import { registerServices } from "../../src/routes.ts";
import type { LogLine } from "../support/service.ts";

/**
 * The services of the API on a database, without the work in the background: that is the test's to do.
 *
 * @param forgetsProjects false: what is known of a project from an earlier call is never doubted.
 */
export function openUnswept(address: DatabaseAddress, { forgetsProjects = true } = {}) {
  const db = openDatabase(address, { queryConnections: 1, writeConnections: 1 });
  const projects = forgetsProjects ? openProjects(db.reads) : unforgetting(openProjects(db.reads));
  let removals = 0;
  const transport = createRouterTransport(
    (router) =>
      registerServices(router, {
        db,
        projects,
        onProjectChanged: async () => {},
        tokens: pageTokens(randomBytes(32)),
        clock: () => new Date(),
        onFieldsRemoved: () => {
          removals += 1;
        },
      }),
    {
      router: {
        requestGate: ({ values }) => void values.set(callerKey, { may: () => true }),
        interceptors: [deadline(), actor(), validate(createCheck()), projectWall(projects)],
      },
    },
  );
  return {
    transport,
    groups: createClient(CustomerGroupService, transport),
    customers: createClient(CustomerService, transport),
    types: createClient(CustomTypeService, transport),
    projects: createClient(ProjectService, transport),
    /** How often a sweep was asked for. */
    removals: () => removals,
    close: () => db.close(),
  };
}

function unforgetting(projects: Projects): Projects {
  const known = new Map<string, Project | Promise<Project>>();
  return {
    require: projects.require,
    async recall(projectKey) {
      const project = known.get(projectKey) ?? projects.recall(projectKey);
      known.set(projectKey, project);
      return project;
    },
  };
}

/** Sweeps over a connection of its own, as one instance of the service does. */
export function openSweeper(address: DatabaseAddress) {
  const connection = openConnection(address, 5000);
  return {
    close: () => connection.close(),
    /**
     * Returns how many resources had been swept after each batch, and what was logged.
     *
     * @param batches after which it is told to stop.
     * @param clock one that runs ahead makes every batch a long one.
     */
    async sweep(batches = Number.POSITIVE_INFINITY, clock = () => new Date()) {
      const swept: number[] = [];
      const logged: LogLine[] = [];
      const run: Connection["run"] = async (statement) => {
        const rows: Rows<object> = await connection.run(statement);
        for (const row of rows) if (isSwept(row)) swept.push(Number(row.swept));
        return rows as never;
      };
      const write = (level: LogLine["level"]) => (fields: object, message: string) => {
        logged.push({ level, fields, message });
      };
      const log = { info: write("info"), warn: write("warn"), error: write("error") };
      await sweepFields({ run }, clock, log, () => swept.length >= batches);
      return { swept, logged };
    },
  };
}

function isSwept(row: object): row is SweptRow {
  return "swept" in row;
}

import { setTimeout as sleep } from "node:timers/promises";
import { toJson } from "@bufbuild/protobuf";
import type { Client } from "@connectrpc/connect";
import { Mode } from "../../gen/clientele/v1/mode_pb.ts";
import { type Project, ProjectSchema, ProjectState } from "../../gen/clientele/v1/project_pb.ts";
import { ProjectService } from "../../gen/clientele/v1/project_service_pb.ts";
import { type Env, toConfig } from "../config.ts";
import { required } from "../refs.ts";
import { type ProjectOptions, parseProjectOptions } from "./project-options.ts";
import { grouped, projectTable, projectText } from "./project-text.ts";
import { urlOfService, withClient } from "./service-client.ts";

type Projects = Client<typeof ProjectService>;

/** Makes, shows, changes and deletes projects of the service that runs, by calling it. */
export async function projectCommand(env: Env, args: readonly string[]): Promise<number> {
  const options = parseProjectOptions(args);
  const url = options.url ?? urlOfService(toConfig(env));
  await withClient(ProjectService, { url, token: options.token }, async (projects) => {
    if (options.command === "list") {
      const all = await listAll(projects, options.withDeleted);
      console.log(options.json ? JSON.stringify(all.map(toPlain)) : projectTable(all));
      return;
    }
    const project = await run(projects, options);
    console.log(options.json ? JSON.stringify(toPlain(project)) : projectText(project));
  });
  return 0;
}

async function run(projects: Projects, options: ProjectOptions): Promise<Project> {
  const { key: projectKey, name, limits } = options;
  switch (options.command) {
    case "create": {
      const mode = options.mode === "live" ? Mode.LIVE : Mode.TEST;
      const draft = { name: name ?? projectKey, mode, limits: withoutUnset(limits) };
      return required((await projects.createProject({ projectKey, draft })).project);
    }
    case "update": {
      const { version, limits: before } = await get(projects, projectKey);
      // All limits are replaced: those that aren't named stay as they are.
      const after = withoutUnset({ ...before, ...limits });
      const actions = [
        ...(name === undefined ? [] : [{ action: { case: "changeName", value: { name } } } as const]),
        ...(Object.keys(limits).length === 0
          ? []
          : [{ action: { case: "setLimits", value: { limits: after } } } as const]),
      ];
      const answer = await projects.updateProject({ projectKey, expectedVersion: version, actions });
      return required(answer.project);
    }
    case "delete": {
      const { version } = await get(projects, projectKey);
      const answer = await projects.deleteProject({ projectKey, expectedVersion: version });
      return untilDeleted(projects, required(answer.project));
    }
    default:
      return get(projects, projectKey);
  }
}

async function get(projects: Projects, projectKey: string): Promise<Project> {
  return required((await projects.getProject({ projectKey })).project);
}

async function listAll(projects: Projects, withDeleted: boolean): Promise<readonly Project[]> {
  const all: Project[] = [];
  let pageToken = "";
  do {
    const page = await projects.listProjects({ limit: 500, pageToken, withDeleted });
    all.push(...page.projects);
    pageToken = page.nextPageToken;
  } while (pageToken !== "");
  return all;
}

/** Shows how the deletion gets on. Whoever ends the command earlier doesn't end the deletion. */
async function untilDeleted(projects: Projects, deleted: Project): Promise<Project> {
  let project = deleted;
  let writtenAt = performance.now();
  while (project.state !== ProjectState.DELETED) {
    await sleep(POLL_MS);
    project = await get(projects, deleted.key);
    const isDone = project.state === ProjectState.DELETED;
    if (!process.stderr.isTTY && (isDone || performance.now() - writtenAt < QUIET_MS)) continue;
    writtenAt = performance.now();
    const line = `${deleted.key}: ${grouped(Number(project.deletion?.deletedRowCount))} rows deleted`;
    process.stderr.write(process.stderr.isTTY ? `\r${line}\u001b[K${isDone ? "\n" : ""}` : `${line}\n`);
  }
  return project;
}

const POLL_MS = 100;
/** Between two lines where nobody sees one that is written over. */
const QUIET_MS = 5000;

function withoutUnset<Values extends object>(values: Values): Values {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Values;
}

function toPlain(project: Project) {
  return toJson(ProjectSchema, project);
}

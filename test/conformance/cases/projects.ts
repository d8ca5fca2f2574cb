import { expect, test } from "vitest";
import { projectIdOf } from "../../../src/projects/project-id.ts";
import { projectOf } from "../../support/projects.ts";
import { failureOf } from "../failure.ts";
import { newGroup, TIMESTAMP, unique } from "../groups.ts";
import {
  DEFAULT_LIMITS,
  deleteProject,
  getProject,
  newProject,
  projectDraft,
  projectJson,
  updateProject,
} from "../projects.ts";
import { duplicate, limitReached, notFound } from "../stories.ts";
import type { Ground } from "../suite.ts";
import { requestIdReused } from "./request-id.ts";

const ALL_LIMITS = {
  customerGroups: 0,
  customers: 1_000_000_000,
  customTypes: 100_000,
  concurrentCalls: 0,
  callsPerSecond: 1_000_000,
};

export function projectCases(ground: () => Ground): void {
  test("creates a project with every limit", async () => {
    const { projects } = ground();
    const key = unique("whole");
    const project = await newProject(projects, { name: "Größe 🎁", limits: ALL_LIMITS }, key);
    expect(projectJson(project)).toEqual({
      id: projectIdOf(key),
      version: "1",
      createdAt: expect.stringMatching(TIMESTAMP),
      lastModifiedAt: projectJson(project).createdAt,
      key,
      name: "Größe 🎁",
      mode: "MODE_TEST",
      limits: ALL_LIMITS,
      state: "PROJECT_STATE_ACTIVE",
      self: `projects/${key}`,
    });
    expect(await getProject(projects, key)).toEqual(project);
  });

  test("gives a new project the limits that it doesn't name", async () => {
    const { projects } = ground();
    const project = await newProject(projects, { mode: "MODE_LIVE", limits: { customTypes: 5 } });
    const { mode, limits } = projectJson(project);
    expect({ mode, limits }).toEqual({ mode: "MODE_LIVE", limits: { ...DEFAULT_LIMITS, customTypes: 5 } });
    expect(projectJson(await newProject(projects)).limits).toEqual(DEFAULT_LIMITS);
  });

  test("knows the projects that were made at the start", async () => {
    const project = projectJson(await getProject(ground().projects, "live"));
    const { id, name, mode, limits, version } = project;
    const expected = { id: projectIdOf("live"), name: "live", mode: "MODE_LIVE", version: "1" };
    expect({ id, name, mode, limits, version }).toEqual({ ...expected, limits: DEFAULT_LIMITS });
  });

  test("applies actions in order, and replaces all limits", async () => {
    const { projects } = ground();
    const before = await newProject(projects, { limits: ALL_LIMITS });
    const after = await updateProject(
      projects,
      before,
      { changeName: { name: "Passing" } },
      { setLimits: {} },
      { setLimits: { limits: { customers: 7, concurrentCalls: 3 } } },
      { changeName: { name: "Last" } },
    );
    expect(projectJson(after)).toEqual({
      ...projectJson(before),
      version: "2",
      lastModifiedAt: expect.stringMatching(TIMESTAMP),
      name: "Last",
      limits: { ...DEFAULT_LIMITS, customers: 7, concurrentCalls: 3 },
    });
    expect(await getProject(projects, before.key)).toEqual(after);
  });

  test("leaves version and last_modified_at alone with what changes nothing", async () => {
    const { projects } = ground();
    const before = await newProject(projects, { limits: { customers: 7 } });
    expect(await updateProject(projects, before)).toEqual(before);
    const same = { setLimits: { limits: { customers: 7, customerGroups: 1000 } } };
    expect(await updateProject(projects, before, same)).toEqual(before);
  });

  test("a limit below what is there stops new ones, and takes nothing away", async () => {
    const { projects, groups } = ground();
    const before = await newProject(projects);
    const projectKey = before.key;
    for (let n = 0; n < 3; n += 1) await newGroup(groups, {}, projectKey);
    await updateProject(projects, before, { setLimits: { limits: { customerGroups: 1 } } });
    expect(await failureOf(newGroup(groups, {}, projectKey))).toEqual(limitReached("customer_groups", 1, 3));
    const { customerGroupCount } = await getProject(projects, projectKey);
    expect(customerGroupCount).toBe(3);
  });

  test("deletes a test project at once, and never gives its key again", async () => {
    const { projects, groups } = ground();
    const before = await newProject(projects);
    await newGroup(groups, { key: "vip" }, before.key);
    const deleted = await deleteProject(projects, before);
    expect(projectJson(deleted)).toMatchObject({
      version: "2",
      state: "PROJECT_STATE_DELETING",
      customerGroupCount: 1,
      deletion: { startedAt: projectJson(deleted).lastModifiedAt },
    });
    const gone = notFound("project", "key", before.key);
    expect(await failureOf(groups.queryCustomerGroups({ projectKey: before.key }))).toEqual(gone);
    expect(await failureOf(newGroup(groups, {}, before.key))).toEqual(gone);
    expect(await failureOf(deleteProject(projects, deleted))).toEqual(gone);
    expect(await failureOf(updateProject(projects, deleted))).toEqual(gone);
    expect(await failureOf(newProject(projects, {}, before.key))).toEqual(
      duplicate("project", "key", before.id),
    );
    expect((await getProject(projects, before.key)).version).toBe(2n);
  });

  test("answers repeated calls as it did first, also that of a deletion", async () => {
    const { projects } = ground();
    const projectKey = unique("again");
    const creation = { projectKey, draft: projectDraft(), requestId: unique("request") };
    const created = await projects.createProject(creation);
    expect(await projects.createProject(creation)).toEqual(created);
    const deletion = { projectKey, expectedVersion: 1n, requestId: unique("request") };
    const deleted = await projects.deleteProject(deletion);
    expect(await projects.deleteProject(deletion)).toEqual(deleted);
    const other = { ...deletion, expectedVersion: 2n };
    expect(await failureOf(projects.deleteProject(other))).toEqual(requestIdReused);
  });

  test("lists projects by their keys, in pages", async () => {
    const { projects } = ground();
    const prefix = unique("listed");
    const made = [];
    for (const letter of ["c", "a", "b"]) made.push(await newProject(projects, {}, `${prefix}-${letter}`));
    const walk = async (withDeleted: boolean) => {
      const keys: string[] = [];
      let pageToken = "";
      do {
        const page = await projects.listProjects({ limit: 3, pageToken, withDeleted });
        keys.push(...page.projects.map(({ key }) => key));
        pageToken = page.nextPageToken;
      } while (pageToken !== "");
      expect(keys).toEqual([...new Set(keys)].sort());
      return keys.filter((key) => key.startsWith(prefix));
    };
    const all = ["a", "b", "c"].map((letter) => `${prefix}-${letter}`);
    expect(await walk(false)).toEqual(all);
    const deleted = await deleteProject(projects, projectOf({ project: made[0] }));
    while ((await getProject(projects, deleted.key)).deletion?.finishedAt === undefined);
    expect(await walk(false)).toEqual(all.slice(0, 2));
    expect(await walk(true)).toEqual(all);
  });
}

import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { driverFault } from "../../src/db/driver-errors.ts";
import {
  type FlightProjects,
  KEYS,
  NOT_PLAIN,
  openFlightProjects,
  outcomesOf,
  projectIds,
  updateOf,
} from "./flight-projects.ts";
import { groupCreation } from "./writes.ts";

// What becomes of writes of several projects, which share statements, when one is refused or its answer is lost.

const [one, two, three] = projectIds;

let projects: FlightProjects;

beforeAll(async () => {
  projects = await openFlightProjects();
});
afterAll(() => projects.stop());

describe("a write that PostgreSQL refuses takes none of another project down:", () => {
  test.each([
    ["a name that is null", { name: null }, {}],
    ["text that it can't hold", { name: "a\0b" }, {}],
    ["a name that is null, among others that aren't plain", { name: null }, NOT_PLAIN],
    ["text that jsonb can't hold", { name: "a\0b" }, NOT_PLAIN],
  ])("%s", async (_, broken, changed) => {
    const good = Array.from({ length: 2 * KEYS.length }, () => groupCreation(changed));
    const commits = good.map((write, index) => projects.commit(projectIds[index % KEYS.length] ?? "", write));
    const refused = [two, two].map((projectId) =>
      projects.commit(projectId, groupCreation(broken)).catch((error: unknown) => driverFault(error)),
    );
    expect(await outcomesOf(commits)).toEqual(good.map(() => "ok"));
    expect(await Promise.all(refused)).toEqual(["refused", "refused"]);
    await projects.expectAllConsistent();
  });
});

describe("writes whose answer was lost with those of others are found, and made once:", () => {
  test.each([
    ["plain ones", {}],
    ["others", NOT_PLAIN],
  ])("%s", async (_, changed) => {
    const doomed = Array.from({ length: 3 * KEYS.length }, () => groupCreation({ ...DOOMED, ...changed }));
    const commits = doomed.map((write, index) =>
      projects.commit(projectIds[index % KEYS.length] ?? "", write),
    );
    await loseAnswers();
    expect(await projects.madeBy(doomed)).toEqual({ transactions: 1, changes: doomed.length });
    projects.proxy.loseAnswersTo(undefined);
    expect(await outcomesOf(commits)).toEqual(doomed.map(() => "ok"));
    expect(await projects.madeBy(doomed)).toEqual({ transactions: 1, changes: doomed.length });
    await projects.expectAllConsistent();
  });

  test("those that aren't plain, after the plain ones of the flight", async () => {
    const plain = Array.from({ length: 4 }, () => groupCreation());
    const doomed = Array.from({ length: 3 }, () => groupCreation({ ...DOOMED, ...NOT_PLAIN }));
    const commits = [
      ...plain.map((write, index) => projects.commit(index % 2 ? one : two, write)),
      ...doomed.map((write) => projects.commit(three, write)),
    ];
    await loseAnswers();
    expect(await projects.madeBy(plain)).toEqual({ transactions: 1, changes: 4 });
    expect(await projects.madeBy(doomed)).toEqual({ transactions: 1, changes: 3 });
    projects.proxy.loseAnswersTo(undefined);
    expect(await outcomesOf(commits)).toEqual(commits.map(() => "ok"));
    expect(await projects.madeBy([...plain, ...doomed])).toEqual({ transactions: 2, changes: 7 });
    await projects.expectAllConsistent();
  });

  test("many updates of one project", async () => {
    const groups = Array.from({ length: 10 }, () => groupCreation());
    await Promise.all(groups.map((group) => projects.commit(one, group)));
    const doomed = groups.map((group) => updateOf(group, DOOMED));
    const commits = doomed.map((write) => projects.commit(one, write));
    await loseAnswers();
    projects.proxy.loseAnswersTo(undefined);
    expect(await outcomesOf(commits)).toEqual(doomed.map(() => "ok"));
    expect(await projects.madeBy(doomed)).toEqual({ transactions: 1, changes: 10 });
    await projects.expectAllConsistent();
  });

  const DOOMED = { reference: "doomed" };

  async function loseAnswers(): Promise<void> {
    const lostBefore = projects.proxy.lost();
    projects.proxy.loseAnswersTo("doomed");
    while (projects.proxy.lost() === lostBefore) await sleep(1);
  }
});

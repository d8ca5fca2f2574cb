import { setTimeout as sleep } from "node:timers/promises";
import type { JsonObject } from "@bufbuild/protobuf";
import { ConnectError } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Sql } from "../../src/db/connection.ts";
import { failureOf } from "../conformance/failure.ts";
import { methods } from "../input/methods.ts";
import { pickOf, randomOf } from "../queries/random.ts";
import { addTo } from "../races/callers.ts";
import { expectConsistent, openSql } from "../support/consistency.ts";
import { describeFailure } from "../support/failures.ts";
import { startServiceOn, startTestService } from "../support/service.ts";
import { openCall } from "./call.ts";
import { type Content, fillProject } from "./content.ts";
import { MIXED, UNMIXED } from "./mixed-requests.ts";
import { marked, openOwners } from "./owners.ts";

// Callers of many projects, through two instances, on connections that break all the time: which is when
// an answer could reach another caller.

/** `npm run test:walls` asks for more. */
const CALLS = Number(process.env.WALLS_CALLS ?? 800);
const SEED = Number(process.env.WALLS_SEED ?? 1);
const CALLERS = 64;
const HOURS = 4 * 3_600_000;
const projectKeys = Array.from({ length: 20 }, (_, index) => `mixed-${String(index).padStart(2, "0")}`);

const owners = openOwners();
const random = randomOf(SEED);
const contents: Content[] = [];
let first: Awaited<ReturnType<typeof startTestService>>;
let second: Awaited<ReturnType<typeof startServiceOn>>;
let sql: Sql;

beforeAll(async () => {
  const env = { CLIENTELE_PROJECTS: projectKeys.join(",") };
  first = await startTestService(env);
  second = await startServiceOn(first.address, env);
  sql = openSql(first.address);
  const plain = openCall(createGrpcTransport({ baseUrl: first.baseUrl }));
  for (const projectKey of projectKeys) {
    const call: typeof plain = async (method, request) => {
      const answer = await plain(method, request);
      owners.foreignIn(projectKey, "", JSON.stringify(answer));
      owners.learn(answer);
      return answer;
    };
    contents.push(await fillProject(call, projectKey, marked(projectKey)));
  }
});
afterAll(async () => {
  await sql.end();
  await second.stop();
  await first.stop();
});

test("every method is among the mixed calls", () => {
  expect([...Object.keys(MIXED), ...UNMIXED].sort()).toEqual(methods.map(({ name }) => name).sort());
});

test("no answer holds what is another project's, while connections break", { timeout: HOURS }, async () => {
  const calls = openCallers();
  const killer = openKiller();
  await Promise.all(Array.from({ length: CALLERS }, (_, caller) => calls.run(caller)));
  const killed = await killer.stop();
  console.log(`${CALLS} calls, seed ${SEED}, ${killed} connections ended:`, calls.outcomes);

  const { outcomes } = calls;
  const unforeseen = Object.keys(outcomes).filter((outcome) => /^(Internal|Unimplemented)/.test(outcome));
  expect(unforeseen).toEqual([]);
  expect(outcomes.OK).toBeGreaterThan(CALLS / 10);
  for (const reason of ["NotFound RESOURCE_NOT_FOUND", "Unavailable BACKEND_UNAVAILABLE"])
    expect(outcomes[reason], reason).toBeGreaterThan(0);
  expect(Object.keys(calls.answered).sort()).toEqual(Object.keys(MIXED).sort());
  expect(killed).toBeGreaterThan(0);
  for (const projectKey of projectKeys) await expectConsistent(sql, projectKey);
});

function openCallers() {
  const ways = Array.from({ length: 8 }, (_, index) =>
    openCall(createGrpcTransport({ baseUrl: (index % 2 ? first : second).baseUrl })),
  );
  const outcomes: Record<string, number> = {};
  const answered: Record<string, number> = {};
  const spares = new Map<string, string>();
  const tokens = new Map<string, string>();
  let begun = 0;

  return { run, outcomes, answered };

  async function run(caller: number): Promise<void> {
    const call = pickOf(() => caller / CALLERS, ways);
    while (begun < CALLS || (unanswered().length > 0 && begun < 3 * CALLS)) {
      begun += 1;
      if (begun % 10_000 === 0) console.log(`${begun} of ${CALLS} calls`, outcomes);
      // Behind the mixed calls come those that no answer was had of, for half of all are refused on a busy machine.
      const method = pickOf(random, begun <= CALLS ? Object.keys(MIXED) : unanswered());
      const own = pickOf(random, contents);
      const request = { projectKey: own.projectKey, ...requestTo(method, own) };
      addTo(outcomes, { [await outcomeOf(call(method, request), own.projectKey, method, request)]: 1 });
    }
  }

  function unanswered(): string[] {
    return Object.keys(MIXED).filter((method) => answered[method] === undefined);
  }

  function requestTo(method: string, own: Content): JsonObject {
    const named = random() < 0.1 ? pickOf(random, contents) : own;
    const pageToken = tokens.get(`${method} ${pickOf(random, [own, named]).projectKey}`) ?? "";
    const ground = { random, own: withSpares(own), named: withSpares(named), text: marked(own.projectKey) };
    return MIXED[method]?.({ ...ground, pageToken, versionOf: owners.versionOf }) ?? {};
  }

  /** What was created on the way, for deletions. */
  function withSpares(content: Content): Content {
    const spare = (key: string) => spares.get(`${key} ${content.projectKey}`) ?? content.projectId;
    return { ...content, id: (key) => (key.startsWith("spare-") ? spare(key) : content.id(key)) };
  }

  async function outcomeOf(
    call: Promise<JsonObject>,
    projectKey: string,
    method: string,
    request: JsonObject,
  ): Promise<string> {
    const told = { method, request };
    try {
      const answer = await call;
      const foreign = owners.foreignIn(projectKey, JSON.stringify(request), JSON.stringify(answer));
      expect({ ...told, foreign }).toEqual({ ...told, foreign: [] });
      owners.learn(answer);
      addTo(answered, { [method]: 1 });
      if (typeof answer.nextPageToken === "string")
        tokens.set(`${method} ${projectKey}`, answer.nextPageToken);
      const [created] = Object.values(answer);
      const kind = /^Create(?:Custom(?=Type))?(?:Customer(?=Group))?(\w+)$/.exec(method)?.[1]?.toLowerCase();
      if (kind) spares.set(`spare-${kind} ${projectKey}`, `${(created as JsonObject).id}`);
      return "OK";
    } catch (error) {
      if (!(error instanceof ConnectError)) throw error;
      const story = await failureOf(Promise.reject(error));
      const foreign = owners.foreignIn(projectKey, JSON.stringify(request), JSON.stringify(story));
      expect({ ...told, story, foreign }).toEqual({ ...told, story, foreign: [] });
      const { code, reason } = describeFailure(error);
      return `${code} ${reason}`;
    }
  }
}

/** Ends a connection of the instances, which have 20, ten times a second. */
function openKiller() {
  let isStopped = false;
  let killed = 0;
  const running = (async () => {
    while (!isStopped) {
      await sleep(100);
      const rows = await sql`
        select pg_terminate_backend(pid)
        from pg_stat_activity
        where pid = (
          select pid
          from pg_stat_activity
          where datname = current_database() and pid <> pg_backend_pid()
          order by random()
          limit 1
        )`;
      killed += rows.length;
    }
  })();
  return {
    async stop(): Promise<number> {
      isStopped = true;
      await running;
      return killed;
    },
  };
}

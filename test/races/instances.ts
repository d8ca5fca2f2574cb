import { setTimeout as sleep } from "node:timers/promises";
import { ConnectError, type Interceptor } from "@connectrpc/connect";
import { openSql } from "../support/consistency.ts";
import { typeClient } from "../support/custom-types.ts";
import { customerClient } from "../support/customers.ts";
import { describeFailure } from "../support/failures.ts";
import { projectClient } from "../support/projects.ts";
import { groupClient, startServiceOn, startTestService } from "../support/service.ts";

/** Two instances of the service on one database, and callers of both, over connections of their own. */
export async function startInstances(projectKeys: string, interceptors: Interceptor[] = [patience]) {
  const env = { CLIENTELE_PROJECTS: projectKeys };
  const first = await startTestService(env);
  const second = await startServiceOn(first.address, env);
  const baseUrls = Array.from({ length: 8 }, (_, index) => (index % 2 ? first : second).baseUrl);
  const groups = baseUrls.map((baseUrl) => groupClient(baseUrl, interceptors));
  const types = baseUrls.map((baseUrl) => typeClient(baseUrl, interceptors));
  const customers = baseUrls.map((baseUrl) => customerClient(baseUrl, interceptors));
  const projects = baseUrls.map((baseUrl) => projectClient(baseUrl, interceptors));
  const sql = openSql(first.address);
  return {
    sql,
    /** The client of a caller; callers that follow each other use different instances. */
    groups: (caller: number) => ofCaller(groups, caller),
    types: (caller: number) => ofCaller(types, caller),
    customers: (caller: number) => ofCaller(customers, caller),
    projects: (caller: number) => ofCaller(projects, caller),
    async stop() {
      await sql.end();
      await second.stop();
      await first.stop();
    },
  };
}

/** Repeats a call that too much work was waiting for, as it is told to; nothing was written. */
export const patience: Interceptor = (next) => async (request) => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await next(request);
    } catch (error) {
      if (describeFailure(ConnectError.from(error)).reason !== "OVERLOADED" || attempt === 20) throw error;
      await sleep(50);
    }
  }
};

export type Instances = Awaited<ReturnType<typeof startInstances>>;

function ofCaller<Client>(clients: readonly Client[], caller: number): Client {
  const client = clients[caller % clients.length];
  if (!client) throw new Error("unreachable: there are clients");
  return client;
}

export function race<Result>(callers: number, call: (caller: number) => Promise<Result>): Promise<Result>[] {
  return Array.from({ length: callers }, (_, caller) => call(caller));
}

/** An eighth of the rounds in the usual run; `TEST_ROUNDS=all` runs them all. */
export function roundsOf(all: number): number {
  return process.env.TEST_ROUNDS === "all" ? all : Math.ceil(all / 8);
}

/** Runs `rounds` rounds, `atOnce` of them at a time. */
export async function runRounds(
  rounds: number,
  atOnce: number,
  runRound: (round: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      while (next < rounds) {
        next += 1;
        await runRound(next);
      }
    }),
  );
}

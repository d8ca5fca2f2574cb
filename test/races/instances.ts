import { openSql } from "../support/consistency.ts";
import { typeClient } from "../support/custom-types.ts";
import { groupClient, startServiceOn, startTestService } from "../support/service.ts";

/** Two instances of the service on one database, and callers of both, over connections of their own. */
export async function startInstances(projects: string) {
  const env = { CLIENTELE_PROJECTS: projects };
  const first = await startTestService(env);
  const second = await startServiceOn(first.address, env);
  const baseUrls = Array.from({ length: 8 }, (_, index) => (index % 2 ? first : second).baseUrl);
  const groups = baseUrls.map((baseUrl) => groupClient(baseUrl));
  const types = baseUrls.map((baseUrl) => typeClient(baseUrl));
  const sql = openSql(first.address);
  return {
    sql,
    /** The client of a caller; callers that follow each other use different instances. */
    groups: (caller: number) => ofCaller(groups, caller),
    types: (caller: number) => ofCaller(types, caller),
    async stop() {
      await sql.end();
      await second.stop();
      await first.stop();
    },
  };
}

export type Instances = Awaited<ReturnType<typeof startInstances>>;

function ofCaller<Client>(clients: readonly Client[], caller: number): Client {
  const client = clients[caller % clients.length];
  if (!client) throw new Error("unreachable: there are clients");
  return client;
}

export function race<Result>(callers: number, call: (caller: number) => Promise<Result>): Promise<Result>[] {
  return Array.from({ length: callers }, (_, caller) => call(caller));
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

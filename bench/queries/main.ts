import path from "node:path";
import { createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { CustomerService } from "../../gen/clientele/v1/customer_service_pb.ts";
import { runChild } from "../child.ts";
import { startContestant } from "../contestants/contestant.ts";
import { openBenchDatabase } from "../database.ts";
import { describeEnvironment } from "../environment.ts";
import { READ_PROJECT } from "../projects.ts";
import { type CleanUp, progress, runBench } from "../run.ts";
import { linesOf } from "./lines.ts";
import { type Client, measureLine } from "./measure-line.ts";
import { parseOptions, type QueryBenchOptions, USAGE } from "./options.ts";
import { type QueryBenchResult, toJsonText, toText } from "./report.ts";

await runBench({ usage: USAGE, parse: parseOptions, measure, toText, toJsonText });

async function measure(
  options: QueryBenchOptions,
  folder: string,
  cleanUps: CleanUp[],
): Promise<QueryBenchResult> {
  progress("starting PostgreSQL");
  const database = await openBenchDatabase(
    process.env.DATABASE_URL || undefined,
    path.join(folder, "postgres"),
  );
  cleanUps.push(database.close);
  progress(`seeding ${options.size.toLocaleString("en")} customers`);
  const url = await database.createDatabase("queries");
  await runChild("src/main.ts", {
    args: ["seed", "--customers", `${options.size}`, "--project", READ_PROJECT],
    env: { DATABASE_URL: url, CLIENTELE_PROJECTS: READ_PROJECT },
  });
  await database.analyze("queries");
  const contestant = await startContestant("ours", url);
  cleanUps.push(contestant.stop);

  const client: Client = createClient(
    CustomerService,
    createGrpcTransport({ baseUrl: `http://127.0.0.1:${contestant.port}` }),
  );
  const lines = [];
  for (const line of linesOf(options.size, await readCreated(client))) {
    progress(line.name);
    lines.push(await measureLine(client, line, options));
  }
  return { environment: describeEnvironment(database.settings), options, lines };
}

async function readCreated(client: Client) {
  const edge = async (sort: string) => {
    const { results } = await client.queryCustomers({ projectKey: READ_PROJECT, sort: [sort], limit: 1 });
    return new Date(Number(results[0]?.createdAt?.seconds ?? 0n) * 1000);
  };
  return { first: await edge("createdAt"), last: await edge("createdAt desc") };
}

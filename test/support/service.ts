import { createClient, type Interceptor } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { CustomerGroupService } from "../../gen/clientele/v1/customer_group_service_pb.ts";
import { openAuthentication } from "../../src/auth/authentication.ts";
import { readTlsFiles } from "../../src/commands/tls-files.ts";
import { type Env, toConfig } from "../../src/config.ts";
import type { DatabaseAddress } from "../../src/db/connection.ts";
import type { Log } from "../../src/log.ts";
import { startService } from "../../src/service.ts";
import { createDatabase } from "./database.ts";

export type LogLine = { readonly level: keyof Log; readonly fields: object; readonly message: string };

/** Starts the real service on a database of its own, with project `demo`. */
export async function startTestService(env: Env = {}, clock = () => new Date()) {
  const database = await createDatabase();
  const service = await startServiceOn(database, env, clock);
  return {
    ...service,
    address: database as DatabaseAddress,
    async stop() {
      await service.stop();
      await database.drop();
    },
  };
}

/** Starts the real service on a database that is there. `clock` is for what callers are asked. */
export async function startServiceOn(address: DatabaseAddress, env: Env = {}, clock = () => new Date()) {
  const logged: LogLine[] = [];
  const config = toConfig({ CLIENTELE_PORT: "0", CLIENTELE_DRAIN_SECONDS: "5", ...env });
  const log = collectingLog(logged);
  const authentication = await openAuthentication(config, clock, log);
  const service = await startService({ config, address, authentication, tls: readTlsFiles(config), log });
  return {
    ...service,
    baseUrl: `${config.tls ? "https" : "http"}://127.0.0.1:${service.port}`,
    logged,
    stop() {
      authentication.close();
      return service.stop();
    },
  };
}

/** A typed gRPC client with connections of its own. */
export function groupClient(baseUrl: string, interceptors: Interceptor[] = []) {
  return createClient(CustomerGroupService, createGrpcTransport({ baseUrl, interceptors }));
}

function collectingLog(lines: LogLine[]): Log {
  const write = (level: keyof Log) => (fields: object, message: string) => {
    lines.push({ level, fields, message });
  };
  return { info: write("info"), warn: write("warn"), error: write("error") };
}

import { createServer } from "node:http2";
import { Code, ConnectError } from "@connectrpc/connect";
import { connectNodeAdapter } from "@connectrpc/connect-node";
import postgres from "postgres";
import { CustomerGroupService } from "../../gen/clientele/v1/customer_group_service_pb.ts";
import { parseDatabaseUrl } from "../../src/db/address.ts";
import { handlers } from "./handlers.ts";
import { postgresStore } from "./postgres-store.ts";

// Connect as its own documentation serves it, without TLS, and postgres.js with its pool of ten: a query for
// each call, a transaction around each write.

const { host, port, user, password, database } = parseDatabaseUrl(process.env.DATABASE_URL ?? "");
const sql = postgres({
  host,
  port,
  user,
  ...(password === undefined ? {} : { password }),
  database,
  max: 10,
  types: { bigint: postgres.BigInt },
  transform: { column: { from: postgres.toCamel } },
});
const { getCustomerGroup, queryCustomerGroups, createCustomerGroup, updateCustomerGroup } = handlers(
  await postgresStore(sql),
);
const server = createServer(
  connectNodeAdapter({
    routes: (router) =>
      router.service(CustomerGroupService, {
        getCustomerGroup: withCodes(getCustomerGroup),
        queryCustomerGroups: withCodes(queryCustomerGroups),
        createCustomerGroup: withCodes(createCustomerGroup),
        updateCustomerGroup: withCodes(updateCustomerGroup),
      }),
  }),
);
server.listen(Number(process.env.PORT), "127.0.0.1");
process.once("SIGTERM", () => process.exit());

function withCodes<Request, Response>(handle: (request: Request) => Promise<Response>) {
  return async (request: Request): Promise<Response> => {
    try {
      return await handle(request);
    } catch (error) {
      if (error instanceof postgres.PostgresError && error.code === UNIQUE_VIOLATION) {
        throw new ConnectError("taken", Code.AlreadyExists);
      }
      const { code, message } = error as { readonly code?: unknown; readonly message: string };
      throw typeof code === "number" ? new ConnectError(message, code) : error;
    }
  };
}

const UNIQUE_VIOLATION = "23505";

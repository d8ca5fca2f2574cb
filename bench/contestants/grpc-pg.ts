import pg from "pg";
import { parseDatabaseUrl } from "../../src/db/address.ts";
import { serveGrpc } from "./grpc-server.ts";
import { handlers } from "./handlers.ts";
import { pgStore } from "./pg-store.ts";

// What one would write by hand with care: @grpc/grpc-js, pg with prepared statements, a transaction around
// each write. It neither checks requests nor knows deadlines, retries, request ids or typed errors.

const { host, port, user, password, database } = parseDatabaseUrl(process.env.DATABASE_URL ?? "");
const size = Number(process.env.POOL_SIZE);
const pool = new pg.Pool({ host, port, user, password, database, max: size, idleTimeoutMillis: 0 });
// Opened before the first call.
const clients = await Promise.all(Array.from({ length: size }, () => pool.connect()));
for (const client of clients) client.release();
await serveGrpc(handlers(pgStore(pool)), () => void pool.end());

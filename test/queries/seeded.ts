import { Mode } from "../../gen/clientele/v1/mode_pb.ts";
import { openConnection } from "../../src/db/connection.ts";
import { seedCustomers } from "../../src/seed/seed.ts";
import { PROJECT } from "../conformance/groups.ts";
import { startCustomers } from "../customers/customers.ts";

/** Starts the real service, with so many people, and what the database should know of them. */
export async function startSeeded(count: number) {
  const fixture = await startCustomers();
  const connection = openConnection(fixture.address, 30_000);
  try {
    await seedCustomers(
      connection,
      { id: fixture.projectId, key: PROJECT, mode: Mode.TEST },
      count,
      () => {},
    );
  } finally {
    await connection.close();
  }
  await fixture.sql`vacuum analyze`;
  return fixture;
}

import { type Find, reading, rowFinder } from "../db/find.ts";
import type { OfProject } from "../db/gather.ts";
import type { Reads } from "../db/reads.ts";
import { rowsBy } from "../db/table.ts";
import { canonicalEmail } from "./email.ts";
import { customersTable, type StoredCustomerRow } from "./store.ts";

/** Finds the customer that a ref names; concurrent look-ups share a statement. */
export function customerFinder(reads: Reads): Find<StoredCustomerRow> {
  const byIdOrKey = reading(rowFinder(reads, customersTable));
  const byEmail = reads.gather<StoredCustomerRow & OfProject>(
    rowsBy(customersTable, "email_canonical"),
    "emailCanonical",
  );
  return async (projectId, ref) => {
    if (ref.by !== "email") return byIdOrKey(projectId, ref);
    const canonical = canonicalEmail(ref.value);
    return canonical === undefined ? undefined : (await byEmail(projectId, canonical))?.read();
  };
}

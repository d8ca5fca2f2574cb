import { type Find, rowFinder } from "../db/find.ts";
import type { Reads } from "../db/reads.ts";
import { rowsBy } from "../db/table.ts";
import { canonicalEmail } from "./email.ts";
import { customersTable, type StoredCustomerRow } from "./store.ts";

/** Finds the customer that a ref names; concurrent look-ups share a statement. */
export function customerFinder(reads: Reads): Find<StoredCustomerRow> {
  const byIdOrKey = rowFinder(reads, customersTable);
  const byEmail = reads.gather(
    rowsBy(customersTable, "email_canonical"),
    (customer) => customer.emailCanonical,
  );
  return async (projectId, ref) => {
    if (ref.by !== "email") return byIdOrKey(projectId, ref);
    const canonical = canonicalEmail(ref.value);
    return canonical === undefined ? undefined : byEmail(projectId, canonical);
  };
}

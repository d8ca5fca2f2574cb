import type { ObjectListField } from "../predicates/field.ts";
import { column, columnField } from "../predicates/fields-of-columns.ts";
import { NUMBER, TEXT, TIME, words } from "../predicates/kinds.ts";

/** The orders of a customer. */
export const orders: ObjectListField = {
  form: "objects",
  fields: {
    orderId: columnField("order_id", TEXT, false),
    status: columnField("status", words("ORDER_STATUS_", ["pending", "placed", "cancelled"]), false),
    placedAt: columnField("placed_at", TIME),
    total: {
      form: "object",
      fields: {
        currencyCode: columnField("currency_code", TEXT, false),
        centAmount: columnField("cent_amount", NUMBER, false),
      },
      isDefined: ({ sql }) => sql`true`,
    },
    createdAt: columnField("created_at", TIME, false),
    lastModifiedAt: columnField("last_modified_at", TIME, false),
  },
  elements: (scope, of, alias) => scope.sql`
    from orders as ${scope.sql(alias)}
    where ${column("project_id")(scope, alias)} = ${scope.projectId}
      and ${column("customer_id")(scope, alias)} = ${column("id")(scope, of)}`,
  isEmpty: (scope, of) => scope.sql`not exists (
    select
    from orders o
    where o.project_id = ${scope.projectId} and o.customer_id = ${column("id")(scope, of)}
  )`,
};

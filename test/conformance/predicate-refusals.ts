import type { JsonObject } from "@bufbuild/protobuf";
import { typeFields } from "../../src/custom-types/fields.ts";
import { groupFields } from "../../src/customer-groups/fields.ts";
import { customerFields } from "../../src/customers/fields.ts";
import type { Fields } from "../../src/predicates/field.ts";
import { PROJECT } from "./groups.ts";
import type { Refusal } from "./obstacles.ts";
import type { Callers } from "./services.ts";
import { pageTokenInvalid, predicateRefused } from "./stories.ts";

const VALUE = ["a text", "a number", '"true"', '"false"', "a variable"];
const KIND = { rule: "predicate.kind" };
const VARIABLE = { rule: "predicate.variable" };

/** One refusal for each reason, of the service that is asked most. */
export const predicateRefusals: readonly Refusal[] = [
  {
    title: "a predicate that doesn't parse",
    call: queryCustomers(['key = "🎁" and\n  key = ']),
    says: () => notParsed("where[0]", [2, 9], "the end", VALUE),
  },
  {
    title: "a predicate about a field that there isn't",
    call: queryCustomers(["version = 1", "addresses is empty and nick = 1"]),
    says: () => unknownField("where[1]", 24, "nick", customerFields),
  },
  {
    title: "a predicate that is too complex",
    call: queryCustomers([`${"not ".repeat(33)}key = "a"`]),
    says: () => {
      const facts = { limit_name: "levels", limit: "32" };
      return predicateRefused("PREDICATE_TOO_COMPLEX", "where[0]", [1, 133], "more than 32 levels", facts);
    },
  },
  {
    title: "a value that doesn't suit its field",
    call: queryCustomers(["createdAt > :day"], { day: "yesterday" }),
    says: () => {
      const said = 'createdAt takes a text that is a time, like "2026-11-23T10:00:00Z", or a day';
      return predicateRefused("FIELD_INVALID", "where[0]", [1, 13], said, KIND);
    },
  },
];

/** The same of the other calls that take predicates. */
export const otherPredicateRefusals: readonly Refusal[] = [
  {
    title: "a predicate of groups that doesn't parse",
    call: ({ groups }) => groups.queryCustomerGroups({ projectKey: PROJECT, where: ["name is null"] }),
    says: () => notParsed("where[0]", [1, 9], '"null"', ['"not"', '"defined"', '"empty"']),
  },
  {
    title: "a predicate of groups about a field that there isn't",
    call: ({ groups }) => groups.queryCustomerGroups({ projectKey: PROJECT, where: ['email = "a"'] }),
    says: () => unknownField("where[0]", 1, "email", groupFields),
  },
  {
    title: "a predicate of types about a field that there isn't",
    call: ({ types }) => types.queryCustomTypes({ projectKey: PROJECT, where: ["custom is defined"] }),
    says: () => unknownField("where[0]", 1, "custom", typeFields),
  },
  {
    title: "a predicate of types with a variable that there isn't",
    call: ({ types }) =>
      types.queryCustomTypes({ projectKey: PROJECT, where: ["key in :keys"], variables: { key: ["a"] } }),
    says: () => {
      const said = "there is no variable keys in variables";
      return predicateRefused("FIELD_INVALID", "where[0]", [1, 8], said, VARIABLE);
    },
  },
  {
    title: "whether a customer exists, by a predicate that doesn't parse",
    call: ({ customers }) => customers.existsCustomer({ projectKey: PROJECT, target: predicate("key == 1") }),
    says: () => notParsed("predicate.where[0]", [1, 6], '"="', VALUE),
  },
  {
    title: "whether a customer exists, by a variable of another kind",
    call: ({ customers }) =>
      customers.existsCustomer({ projectKey: PROJECT, target: predicate("key = :key", { key: [null] }) }),
    says: () => {
      const said = "the variable key must be a text, a number or a boolean";
      return predicateRefused("FIELD_INVALID", "predicate.where[0]", [1, 7], said, VARIABLE);
    },
  },
  {
    title: "whether a group exists, by a field that there isn't",
    call: ({ groups }) => groups.existsCustomerGroup({ projectKey: PROJECT, target: predicate("nick = 1") }),
    says: () => unknownField("predicate.where[0]", 1, "nick", groupFields),
  },
  {
    title: "whether a type exists, by a predicate that is too complex",
    call: ({ types }) =>
      types.existsCustomType({ projectKey: PROJECT, target: predicate(`version < 1e${"9".repeat(30)}`) }),
    says: () =>
      predicateRefused(
        "PREDICATE_TOO_COMPLEX",
        "predicate.where[0]",
        [1, 11],
        "more than 400 digits of a number",
        {
          limit_name: "digits_of_a_number",
          limit: "400",
        },
      ),
  },
  {
    title: "a page token of a query with another variable",
    async call({ customers }) {
      const of = (name: string) => ({
        projectKey: PROJECT,
        where: ["email != :it"],
        variables: { it: name },
      });
      const { nextPageToken } = await customers.queryCustomers({ ...of("a"), limit: 1 });
      return customers.queryCustomers({ ...of("b"), limit: 1, pageToken: nextPageToken });
    },
    says: () => pageTokenInvalid,
  },
];

function queryCustomers(where: string[], variables: JsonObject = {}) {
  return ({ customers }: Callers) => customers.queryCustomers({ projectKey: PROJECT, where, variables });
}

function predicate(text: string, variables: JsonObject = {}) {
  return { case: "predicate" as const, value: { where: [text], variables } };
}

function notParsed(
  field: string,
  at: readonly [line: number, column: number],
  found: string,
  expected: readonly string[],
) {
  const list = expected.join(", ");
  const said = `found ${found}, expected ${expected.slice(0, -1).join(", ")} or ${expected.at(-1)}`;
  return predicateRefused("PREDICATE_SYNTAX", field, at, said, { found, expected: list });
}

function unknownField(field: string, column: number, name: string, fields: Fields) {
  const said = `there is no field "${name}"; these there are: ${Object.keys(fields).join(", ")}`;
  return predicateRefused("PREDICATE_UNKNOWN_FIELD", field, [1, column], said, { name });
}

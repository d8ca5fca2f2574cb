import type { MessageInitShape } from "@bufbuild/protobuf";
import type { Customer } from "../../gen/clientele/v1/customer_pb.ts";
import type { QueryCustomersRequestSchema } from "../../gen/clientele/v1/customer_service_pb.ts";
import { person } from "../../src/seed/people.ts";

export type Request = MessageInitShape<typeof QueryCustomersRequestSchema>;

/** What is asked for in one line of the table, in some variants that take turns. */
export type Line = {
  readonly name: string;
  readonly variants: readonly Request[];
  /** Whether a result is one of those that were asked for. */
  isRight(customer: Customer, request: Request): boolean;
};

/** @param created when the first and the last of the customers were created. */
export function linesOf(
  size: number,
  created: { readonly first: Date; readonly last: Date },
): readonly Line[] {
  const numbers = [1, 2, 3].map((part) => Math.floor((size * part) / 4) | 1);
  const variable = ({ variables }: Request, name: string) => variables?.[name];
  const span = created.last.getTime() - created.first.getTime();
  const momentAt = (part: number) => new Date(created.first.getTime() + span * part).toISOString();
  return [
    { name: "all, by id", variants: [{}], isRight: () => true },
    {
      name: "by email",
      variants: numbers.map((n) => ({
        where: ["lowercaseEmail = :email"],
        variables: { email: person(n).email.toUpperCase() },
      })),
      isRight: ({ email }, request) => email.toUpperCase() === variable(request, "email"),
    },
    {
      name: "by group (one in six)",
      variants: ["gold", "silver", "bronze"].map((group) => ({
        where: ["customerGroupAssignments(customerGroup(key = :group))"],
        variables: { group },
      })),
      isRight: ({ customerGroupAssignments }) => customerGroupAssignments.length > 0,
    },
    {
      name: "by custom field (one in 1,300)",
      variants: ["store-7", "store-500", "store-999"].map((store) => ({
        where: ["custom(fields(favouriteStore = :store))"],
        variables: { store },
      })),
      isRight: ({ custom }, request) => custom?.fields?.favouriteStore === variable(request, "store"),
    },
    {
      name: "by custom field (one in 13)",
      variants: [{ where: ['custom(fields(tier = "gold"))'] }],
      isRight: ({ custom }) => custom?.fields?.tier === "gold",
    },
    {
      name: "by custom field and metadata",
      variants: [200, 500, 900].map((points) => ({
        where: ['custom(fields(tier = "platinum"))', "metadata(points < :points)"],
        variables: { points },
      })),
      isRight: ({ custom, metadata }, request) =>
        custom?.fields?.tier === "platinum" && Number(metadata?.points) < Number(variable(request, "points")),
    },
    {
      name: "created in a range, newest first",
      variants: [0.1, 0.4, 0.7].map((part) => ({
        where: ["createdAt >= :from and createdAt < :to"],
        variables: { from: momentAt(part), to: momentAt(part + 0.2) },
        sort: ["createdAt desc"],
      })),
      isRight: () => true,
    },
    {
      name: "by last name, first name first",
      variants: ["Ito", "Müller", "Novák"].map((name) => ({
        where: ["lastName = :name"],
        variables: { name },
        sort: ["lastName"],
      })),
      isRight: ({ lastName }, request) => lastName === variable(request, "name"),
    },
  ];
}

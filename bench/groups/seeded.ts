import { create, toBinary } from "@bufbuild/protobuf";
import { CreateCustomerGroupRequestSchema } from "../../gen/clientele/v1/customer_group_service_pb.ts";

/** What there is of groups: those with the numbers below `rows`, in each of the projects. */
export type SeededGroups = {
  readonly projects: readonly string[];
  readonly rows: number;
  /** Where groups are created. */
  readonly createProjects?: readonly string[];
};

/** The order of ids is that of numbers, and they come before those of all groups that are created. */
export function seededId(number: number): string {
  return `${ID_START}${number.toString(16).padStart(12, "0")}`;
}

export const ID_START = "01900000-0000-7000-8000-";
export const ID_HEX_DIGITS = 12;
/** How many digits a number has in a name and a key. */
export const NUMBER_DIGITS = 9;

export function numberText(number: number): string {
  return `${number}`.padStart(NUMBER_DIGITS, "0");
}

/** A group as a shop would make it: every scalar, two markets, a little metadata. */
export function draftOf(number: string) {
  return {
    name: `Gold members ${number}`,
    key: `gold-${number}`,
    reference: "crm-segment-0042",
    referenceOrigin: "crm",
    priceListId: "price-list-eu",
    marketIds: ["market-de", "market-fr"],
    metadata: { tier: "gold", discountPercent: 10, channels: ["web", "app"] },
  };
}

export function createRequest(projectKey: string, number: string): Uint8Array {
  return toBinary(
    CreateCustomerGroupRequestSchema,
    create(CreateCustomerGroupRequestSchema, { projectKey, draft: draftOf(number) }),
  );
}

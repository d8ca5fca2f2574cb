import type { JsonObject } from "@bufbuild/protobuf";
import type { Customer } from "../../gen/clientele/v1/customer_pb.ts";
import { customerJson, uniqueEmail } from "./customers.ts";
import { unique } from "./groups.ts";

/** The texts of a customer, as a draft and an answer name them. */
export function customerTexts() {
  return {
    email: uniqueEmail(),
    key: unique("customer"),
    customerNumber: unique("No. 1 / ä"),
    externalId: "crm-4711",
    firstName: "Zoë",
    lastName: "O'Neil 🎁",
    middleName: "d'",
    title: "Dr.",
    salutation: "Ms.",
    dateOfBirth: "2000-02-29",
    companyName: "Ärzte & Söhne",
    vatId: "DE123456789",
    locale: "zh-Hant-TW",
  };
}

/** The action that sets what is called so. */
export function setting(name: string): string {
  return `set${name.slice(0, 1).toUpperCase()}${name.slice(1)}`;
}

/** What no action changes. */
export function kept(customer: Customer): JsonObject {
  const { id = "", createdAt = "", status = "", mode = "", self = "" } = customerJson(customer);
  return { id, createdAt, status, mode, self };
}

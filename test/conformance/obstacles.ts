import { randomUUID } from "node:crypto";
import type { CustomType } from "../../gen/clientele/v1/custom_type_pb.ts";
import type { CustomerGroup } from "../../gen/clientele/v1/customer_group_pb.ts";
import { type CustomerObstacles, setCustomerObstacles } from "./customer-obstacles.ts";
import type { FailureStory } from "./failure.ts";
import { newGroup, unique, update } from "./groups.ts";
import type { Callers } from "./services.ts";
import { custom, FIELD_NAMES, field, fields, newType, updateType } from "./types.ts";

/** What the refused calls run into. */
export type Obstacles = CustomerObstacles & {
  /** Holds a name and a key. */
  readonly holder: CustomerGroup;
  /** Of version 2, without attachments and custom fields. */
  readonly group: CustomerGroup;
  /** Of another project. */
  readonly foreign: CustomerGroup;
  /** Nobody's. */
  readonly id: string;
  readonly name: string;
  /** Of version 2, for groups, with a field of every kind; two groups have it. */
  readonly type: CustomType;
  /** Has `type`, and a `tier` alone. */
  readonly typed: CustomerGroup;
  /** Requires `note`, and has `score`; one group has it. */
  readonly strict: CustomType;
  /** Has `strict` and a `note`. */
  readonly strictGroup: CustomerGroup;
  /** Has a field that no other type has, of text. */
  readonly lone: CustomType;
  readonly loneField: string;
  /** Of customers and addresses. */
  readonly notForGroups: CustomType;
  /** Of another project. */
  readonly foreignType: CustomType;
};

export type Refusal = {
  readonly title: string;
  readonly call: (callers: Callers, obstacles: Obstacles) => Promise<unknown>;
  readonly says: (obstacles: Obstacles) => FailureStory;
};

export async function setObstacles(callers: Callers): Promise<Obstacles> {
  const { groups, types } = callers;
  const fresh = await newGroup(groups);
  const type = await updateType(types, await newType(types, fields(...FIELD_NAMES)), {
    setReference: { reference: "t" },
  });
  const strict = await newType(types, {
    fieldDefinitions: [field("note", { required: true }), field("score")],
  });
  await newGroup(groups, { custom: custom(type) });
  const loneField = unique("f");
  return {
    holder: await newGroup(groups, { key: unique("holder") }),
    group: await update(groups, fresh, [{ case: "setPriceList", value: { priceListId: "p" } }]),
    foreign: await newGroup(groups, { key: unique("foreign") }, "live"),
    id: randomUUID(),
    name: unique("Free"),
    type,
    typed: await newGroup(groups, { custom: custom(type, { tier: "gold" }) }),
    strict,
    strictGroup: await newGroup(groups, { custom: custom(strict, { note: "n" }) }),
    lone: await newType(types, { fieldDefinitions: [{ name: loneField, type: { string: {} } }] }),
    loneField,
    notForGroups: await newType(types, {
      resourceTypes: ["RESOURCE_TYPE_CUSTOMER", "RESOURCE_TYPE_ADDRESS"],
    }),
    foreignType: await newType(types, {}, "live"),
    ...(await setCustomerObstacles(callers)),
  };
}

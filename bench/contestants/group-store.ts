import type { JsonObject, JsonValue } from "@bufbuild/protobuf";
import type { CustomerGroupDraft } from "../../gen/clientele/v1/customer_group_service_pb.ts";

export type GroupRow = {
  readonly id: string;
  readonly version: bigint;
  readonly createdAt: Date;
  readonly lastModifiedAt: Date;
  readonly key: string | null;
  readonly name: string;
  readonly reference: string | null;
  readonly referenceOrigin: string | null;
  readonly metadata: JsonObject | null;
  readonly priceListId: string | null;
  readonly marketIds: string[];
};

export type Creation = {
  readonly id: string;
  readonly draft: CustomerGroupDraft;
  readonly actions: JsonValue[];
};
export type PriceListUpdate = {
  readonly id: string;
  readonly expectedVersion: bigint;
  readonly priceListId: string | null;
  readonly actions: JsonValue[];
};

/** What those do with PostgreSQL who are written by hand: one short statement for a read; for a write the row and its change, in one transaction. */
export type GroupStore = {
  findGroup(by: "id" | "key", projectId: string, value: string): Promise<GroupRow | undefined>;
  listGroups(projectId: string, after: string | null, offset: number, limit: number): Promise<GroupRow[]>;
  insertGroup(projectId: string, creation: Creation): Promise<GroupRow>;
  /** Undefined when there is no such group in this version. */
  updatePriceList(projectId: string, update: PriceListUpdate): Promise<GroupRow | undefined>;
};

/** A project that holds as many groups as it may; the code is gRPC's. */
export function projectIsFull(): Error {
  return Object.assign(new Error("the project is full"), { code: 8 });
}

import type { JsonObject } from "@bufbuild/protobuf";
import type { CustomState } from "../custom-fields/state.ts";

export type AttachmentState = {
  readonly id: string;
  readonly name: string;
  readonly description: string | null;
  readonly url: string | null;
  readonly reference: string | null;
};

/** The part of a group that its users decide. */
export type GroupState = CustomState & {
  readonly key: string | null;
  readonly name: string;
  readonly reference: string | null;
  readonly referenceOrigin: string | null;
  readonly metadata: JsonObject | null;
  readonly priceListId: string | null;
  readonly marketIds: readonly string[];
  readonly attachments: readonly AttachmentState[];
};

/** At most so many of each on one group. */
export const MAX_MARKETS = 500;
export const MAX_ATTACHMENTS = 100;

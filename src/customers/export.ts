import { create, fromJsonString, toBinary } from "@bufbuild/protobuf";
import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import type { ServiceImpl } from "@connectrpc/connect";
import {
  type CustomerService,
  type ExportCustomerResponse_Part,
  ExportCustomerResponse_PartSchema,
  RecordOrderResponseSchema,
} from "../../gen/clientele/v1/customer_service_pb.ts";
import { toMessage as toChange } from "../changes/message.ts";
import { listCustomerChanges } from "../changes/store.ts";
import type { Database } from "../db/database.ts";
import type { Lookup } from "../lookup.ts";
import { toMessage as toOrder } from "../orders/message.ts";
import { listOrders } from "../orders/store.ts";
import { MAX_PAGE_BYTES } from "../paging/limits.ts";
import type { PageTokens } from "../paging/page-token.ts";
import type { Projects } from "../projects/projects.ts";
import { listRememberedOf } from "../requests/store.ts";
import { toMessage } from "./message.ts";
import type { StoredCustomerRow } from "./store.ts";

export type ExportOptions = {
  readonly db: Database;
  readonly projects: Projects;
  readonly tokens: PageTokens;
  readonly customers: Lookup<StoredCustomerRow>;
};

/** A piece of what is held, and where the next page begins when this was the last of its section. */
type Piece = {
  readonly part: ExportCustomerResponse_Part["part"];
  readonly at: string;
};

/** ExportCustomer: one section after the other, each in pages. */
export function exportHandlers({
  db: { reads },
  projects,
  tokens,
  customers,
}: ExportOptions): Pick<ServiceImpl<typeof CustomerService>, "exportCustomer"> {
  return {
    async exportCustomer({ projectKey, ref, limit = DEFAULT_LIMIT, pageToken }) {
      const project = await projects.recall(projectKey);
      const customer = await customers.require(project.id, ref);
      const identity = { projectId: project.id, method: "ExportCustomer", sort: [], filter: customer.id };
      const [begun, after] = pageToken === "" ? [undefined, undefined] : tokens.open(identity, pageToken);
      const sections: Readonly<Record<Section, Load>> = {
        customer: async () => [{ part: { case: "customer", value: toMessage(customer, project) }, at: "" }],
        orders: async (from, most) =>
          (await reads.query(project.id, listOrders(project.id, customer.id, from, most))).map((row) => ({
            part: { case: "order", value: toOrder(row) },
            at: row.orderId,
          })),
        changes: async (from, most) =>
          (
            await reads.query(
              project.id,
              listCustomerChanges(project.id, customer.id, from || "0", most, MAX_PART_BYTES),
            )
          ).map((row) => ({
            part: { case: "change", value: toChange(row) },
            at: `${row.sequence}`,
          })),
        rememberedCalls: async (from, most) =>
          (
            await reads.query(
              project.id,
              listRememberedOf(project.id, customer.id, from || ZERO, most, MAX_PART_BYTES),
            )
          ).map(({ requestKey, at, answer }) => ({
            part: {
              case: "rememberedCall",
              value: {
                $typeName: "clientele.v1.ExportCustomerResponse.RememberedCall",
                at: timestampFromDate(at),
                answer: inBinary(answer),
              },
            },
            at: requestKey,
          })),
      };

      const section = SECTIONS.find((name) => name === begun) ?? "customer";
      const pieces = await sections[section](after ?? "", limit);
      // Nothing is an answer only of a project that is still there.
      if (pieces.length === 0) await projects.require(projectKey);
      const next =
        pieces.length > 0 && section !== "customer" ? [section, pieces.at(-1)?.at ?? ""] : following(section);
      return {
        parts: pieces.map(({ part }) => create(ExportCustomerResponse_PartSchema, { part })),
        nextPageToken: next ? tokens.seal(identity, next) : "",
      };
    },
  };
}

const SECTIONS = ["customer", "orders", "changes", "rememberedCalls"] as const;
type Section = (typeof SECTIONS)[number];
type Load = (after: string, limit: number) => Promise<readonly Piece[]>;

function following(section: Section): readonly [Section, string] | undefined {
  const name = SECTIONS[SECTIONS.indexOf(section) + 1];
  return name && [name, ""];
}

/** What is remembered of RecordOrder is JSON; of the other calls about a customer, binary, which never begins so. */
function inBinary(answer: Uint8Array): Uint8Array<ArrayBuffer> {
  const text = Buffer.from(answer).toString();
  if (!text.startsWith("{")) return Uint8Array.from(answer);
  return toBinary(RecordOrderResponseSchema, fromJsonString(RecordOrderResponseSchema, text));
}

const DEFAULT_LIMIT = 20;
/** As they are stored, of what is sent in a larger form. */
const MAX_PART_BYTES = MAX_PAGE_BYTES / 4;
const ZERO = "00000000-0000-0000-0000-000000000000";

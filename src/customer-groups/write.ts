import { CustomerGroupSchema } from "../../gen/clientele/v1/customer_group_pb.ts";
import { customWriter } from "../custom-fields/write.ts";
import type { RawRows } from "../db/raw-rows.ts";
import { fieldOf, jsonWriter } from "../encoding/columns.ts";
import { compileField, DELIMITED, tagOf } from "../encoding/encoder.ts";
import { compileRow, ofColumn, type RowWriter } from "../encoding/row-writer.ts";
import type { Project } from "../projects/projects.ts";
import { actorWriter } from "../resource.ts";
import { toAttachment } from "./message.ts";
import type { AttachmentState } from "./state.ts";
import type { StoredGroupRow } from "./store.ts";

/** Writes what `toMessage` would make of a row with nothing expanded. */
export function groupWriter(rows: RawRows<StoredGroupRow>, { key, mode }: Project): RowWriter {
  const self = Buffer.from(`projects/${key}/customer-groups/`);
  const id = rows.indexOf("id");
  const writeRow = writersOf(rows);
  return (row, out) => {
    writeRow(row, out);
    writeMode(mode, out);
    const begin = row.begins[id] ?? 0;
    const end = row.ends[id] ?? 0;
    out.tag(SELF_TAG);
    out.uint32(self.length + end - begin);
    out.raw(self, 0, self.length);
    out.raw(row.bytes, begin, end);
  };
}

const field = (name: string) => fieldOf(CustomerGroupSchema, name);
const SELF_TAG = tagOf(field("self").number, DELIMITED);
const writeMode = compileField(field("mode"));
const writeAttachments = jsonWriter(field("attachments"), (list: AttachmentState[]) =>
  list.map(toAttachment),
);

const writersOf = compileRow(CustomerGroupSchema, [
  "id",
  "version",
  "createdAt",
  ofColumn("createdBy", actorWriter(field("createdBy"))),
  "lastModifiedAt",
  ofColumn("lastModifiedBy", actorWriter(field("lastModifiedBy"))),
  "key",
  "name",
  "reference",
  "referenceOrigin",
  "metadata",
  "priceListId",
  "marketIds",
  ofColumn("attachments", writeAttachments),
  customWriter(CustomerGroupSchema),
  "customerCount",
]);

import type { DescMessage } from "@bufbuild/protobuf";
import { CustomFieldsSchema } from "../../gen/clientele/v1/custom_fields_pb.ts";
import { CustomTypeReferenceSchema } from "../../gen/clientele/v1/custom_type_pb.ts";
import { NULL, type RawRows } from "../db/raw-rows.ts";
import { columnWriter, fieldOf } from "../encoding/columns.ts";
import { DELIMITED, tagOf } from "../encoding/encoder.ts";
import { ofColumn, type RowWriter } from "../encoding/row-writer.ts";

/** Writes the custom fields of a row, nothing expanded: see `customMessage`. */
export function customWriter(desc: DescMessage): (rows: RawRows<object>) => RowWriter {
  const tag = tagOf(fieldOf(desc, "custom").number, DELIMITED);
  return (rows) => {
    const typeIndex = rows.indexOf("customTypeId");
    const writeTypeId = typeIdWriter(rows);
    const writeFields = fieldsWriter(rows);
    return (row, out) => {
      if (row.ends[typeIndex] === NULL) return;
      out.tag(tag);
      const start = out.fork();
      out.tag(TYPE_TAG);
      const type = out.fork();
      writeTypeId(row, out);
      out.join(type);
      writeFields(row, out);
      out.join(start);
    };
  };
}

const TYPE_TAG = tagOf(fieldOf(CustomFieldsSchema, "type").number, DELIMITED);
const typeIdWriter = ofColumn("customTypeId", columnWriter(fieldOf(CustomTypeReferenceSchema, "id")));
const fieldsWriter = ofColumn("customFields", columnWriter(fieldOf(CustomFieldsSchema, "fields")));

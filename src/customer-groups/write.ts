import { type CustomerGroup, CustomerGroupSchema } from "../../gen/clientele/v1/customer_group_pb.ts";
import { customWriter } from "../custom-fields/write.ts";
import type { FoundRow } from "../db/found-row.ts";
import type { RawRow, RawRows } from "../db/raw-rows.ts";
import { fieldOf, jsonWriter } from "../encoding/columns.ts";
import type { Encoded } from "../encoding/encoded.ts";
import {
  compileField,
  DELIMITED,
  type FieldWriters,
  OWN_FIELDS,
  type OwnFields,
  tagOf,
} from "../encoding/encoder.ts";
import { compileRow, ofColumn, type RowWriter } from "../encoding/row-writer.ts";
import type { PageResults } from "../paging/page-message.ts";
import type { Project } from "../projects/projects.ts";
import { actorWriter } from "../resource.ts";
import { toAttachment, toMessage } from "./message.ts";
import type { AttachmentState } from "./state.ts";
import type { StoredGroupRow } from "./store.ts";

/** An answer with a group, nothing expanded: a message is only made of it when it is asked for, which the encoder never does. */
export class FoundGroup implements OwnFields {
  readonly $typeName = "clientele.v1.GetCustomerGroupResponse";
  readonly #found: FoundRow<StoredGroupRow>;
  readonly #project: Project;
  #made: CustomerGroup | undefined;

  constructor(found: FoundRow<StoredGroupRow>, project: Project) {
    this.#found = found;
    this.#project = project;
  }

  get customerGroup(): CustomerGroup {
    this.#made ??= toMessage(this.#found.read(), this.#project);
    return this.#made;
  }

  get [OWN_FIELDS](): FieldWriters<FoundGroup> {
    return FoundGroup.#writers;
  }

  static readonly #writers: FieldWriters<FoundGroup> = {
    customerGroup(answer, tag, out) {
      const found = answer.#found;
      out.tag(tag);
      const start = out.fork();
      groupWriter(found.rows, answer.#project)(found.text, out);
      out.join(start);
    },
  };
}

/** An answer with a group that was encoded before, to know its size. */
export class WrittenGroup<TypeName extends string> implements OwnFields {
  readonly $typeName: TypeName;
  readonly customerGroup: CustomerGroup;
  readonly #bytes: Uint8Array;

  constructor(typeName: TypeName, { message, bytes }: Encoded<CustomerGroup>) {
    this.$typeName = typeName;
    this.customerGroup = message;
    this.#bytes = bytes;
  }

  get [OWN_FIELDS](): FieldWriters<WrittenGroup<string>> {
    return WrittenGroup.#writers;
  }

  static readonly #writers: FieldWriters<WrittenGroup<string>> = {
    customerGroup(answer, tag, out) {
      out.tag(tag);
      out.bytes(answer.#bytes);
    },
  };
}

/** The rows of a page with nothing expanded. */
export function plainResults(
  rows: RawRows<StoredGroupRow>,
  project: Project,
): PageResults<RawRow, CustomerGroup> {
  const write = groupWriter(rows, project);
  return {
    items: rows.rows,
    toMessage: (row) => toMessage(rows.readRow(row), project),
    write: (row, out) => write(rows.textOf(row), out),
  };
}

/** Writes what `toMessage` would make of a row with nothing expanded. */
function groupWriter(rows: RawRows<StoredGroupRow>, project: Project): RowWriter {
  const { mode } = project;
  const self = selfOf(project);
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

function selfOf(project: Project): Buffer {
  let self = selves.get(project);
  if (!self) {
    self = Buffer.from(`projects/${project.key}/customer-groups/`);
    selves.set(project, self);
  }
  return self;
}

/** Projects are remembered, so that this is made once for each. */
const selves = new WeakMap<Project, Buffer>();

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

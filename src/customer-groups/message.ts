import type { Attachment } from "../../gen/clientele/v1/attachment_pb.ts";
import type { CustomerGroup } from "../../gen/clientele/v1/customer_group_pb.ts";
import type { Expanded } from "../custom-fields/expand.ts";
import { customMessage } from "../custom-fields/message.ts";
import type { Project } from "../projects/projects.ts";
import { headerMessage } from "../resource.ts";
import type { AttachmentState } from "./state.ts";
import type { GroupRow } from "./store.ts";

/** A literal rather than `create()`, which costs several times as much. */
export function toMessage(row: GroupRow, project: Project, expanded?: Expanded): CustomerGroup {
  const message: CustomerGroup = {
    $typeName: "clientele.v1.CustomerGroup",
    ...headerMessage(row),
    name: row.name,
    marketIds: [...row.marketIds],
    attachments: row.attachments.map(toAttachment),
    customerCount: row.customerCount,
    mode: project.mode,
    self: `projects/${project.key}/customer-groups/${row.id}`,
  };
  if (row.key !== null) message.key = row.key;
  if (row.reference !== null) message.reference = row.reference;
  if (row.referenceOrigin !== null) message.referenceOrigin = row.referenceOrigin;
  if (row.metadata !== null) message.metadata = row.metadata;
  if (row.priceListId !== null) message.priceListId = row.priceListId;
  const custom = customMessage(row, expanded);
  if (custom) message.custom = custom;
  return message;
}

export function toAttachment({ id, name, description, url, reference }: AttachmentState): Attachment {
  const message: Attachment = { $typeName: "clientele.v1.Attachment", id, name };
  if (description !== null) message.description = description;
  if (url !== null) message.url = url;
  if (reference !== null) message.reference = reference;
  return message;
}

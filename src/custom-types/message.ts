import type { CustomType } from "../../gen/clientele/v1/custom_type_pb.ts";
import type { Project } from "../projects/projects.ts";
import { headerMessage } from "../resource.ts";
import { toDefinition } from "./definition.ts";
import { toResourceType } from "./resource-types.ts";
import type { CustomTypeRow } from "./store.ts";

export function toMessage(row: CustomTypeRow, project: Project): CustomType {
  const message: CustomType = {
    $typeName: "clientele.v1.CustomType",
    ...headerMessage(row),
    key: row.key,
    name: row.name,
    description: row.description,
    resourceTypes: row.resourceTypes.map(toResourceType),
    fieldDefinitions: row.fieldDefinitions.map(toDefinition),
    mode: project.mode,
    self: `projects/${project.key}/custom-types/${row.id}`,
  };
  if (row.reference !== null) message.reference = row.reference;
  if (row.referenceOrigin !== null) message.referenceOrigin = row.referenceOrigin;
  if (row.metadata !== null) message.metadata = row.metadata;
  return message;
}

import { ResourceType } from "../../gen/clientele/v1/resource_type_pb.ts";
import type { CustomizableResource } from "./state.ts";

const NAMES: Readonly<Record<ResourceType, CustomizableResource | undefined>> = {
  [ResourceType.UNSPECIFIED]: undefined,
  [ResourceType.CUSTOMER_GROUP]: "customer-group",
  [ResourceType.CUSTOMER]: "customer",
  [ResourceType.ADDRESS]: "address",
};

const VALUES: Readonly<Record<CustomizableResource, ResourceType>> = {
  "customer-group": ResourceType.CUSTOMER_GROUP,
  customer: ResourceType.CUSTOMER,
  address: ResourceType.ADDRESS,
};

export function toResourceName(type: ResourceType): CustomizableResource {
  const name = NAMES[type];
  if (!name) throw new Error("unreachable: the validator refuses other resource types");
  return name;
}

export function toResourceType(name: CustomizableResource): ResourceType {
  return VALUES[name];
}

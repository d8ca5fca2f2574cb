import { randomUUIDv7 } from "node:crypto";
import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { CustomTypeDraftSchema } from "../../gen/clientele/v1/custom_type_service_pb.ts";
import { ResourceType } from "../../gen/clientele/v1/resource_type_pb.ts";
import type { KnownTypes } from "../custom-fields/state.ts";
import { stateOfDraft } from "../custom-types/actions.ts";
import { typeColumns } from "../custom-types/commit.ts";
import { toMessage } from "../custom-types/message.ts";
import { commitCustomTypes, customTypesTable } from "../custom-types/store.ts";
import type { Connection } from "../db/connection.ts";
import { listRowsBy } from "../db/table.ts";
import type { Project } from "../projects/projects.ts";
import { newHeader } from "../resource.ts";
import { SHOPPER_TYPE_KEY, TIERS } from "./people.ts";

const DRAFT: MessageInitShape<typeof CustomTypeDraftSchema> = {
  key: SHOPPER_TYPE_KEY,
  name: { en: "Shopper" },
  resourceTypes: [ResourceType.CUSTOMER],
  fieldDefinitions: [
    {
      name: "tier",
      type: {
        type: { case: "enum", value: { values: TIERS.map((key) => ({ key, label: key })) } },
      },
    },
    { name: "favouriteStore", type: { type: { case: "string", value: {} } } },
  ],
};

/** The custom type of the people; makes it unless it is there. */
export async function ensureShopperType(
  { run }: Pick<Connection, "run">,
  project: Project,
): Promise<KnownTypes> {
  const findType = async () =>
    (await run(listRowsBy(customTypesTable, "key", project.id, [SHOPPER_TYPE_KEY])))[0];
  if (!(await findType())) {
    const [made] = await run(commitCustomTypes(project.id, JSON.stringify([newType(project)]), false));
    if (made?.outcome !== "ok") throw new Error(`the custom type can't be made: ${made?.outcome}`);
  }
  const type = await findType();
  return { get: () => type };
}

function newType(project: Project) {
  const at = new Date();
  const type = {
    ...stateOfDraft(create(CustomTypeDraftSchema, DRAFT)),
    ...newHeader(randomUUIDv7(), null, at),
  };
  return {
    kind: "create",
    write_id: randomUUIDv7(),
    at: at.toISOString(),
    actor: null,
    actions: [{ create: { key: type.key } }],
    id: type.id,
    expected_version: "0",
    ...typeColumns(type, toMessage(type, project), []),
  };
}

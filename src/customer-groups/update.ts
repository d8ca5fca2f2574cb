import { randomUUIDv7 } from "node:crypto";
import { toJson } from "@bufbuild/protobuf";
import type { ServiceImpl } from "@connectrpc/connect";
import { CustomerGroupSchema } from "../../gen/clientele/v1/customer_group_pb.ts";
import {
  type CustomerGroupService,
  CustomerGroupUpdateActionSchema,
  type UpdateCustomerGroupRequest,
  UpdateCustomerGroupResponseSchema,
} from "../../gen/clientele/v1/customer_group_service_pb.ts";
import { type Actor, callerOf } from "../call.ts";
import { type Expand, type Expander, parseExpand } from "../custom-fields/expand.ts";
import { hiddenFrom } from "../custom-fields/hidden.ts";
import { addedReferences, type ReferenceTargets, requireReferences } from "../custom-fields/references.ts";
import type { StoredCustomTypeRow } from "../custom-types/store.ts";
import type { Find } from "../db/find.ts";
import { encoded } from "../encoding/encoded.ts";
import { Failure } from "../failure.ts";
import { loadKnown } from "../known.ts";
import { openLastWritten } from "../last-written.ts";
import type { Lookup } from "../lookup.ts";
import type { Decision, Mutate } from "../mutation.ts";
import type { Project } from "../projects/projects.ts";
import { changedHeader, timeOfUpdate } from "../resource.ts";
import { isoText } from "../times.ts";
import { applyActions, customPathOf, isSameState, typeRefsOf } from "./actions.ts";
import { groupColumns } from "./commit.ts";
import { toMessage } from "./message.ts";
import type { StoredGroupRow } from "./store.ts";
import { WrittenGroup } from "./write.ts";

export type UpdateOptions = {
  readonly mutate: Mutate;
  readonly groups: Lookup<StoredGroupRow>;
  readonly findType: Find<StoredCustomTypeRow>;
  readonly expander: Expander;
  readonly targets: ReferenceTargets;
  /** The time, to the millisecond. */
  readonly clock: () => Date;
};

type UpdateDecision = Decision<typeof UpdateCustomerGroupResponseSchema>;

/** A group that this process updated last isn't read again: groups are few, and who changes one is often not done with it. */
export function updateHandler({
  mutate,
  groups,
  findType,
  expander,
  targets,
  clock,
}: UpdateOptions): ServiceImpl<typeof CustomerGroupService>["updateCustomerGroup"] {
  const lastWritten = openLastWritten<StoredGroupRow>(MAX_KNOWN_BYTES);

  return async (request, context) => {
    const { projectKey, ref, expectedVersion } = request;
    const expand = parseExpand(request.expand, [], hiddenFrom(callerOf(context), projectKey));
    return mutate(request, context, UpdateCustomerGroupResponseSchema, async (actor, project) => {
      const decideOn = (group: StoredGroupRow, isKnown: boolean) =>
        decide(group, isKnown, request, expand, actor, project);
      const known = lastWritten.take(project.id, ref, expectedVersion);
      const decided = known && (await decideOn(known, true).catch(ignoreFailure));
      // What is wrong with it is said of what is there, and what changes nothing is answered by that.
      if (decided?.kind === "update") return decided;
      return decideOn(await groups.requireVersion(project.id, ref, expectedVersion), false);
    });
  };

  /** @param isKnown whether the group is as it was last written, and the commit function has to see whether it still is. */
  async function decide(
    found: StoredGroupRow,
    isKnown: boolean,
    { expectedVersion, actions }: UpdateCustomerGroupRequest,
    expand: Expand,
    actor: Actor,
    project: Project,
  ): Promise<UpdateDecision> {
    const typeRefs = typeRefsOf(found, actions);
    const types = await loadKnown(findType, project.id, typeRefs);
    // Read behind its type: it holds what this version of the type lets it hold, or the commit is refused.
    // By its id: its key may be another group's by now.
    const again = { value: { case: "id", value: found.id } } as const;
    const before =
      typeRefs.length === 0 ? found : await groups.requireVersion(project.id, again, expectedVersion);
    const after = applyActions(before, actions, { newId: randomUUIDv7, types });
    const references = addedReferences(before.customFields, after.customFields, customPathOf(actions));
    await requireReferences(targets, project.id, references);

    const at = timeOfUpdate(before, clock());
    const actionsJson = actions.map((action) => toJson(CustomerGroupUpdateActionSchema, action));
    const decision = { id: before.id, expectedVersion, at, actions: actionsJson };
    const group = isSameState(before, after) ? before : { ...after, ...changedHeader(before, actor, at) };
    const plain = encoded(CustomerGroupSchema, toMessage(group, project));
    const columns = group === before ? undefined : groupColumns(group, plain, before, types);
    const byteSize = columns?.byte_size ?? before.byteSize;
    const expanded = await expander.loadFor(expand, project, group, byteSize);
    return {
      ...decision,
      ...(columns
        ? { kind: "update", columns: isKnown ? { ...columns, ...knownState(before) } : columns }
        : { kind: "confirm" }),
      answer: expanded
        ? { customerGroup: toMessage(group, project, expanded) }
        : new WrittenGroup("clientele.v1.UpdateCustomerGroupResponse", plain),
      // What is included belongs to others: customers among them may be erased.
      remembered: { customerGroup: plain.message },
      committed() {
        // Fields of a type come and go without a new version.
        if (group.customTypeId === null) lastWritten.note(project.id, { ...group, byteSize });
      },
    };
  }
}

/** Some three thousand groups. */
const MAX_KNOWN_BYTES = 4 * 1024 * 1024;

function knownState({ lastModifiedAt, customerCount }: StoredGroupRow) {
  return { known_modified_at: isoText(lastModifiedAt), known_customer_count: customerCount };
}

function ignoreFailure(error: unknown): undefined {
  if (!(error instanceof Failure)) throw error;
}

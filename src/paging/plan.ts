import type { MessageInitShape } from "@bufbuild/protobuf";
import type { QueryPlanSchema } from "../../gen/clientele/v1/query_plan_pb.ts";

/** A node of PostgreSQL's plans, of its JSON. */
type Node = {
  readonly "Node Type": string;
  readonly "Relation Name"?: string;
  readonly "Index Name"?: string;
  readonly "Plan Rows": number;
  readonly "Total Cost": number;
  readonly Plans?: readonly Node[];
};

/** What callers may see of a plan: no conditions, which are SQL. */
export function readPlan(explained: unknown): MessageInitShape<typeof QueryPlanSchema> {
  const [whole] = explained as readonly [{ readonly Plan: Node }];
  const steps = stepsOf(whole.Plan, 0);
  return { steps, indexes: [...new Set(steps.flatMap(({ index }) => index ?? []))] };
}

type Step = NonNullable<MessageInitShape<typeof QueryPlanSchema>["steps"]>[number];

function stepsOf(node: Node, depth: number): Step[] {
  const step: Step = {
    depth,
    operation: node["Node Type"],
    estimatedRows: node["Plan Rows"],
    estimatedCost: node["Total Cost"],
  };
  if (node["Relation Name"] !== undefined) step.table = node["Relation Name"];
  if (node["Index Name"] !== undefined) step.index = node["Index Name"];
  return [step, ...(node.Plans ?? []).flatMap((below) => stepsOf(below, depth + 1))];
}

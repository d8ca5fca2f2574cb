import type { JsonObject } from "@bufbuild/protobuf";
import { exists, query } from "./ask.ts";
import type { Resource } from "./documents.ts";
import { NOBODY } from "./literals.ts";
import { askedBy, idsThatHold, type Question } from "./questions.ts";
import type { Clients } from "./random-rows.ts";
import { shrink } from "./shrink.ts";

/** What the service and the evaluator disagree about. */
export type Difference = {
  readonly where: readonly string[];
  readonly variables: object;
  /** What the service should have found, or what it shouldn't have. */
  readonly missing: readonly string[];
  readonly surplus: readonly string[];
  readonly error?: string;
};

/** The least form of a question whose answer is another than the evaluator's; undefined when it is the same. */
export async function differenceOf(
  clients: Clients,
  resource: Resource,
  question: Question,
): Promise<Difference | undefined> {
  const compare = (one: Question) => compareAnswers(clients, resource, one);
  const difference = await compare(question);
  if (!difference) return undefined;
  const least = await shrink(question, async (one) => (await compare(one)) !== undefined);
  const { predicates, variables } = least;
  return (await compare({ predicates, variables: usedBy(least, variables) })) ?? compare(least);
}

/**
 * Whether the service knows of a resource for which the answer should be another. It tells by a word, where
 * a query would send all the resources.
 */
export async function isDifferent(
  clients: Clients,
  resource: Resource,
  question: Question,
): Promise<boolean> {
  const { where, variables } = askedBy(question);
  const whole = where.map((one) => `(${one})`).join(" and ");
  const kept = [NOBODY, ...idsThatHold(question, resource)];
  return exists(clients, resource.name, {
    where: [`(${whole}) and id not in :kept or not (${whole}) and id in :kept`],
    variables: { ...variables, kept },
  });
}

function usedBy(question: Question, variables: JsonObject): JsonObject {
  const { where } = askedBy({ ...question, variables });
  const isUsed = ([name]: readonly [string, unknown]) => where.some((one) => one.includes(`:${name}`));
  return Object.fromEntries(Object.entries(variables).filter(isUsed));
}

async function compareAnswers(clients: Clients, resource: Resource, question: Question) {
  const asked = askedBy(question);
  const expected = idsThatHold(question, resource);
  let found: readonly string[];
  try {
    found = (await query(clients, resource.name, asked)).results.map(({ id }) => id);
  } catch (error) {
    return { ...asked, missing: [], surplus: [], error: String(error) };
  }
  const missing = expected.filter((id) => !found.includes(id));
  const surplus = found.filter((id) => !expected.includes(id));
  return missing.length + surplus.length === 0 ? undefined : { ...asked, missing, surplus };
}

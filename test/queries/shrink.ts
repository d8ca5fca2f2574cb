import type { Predicate, Value, Values } from "../../src/predicates/predicate.ts";
import type { Question } from "./questions.ts";

/** The least question, by leaving out one thing after the other, that still fails. */
export async function shrink(
  question: Question,
  fails: (one: Question) => Promise<boolean>,
): Promise<Question> {
  for (const smaller of smallerQuestions(question)) {
    if (await fails(smaller)) return shrink(smaller, fails);
  }
  return question;
}

function smallerQuestions(question: Question): readonly Question[] {
  const { predicates } = question;
  return [
    ...(predicates.length > 1 ? predicates.map((one) => ({ ...question, predicates: [one] })) : []),
    ...predicates.flatMap((one, index) =>
      smallerPredicates(one).map((smaller) => ({ ...question, predicates: predicates.with(index, smaller) })),
    ),
  ];
}

function smallerPredicates(predicate: Predicate): readonly Predicate[] {
  switch (predicate.kind) {
    case "and":
    case "or": {
      const { kind, terms } = predicate;
      const fewer = [
        ...without(terms),
        ...terms.flatMap((term, index) => smallerPredicates(term).map((one) => terms.with(index, one))),
      ];
      return [...terms, ...fewer.flatMap((some) => joined(kind, some))];
    }
    case "not":
      return [predicate.term, ...smallerPredicates(predicate.term).map((term) => ({ ...predicate, term }))];
    case "inside":
      return smallerPredicates(predicate.term).map((term) => ({ ...predicate, term }));
    case "in":
    case "contains":
      return smallerValues(predicate.values).map((values) => ({ ...predicate, values }));
    default:
      return [];
  }
}

function joined(kind: "and" | "or", [first, second, ...more]: readonly Predicate[]): readonly Predicate[] {
  return first && second ? [{ kind, terms: [first, second, ...more] }] : [];
}

function smallerValues(values: Values): readonly Values[] {
  if (values.kind === "variable") return [];
  return without<Value>(values.items).flatMap(([first, ...more]) =>
    first ? [{ kind: "list", items: [first, ...more] } as const] : [],
  );
}

/** The list without each of its items; not an empty one. */
function without<Item>(items: readonly Item[]): readonly (readonly Item[])[] {
  return items.length < 2 ? [] : items.map((_, index) => items.toSpliced(index, 1));
}

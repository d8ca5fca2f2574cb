import type { DescMessage, Message } from "@bufbuild/protobuf";
import { type Path, pathToString } from "@bufbuild/protobuf/reflect";
import { createValidator, type Violation } from "@bufbuild/protovalidate";
import type { Interceptor } from "@connectrpc/connect";
import { type FieldViolation, failure } from "../errors.ts";
import { keyInPath } from "../json-data.ts";
import { compileDataRules } from "./data-rules.ts";
import { enumInWords } from "./enum-words.ts";
import { expressionOf } from "./expressions.ts";
import type { Pass } from "./pass/pass.ts";
import { createPasses } from "./pass/passes.ts";
import { patternInWords } from "./pattern-words.ts";

/** Refuses a request that breaks a rule of its proto, or holds text or data that can't be stored. */
export function validate(check: Check): Interceptor {
  return (next) => (request) => {
    if (!request.stream) check(request.method.input, request.message);
    return next(request);
  };
}

/** @throws Failure FIELD_INVALID or FIELD_REQUIRED. The first check of a message type compiles its rules: 35 to 130 ms. */
export type Check = (schema: DescMessage, message: Message) => void;

/**
 * Every check keeps compiled rules of its own: make one and share it. Nearly all messages are right, and a
 * pass says so of nearly all of those; what else there is to say only the whole check says.
 */
export function createCheck(): Check {
  const wholeCheck = createWholeCheck();
  const passes = createPasses();
  const known = new Map<DescMessage, Pass>();
  return (schema, message) => {
    const isRight = known.get(schema);
    if (isRight?.(message)) return;
    // With the first message its rules are compiled as well, right or not.
    if (!isRight) known.set(schema, passes.of(schema));
    wholeCheck(schema, message);
  };
}

/** The truth about a message, and what is wrong with it, in words. */
export function createWholeCheck(): Check {
  const validator = createValidator({ regexMatch: (pattern, text) => expressionOf(pattern).test(text) });
  return (schema, message) => {
    const result = validator.validate(schema, message);
    if (result.kind === "error") throw result.error;
    const violations: FieldViolation[] = (result.violations ?? []).map(toFieldViolation);
    violations.push(...compileDataRules(schema)(message));
    const [first, ...rest] = violations;
    if (first) throw failure.fields([first, ...rest]);
  };
}

function toFieldViolation({ field, ruleId, message }: Violation): FieldViolation {
  return { field: spelled(field), rule: ruleId, description: inWords(ruleId, message, field) };
}

/** Protovalidate's own sentence, but where it shows what only programs read. */
function inWords(ruleId: string, message: string, field: Path): string {
  switch (ruleId) {
    case "string.pattern":
      return patternInWords(message);
    case "enum.in":
    case "enum.defined_only":
      return enumInWords(field);
    default:
      return message;
  }
}

/** As protovalidate spells it, but for the keys of maps, which may be as long as a request. */
function spelled(path: Path): string {
  const parts = path.map((part, index) => {
    if (part.kind === "map_sub") return keyInPath(`${part.key}`);
    const text = pathToString([part]);
    return index === 0 || part.kind === "list_sub" ? text : `.${text}`;
  });
  return parts.join("");
}

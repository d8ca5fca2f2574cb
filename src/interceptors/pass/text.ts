import { type StringRules, StringRulesSchema } from "@bufbuild/protovalidate/gen/buf/validate/validate_pb.js";
import { isStorableText } from "../../json-data.ts";
import { expressionOf } from "../expressions.ts";
import { all, type Pass } from "./pass.ts";
import { type Context, type Makers, passOfRules } from "./rules.ts";

/** A text that keeps its rules, and can be stored. */
export function passOfText(rules: StringRules | undefined, context: Context): Pass | undefined {
  if (!rules) return isStorable;
  const kept = passOfRules(StringRulesSchema, rules, MAKERS, context);
  return allowsOnlyAscii(rules) ? kept : all([kept, isStorable]);
}

const isStorable = of(isStorableText);

const MAKERS: Makers<StringRules> = {
  // Lengths are of characters, each of one unit of UTF-16 or two: they are counted only when that matters.
  minLen: ({ minLen }) => {
    const least = Number(minLen);
    const units = (least - 1) * 2;
    return of((text) => text.length > units || characters(text) >= least);
  },
  maxLen: ({ maxLen }) => {
    const most = Number(maxLen);
    return of((text) => text.length <= most || (text.length <= most * 2 && characters(text) <= most));
  },
  // A unit of UTF-16 is at most three bytes of UTF-8.
  maxBytes: ({ maxBytes }) => {
    const most = Number(maxBytes);
    return of((text) => text.length * 3 <= most || (text.length <= most && Buffer.byteLength(text) <= most));
  },
  pattern: ({ pattern }) => {
    const expression = expressionOf(pattern);
    return of((text) => expression.test(text));
  },
  uuid: ({ wellKnown }) => (wellKnown.value ? of((text) => UUID.test(text)) : undefined),
};

// In full: a group that repeats takes half as long again.
const UUID = /^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$/;

/** Whether texts that keep the rules hold nothing but printable ASCII, which can always be stored. */
function allowsOnlyAscii({ pattern, wellKnown }: StringRules): boolean {
  if (wellKnown.case === "uuid" && wellKnown.value) return true;
  // From end to end of letters and classes that are spelled out: no escape, dot, alternative or "all but".
  return /^\^[ -~]*\$$/.test(pattern) && !/[.\\|^]/.test(pattern.slice(1));
}

function of(test: (text: string) => boolean): Pass {
  return test as Pass;
}

function characters(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

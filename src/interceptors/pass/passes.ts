import { type DescMessage, getOption } from "@bufbuild/protobuf";
import { Edition } from "@bufbuild/protobuf/wkt";
import {
  type MessageRules,
  MessageRulesSchema,
  message as messageOption,
} from "@bufbuild/protovalidate/gen/buf/validate/validate_pb.js";
import { passOfCel } from "./known-cel.ts";
import { passOfField, passOfOneof } from "./member.ts";
import { all, never, type Pass } from "./pass.ts";
import { type Context, type Makers, passOfRules } from "./rules.ts";

/**
 * Passes of messages: whether one surely keeps every rule of its proto and of `data-rules.ts`. What
 * protovalidate refuses is never surely right; what it accepts nearly always is, far faster.
 */
export type Passes = {
  /** Compiled once for a message type, with all types in it. */
  of(desc: DescMessage): Pass;
  /** Rules met so far that no pass is known of. Messages that hold what they are about are never surely right. */
  readonly unknownRules: readonly string[];
};

export function createPasses(): Passes {
  const compiled = new Map<DescMessage, Pass>();
  const unknownRules: string[] = [];
  return { of: passOfMessage, unknownRules };

  function passOfMessage(desc: DescMessage): Pass {
    const known = compiled.get(desc);
    if (known) return known;
    const parts: Pass[] = [];
    const pass: Pass = (message) => {
      for (const part of parts) if (!part(message)) return false;
      return true;
    };
    // Before its parts, so that a recursive type finds itself.
    compiled.set(desc, pass);
    parts.push(...partsOf(desc).filter((part) => part !== undefined));
    return pass;
  }

  function partsOf(desc: DescMessage): (Pass | undefined)[] {
    const context = contextOf(desc);
    // Others hold what isn't set in prototypes.
    if (desc.file.edition !== Edition.EDITION_PROTO3) return [context.unknown("no proto3")];
    return [
      passOfOwnRules(desc, context),
      ...desc.members.map((member) =>
        member.kind === "oneof"
          ? passOfOneof(member, contextOf(member))
          : passOfField(member, contextOf(member)),
      ),
    ];
  }

  function contextOf(where: { toString(): string }): Context {
    return {
      passOfMessage,
      unknown(rule) {
        unknownRules.push(`${where}: ${rule}`);
        return never;
      },
    };
  }
}

function passOfOwnRules(desc: DescMessage, context: Context): Pass | undefined {
  const makers: Makers<MessageRules> = {
    cel: ({ cel }) => all(cel.map(({ id, expression }) => passOfCel(expression) ?? context.unknown(id))),
  };
  return passOfRules(MessageRulesSchema, getOption(desc, messageOption), makers, context);
}

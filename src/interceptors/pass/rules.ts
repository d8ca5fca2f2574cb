import type { DescMessage, Message } from "@bufbuild/protobuf";
import { reflect } from "@bufbuild/protobuf/reflect";
import { all, type Pass } from "./pass.ts";

/** What the compilers of passes need of the rest, at one place of a proto. */
export type Context = {
  passOfMessage(desc: DescMessage): Pass;
  /** Takes down a rule that no pass is known of; answers one that never says right. */
  unknown(rule: string): Pass;
};

/** A pass for each rule by its name; undefined where what it says can't be broken. */
export type Makers<Rules> = Readonly<Record<string, (rules: Rules) => Pass | undefined>>;

/** All that a message of `buf.validate` says as one pass. */
export function passOfRules<Rules extends Message>(
  desc: DescMessage,
  rules: Rules,
  makers: Makers<Rules>,
  { unknown }: Context,
): Pass | undefined {
  const message = reflect(desc, rules);
  const names = message.fields.filter((field) => message.isSet(field)).map(({ localName }) => localName);
  const extensions = (rules.$unknown ?? []).map(({ no }) => unknown(`extension ${no}`));
  const passes = names.map((name) => {
    const make = Object.hasOwn(makers, name) ? makers[name] : undefined;
    return make ? make(rules) : unknown(name);
  });
  return all([...passes, ...extensions]);
}

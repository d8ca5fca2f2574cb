import { expect, test } from "vitest";
import { groupFields } from "../../../src/customer-groups/fields.ts";
import { failureOf, fieldInvalid } from "../failure.ts";
import { byId, getGroup, groupOf, json, newGroup, PROJECT, unique } from "../groups.ts";
import { noSuchSort } from "../sorts.ts";
import type { Ground } from "../suite.ts";

const TEXTS = [
  "Größte Kunden, naïve façade",
  "顧客グループ العملاء кл‌иенты",
  "🎁👩‍👩‍👧‍👦 𝒳 \u{10ffff}",
  "é and e\u0301 stay two spellings",
  `"quotes" 'and' \\ / <b>&amp;</b> %41 100% + ; # ? = \u2028`,
];

export function textCases(ground: () => Ground): void {
  test.each(TEXTS)("brings back %j as it came", async (text) => {
    const { groups } = ground();
    const metadata = { [text]: [text, { [`${text} 2`]: `${text}\n\t` }] };
    const draft = { name: `${unique("Text")} ${text}`, reference: text, marketIds: [text], metadata };
    const group = await newGroup(groups, draft);
    expect(json(group)).toMatchObject(draft);
    expect(await getGroup(groups, group.id)).toEqual(group);
  });

  test.each(TEXTS)("says %j in an error as it came", async (text) => {
    const { groups } = ground();
    const word = text.replaceAll(/\s/g, "");
    const description = noSuchSort(word, groupFields);
    expect(await failureOf(groups.queryCustomerGroups({ projectKey: PROJECT, sort: [word] }))).toEqual(
      fieldInvalid("sort[0]", "sort.field", description),
    );
    const path = `draft.metadata.${text}`;
    const draft = { name: unique("Bad"), metadata: { [text]: 2 ** 53 } };
    expect(await failureOf(groups.createCustomerGroup({ projectKey: PROJECT, draft }))).toEqual(
      fieldInvalid(path, "json", "must be an integer of at most 2^53 - 1, or a string"),
    );
  });

  test("keeps `__proto__` a plain member of metadata", async () => {
    const { groups } = ground();
    const metadata = JSON.parse('{"__proto__": {"admin": true}, "a": 1}');
    const group = await newGroup(groups, { metadata });
    const got = groupOf(await groups.getCustomerGroup({ projectKey: PROJECT, ref: byId(group.id) }));
    expect(Object.keys(got.metadata ?? {}).toSorted()).toEqual(["__proto__", "a"]);
  });
}

import { expect, test } from "vitest";
import { getGroup, newGroup, UUID_V7, update } from "../groups.ts";
import type { Ground } from "../suite.ts";

export function attachmentCases(ground: () => Ground): void {
  test("adds, changes and removes attachments, which keep their ids and order", async () => {
    const { groups } = ground();
    const full = {
      name: "Contract",
      description: "signed",
      url: "https://files.example/1",
      reference: "dms-1",
    };
    const added = await update(groups, await newGroup(groups), [
      { case: "addAttachment", value: { attachment: full } },
      { case: "addAttachment", value: { attachment: { name: "Terms" } } },
    ]);
    const [first, second] = added.attachments;
    if (!first || !second) throw new Error("two attachments were added");
    expect(added.attachments).toMatchObject([full, { name: "Terms" }]);
    expect(first.id).toMatch(UUID_V7);
    expect(second.id).not.toBe(first.id);
    expect(second.description).toBeUndefined();

    const attachment = { name: "Contract 2", reference: "dms-2" };
    const changed = await update(groups, added, [
      { case: "changeAttachment", value: { id: first.id.toUpperCase(), attachment } },
    ]);
    expect(changed.attachments).toMatchObject([{ id: first.id, ...attachment }, second]);
    expect(changed.attachments[0]?.url).toBeUndefined();

    const removed = await update(groups, changed, [{ case: "removeAttachment", value: { id: first.id } }]);
    expect(removed.attachments).toEqual([second]);
    expect(removed.version).toBe(4n);
    expect(await getGroup(groups, removed.id)).toEqual(removed);
  });
}

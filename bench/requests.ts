/** The `expected_version` of an update, field 3: a part of the message, which may come anywhere in it. */
export function expectedVersion(version: number): Uint8Array {
  const bytes = [EXPECTED_VERSION_TAG];
  let rest = version;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  return Uint8Array.from([...bytes, rest]);
}

const EXPECTED_VERSION_TAG = 0x18;

/** One of them, by chance. */
export function anyItem<Item>(items: readonly Item[]): Item {
  return itemAt(items, Math.floor(Math.random() * items.length));
}

/** One that no other caller writes to, so that its version is known. */
export function ownItem<Item>(items: readonly Item[], caller: number, callers: number): Item {
  return itemAt(items, ownIndex(items.length, caller, callers));
}

/** Like `ownItem`, of items that are numbered. */
export function ownIndex(count: number, caller: number, callers: number): number {
  const owned = Math.floor((count - caller - 1) / callers) + 1;
  return caller + callers * Math.floor(Math.random() * owned);
}

function itemAt<Item>(items: readonly Item[], index: number): Item {
  const item = items[index];
  if (item === undefined) throw new Error(`unreachable: there is no item ${index} of ${items.length}`);
  return item;
}

/** Makes a few at a time: more would be told to come back. */
export async function inTurns<Item, Made>(
  items: readonly Item[],
  make: (item: Item, n: number) => Promise<Made>,
): Promise<readonly Made[]> {
  const made: Made[] = [];
  for (let n = 0; n < items.length; n += AT_ONCE) {
    made.push(
      ...(await Promise.all(items.slice(n, n + AT_ONCE).map((item, index) => make(item, n + index)))),
    );
  }
  return made;
}

const AT_ONCE = 8;

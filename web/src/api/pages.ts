interface Page<Item> {
  items: Item[];
  next_cursor: string;
}

/** The most a page may hold. */
export const pageLimit = 100;

/** Reads a list to its end. Only for lists that are short by nature: users, inboxes, channels. */
export async function allPages<Item>(
  read: (cursor: string | undefined) => Promise<Page<Item>>,
): Promise<Item[]> {
  const items: Item[] = [];
  let cursor: string | undefined;
  do {
    const page = await read(cursor);
    items.push(...page.items);
    cursor = page.next_cursor || undefined;
  } while (cursor !== undefined);
  return items;
}

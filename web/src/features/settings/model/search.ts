export interface ItemSearch {
  /** The thing whose dialog is open, or "new". */
  item?: number | "new";
}

export function itemSearch(search: Record<string, unknown>): ItemSearch {
  if (search.item === "new") return { item: "new" };
  const id = Number(search.item);
  return Number.isSafeInteger(id) && id > 0 ? { item: id } : {};
}

export interface ChannelSearch extends ItemSearch {
  /** Which kind a new channel is. */
  type?: "email" | "sms";
  /** What is left to do once it is made. */
  setup?: true;
}

export function channelSearch(search: Record<string, unknown>): ChannelSearch {
  const { type, setup } = search;
  return {
    ...itemSearch(search),
    ...(type === "email" || type === "sms" ? { type } : {}),
    ...(setup === true ? { setup } : {}),
  };
}

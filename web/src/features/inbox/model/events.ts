import type { InfiniteData, QueryClient } from "@tanstack/react-query";
import { keys } from "@/api/keys";
import type { Conversation, LiveEvent } from "@/api/types";
import { conversationQuery, type ListFilter, rowsOf, timelineQuery } from "./queries";
import { sortRows } from "./sorting";
import { endWaiting } from "./waiting";

type ListData = InfiniteData<{ items: Conversation[]; next_cursor: string }, string>;

/** How long events are gathered before what they changed is read. */
const gather = 40;
/** More than this at once is read anew rather than row by row. */
const many = 100;

/** Changes that stand in no timeline. */
const quiet = new Set(["conversation.read", "draft.changed"]);

/** Changes of what is known about a contact, wherever they were noted. */
const ofContact = new Set(["contact.updated", "contact.opted_out", "contact.opted_in"]);

/**
 * Keeps every cached conversation, list and timeline true as events arrive.
 * Events carry ids; what changed is read once for all that came within a
 * moment. Whether a row belongs in a list is the server's answer, so that a
 * list can never show what its view would not.
 */
export class InboxEvents {
  readonly #client: QueryClient;
  readonly #changed = new Set<number>();
  readonly #timelines = new Set<number>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(client: QueryClient) {
    this.#client = client;
  }

  receive = (event: LiveEvent): void => {
    endWaiting(event);
    const id = event.conversation_id;
    if (id) {
      this.#changed.add(id);
      if (!quiet.has(event.kind)) this.#timelines.add(id);
      if (event.kind === "draft.changed") this.#refresh(keys.drafts(id));
    }
    if (event.contact_id && ofContact.has(event.kind)) {
      this.#refresh(keys.contacts.one(event.contact_id));
      this.#refresh(keys.consents.all);
      for (const row of this.#rowsWith(event.contact_id)) this.#changed.add(row);
    }
    if (this.#changed.size > 0) this.#timer ??= setTimeout(() => void this.flush(), gather);
  };

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** Reads what changed and puts it where it is shown. */
  async flush(): Promise<void> {
    this.#timer = undefined;
    const ids = [...this.#changed];
    const timelines = [...this.#timelines];
    this.#changed.clear();
    this.#timelines.clear();
    for (const id of timelines) this.#refresh(timelineQuery(id).queryKey);
    if (ids.length > many) return this.#refresh(keys.conversations.all);
    for (const id of ids) {
      this.#refresh(conversationQuery(id).queryKey);
      this.#refresh(keys.conversations.related(id));
    }
    this.#refresh(keys.conversations.allCounts);
    await this.#patchLists(ids);
  }

  #refresh(queryKey: readonly unknown[]): void {
    void this.#client.invalidateQueries({ queryKey });
  }

  async #patchLists(ids: number[]): Promise<void> {
    const lists = this.#client.getQueryCache().findAll({ queryKey: keys.conversations.lists });
    await Promise.all(
      lists.map(async (query) => {
        if (!query.isActive()) return query.invalidate();
        const filter = query.queryKey[2] as ListFilter;
        try {
          const rows = await rowsOf(filter, ids);
          this.#client.setQueryData<ListData>(query.queryKey, (data) =>
            data ? patchPages(data, ids, rows, filter) : data,
          );
        } catch {
          // What could not be read now is read with the whole list.
          query.invalidate();
        }
      }),
    );
  }

  /** The cached rows that show a contact. */
  #rowsWith(contact: number): number[] {
    const lists = this.#client.getQueriesData<ListData>({ queryKey: keys.conversations.lists });
    return lists
      .flatMap(([, data]) => data?.pages ?? [])
      .flatMap((page) => page.items)
      .filter((row) => row.contact.id === contact)
      .map((row) => row.id);
  }
}

/** Takes the changed rows out, and puts those that belong back at their place. */
export function patchPages(
  data: ListData,
  ids: readonly number[],
  rows: readonly Conversation[],
  filter: Pick<ListFilter, "sort" | "q">,
): ListData {
  const touched = new Set(ids);
  const kept = data.pages.flatMap((page) => page.items.filter((row) => !touched.has(row.id)));
  const all = sortRows([...kept, ...rows], filter);
  const complete = (data.pages.at(-1)?.next_cursor ?? "") === "";
  // A row behind the last page loaded is found there when it is scrolled to.
  const last = kept.at(-1);
  const shown =
    complete || !last ? all : all.slice(0, all.findIndex((row) => row.id === last.id) + 1);
  return { ...data, pages: repage(shown, data) };
}

/** Rows over the pages that there are; the last takes what is over. */
function repage(rows: Conversation[], data: ListData): ListData["pages"] {
  let from = 0;
  return data.pages.map((page, index) => {
    const end = index === data.pages.length - 1 ? rows.length : from + page.items.length;
    const items = rows.slice(from, end);
    from = end;
    return { ...page, items };
  });
}

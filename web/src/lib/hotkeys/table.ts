/**
 * Every shortcut of the product, once. Key handling, the command palette,
 * tooltips and the shortcut sheet all read this table; its words are in
 * locales/LANGUAGE/hotkeys.json under the same ids.
 *
 * Keys are in tinykeys' notation: "$mod" is Command on a Mac and Control
 * elsewhere, "[Shift]" may be held or not, a space separates the presses of a
 * sequence.
 */
export const hotkeys = [
  { id: "palette", keys: "$mod+k", group: "general", scope: "global", typing: true },
  { id: "search", keys: "/", group: "general", scope: "global" },
  { id: "compose", keys: "c", group: "general", scope: "global" },
  { id: "shortcuts", keys: "[Shift]+?", group: "general", scope: "global" },
  { id: "next_panel", keys: "F6", group: "general", scope: "global", typing: true },
  { id: "previous_panel", keys: "Shift+F6", group: "general", scope: "global", typing: true },
  { id: "toggle_theme", keys: null, group: "general", scope: "global" },
  { id: "sign_out", keys: null, group: "general", scope: "global" },

  { id: "next", keys: "j", group: "list", scope: "list", repeat: true },
  { id: "previous", keys: "k", group: "list", scope: "list", repeat: true },
  { id: "open", keys: "Enter", group: "list", scope: "list" },

  { id: "reply", keys: "r", group: "conversation", scope: "conversation" },
  { id: "reply_all", keys: "a", group: "conversation", scope: "conversation" },
  { id: "forward", keys: "f", group: "conversation", scope: "conversation" },
  { id: "note", keys: "n", group: "conversation", scope: "conversation" },
  { id: "assign_me", keys: "i", group: "conversation", scope: "conversation" },
  { id: "assign", keys: "Shift+a", group: "conversation", scope: "conversation" },
  { id: "move", keys: "v", group: "conversation", scope: "conversation" },
  { id: "close", keys: "e", group: "conversation", scope: "conversation" },
  { id: "close_next", keys: "Shift+e", group: "conversation", scope: "conversation" },
  { id: "spam", keys: "[Shift]+!", group: "conversation", scope: "conversation" },
  { id: "unread", keys: "Shift+u", group: "conversation", scope: "conversation" },
  { id: "panel", keys: "\\", group: "conversation", scope: "conversation" },

  { id: "send", keys: "$mod+Enter", group: "composer", scope: "composer", typing: true },
  {
    id: "send_close",
    keys: "$mod+Shift+Enter",
    group: "composer",
    scope: "composer",
    typing: true,
  },

  {
    id: "schedule",
    keys: "$mod+Alt+Enter",
    group: "composer",
    scope: "composer",
    typing: true,
  },
  { id: "canned", keys: "$mod+[Shift]+/", group: "composer", scope: "composer", typing: true },
  { id: "merge_field", keys: null, group: "composer", scope: "composer" },
  { id: "emoji", keys: null, group: "composer", scope: "composer" },
  { id: "attach", keys: null, group: "composer", scope: "composer" },
  { id: "signature", keys: null, group: "composer", scope: "composer" },
  { id: "preview", keys: null, group: "composer", scope: "composer" },

  { id: "go_my_unread", keys: "g u", group: "go", scope: "global" },
  { id: "go_my_open", keys: "g i", group: "go", scope: "global" },
  { id: "go_unassigned", keys: "g n", group: "go", scope: "global" },
  { id: "go_all_open", keys: "g a", group: "go", scope: "global" },
  { id: "go_mentions", keys: "g m", group: "go", scope: "global" },
  { id: "go_drafts", keys: "g d", group: "go", scope: "global" },
  { id: "go_scheduled", keys: "g l", group: "go", scope: "global" },
  { id: "go_failed", keys: "g x", group: "go", scope: "global" },
  { id: "go_closed", keys: "g e", group: "go", scope: "global" },
  { id: "go_spam", keys: "g s", group: "go", scope: "global" },
  { id: "go_settings", keys: "g ,", group: "go", scope: "global" },
] as const satisfies readonly HotkeyRow[];

interface HotkeyRow {
  id: string;
  /** null: no keys of its own; reached by the palette, or by keys the user gives it. */
  keys: string | null;
  group: "general" | "list" | "conversation" | "composer" | "go";
  scope: "global" | "list" | "conversation" | "composer";
  /** Works while the focus is in a field too. Only for keys that type nothing. */
  typing?: boolean;
  /** Fires again while the key is held. */
  repeat?: boolean;
}

export type HotkeyId = (typeof hotkeys)[number]["id"];
export type Hotkey = HotkeyRow & { id: HotkeyId };
export type HotkeyGroup = Hotkey["group"];

export const hotkeyGroups: readonly HotkeyGroup[] = [
  "general",
  "list",
  "conversation",
  "composer",
  "go",
];

const byId = new Map<string, Hotkey>(hotkeys.map((row) => [row.id, row]));

export function hotkeyById(id: HotkeyId): Hotkey {
  const row = byId.get(id);
  if (!row) throw new Error(`no hotkey ${id}`);
  return row;
}

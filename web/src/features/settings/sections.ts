import {
  AtSign,
  Bike,
  Braces,
  Building2,
  CircleUser,
  Inbox,
  Keyboard,
  KeyRound,
  type LucideIcon,
  PenLine,
  ScrollText,
  ShieldBan,
  Users,
  Zap,
} from "lucide-react";
import type { Permission } from "@/api/me";

interface Section {
  name:
    | "business"
    | "channels"
    | "inboxes"
    | "users"
    | "canned"
    | "signature"
    | "fields"
    | "blocklist"
    | "intake"
    | "sample"
    | "profile"
    | "shortcuts"
    | "tokens";
  to: `/settings/${Section["name"]}`;
  icon: LucideIcon;
  /** Who may not do this does not see it. */
  needs?: Permission;
}

/** The table of contents of the settings. */
export const sectionGroups: readonly { name: "account" | "you"; sections: readonly Section[] }[] = [
  {
    name: "account",
    sections: [
      { name: "business", to: "/settings/business", icon: Building2, needs: "settings" },
      { name: "channels", to: "/settings/channels", icon: AtSign, needs: "settings" },
      { name: "inboxes", to: "/settings/inboxes", icon: Inbox, needs: "settings" },
      { name: "users", to: "/settings/users", icon: Users, needs: "people" },
      { name: "canned", to: "/settings/canned", icon: Zap, needs: "write" },
      { name: "signature", to: "/settings/signature", icon: PenLine, needs: "write" },
      { name: "fields", to: "/settings/fields", icon: Braces, needs: "settings" },
      { name: "blocklist", to: "/settings/blocklist", icon: ShieldBan, needs: "settings" },
      { name: "intake", to: "/settings/intake", icon: ScrollText, needs: "journal" },
      { name: "sample", to: "/settings/sample", icon: Bike, needs: "settings" },
    ],
  },
  {
    name: "you",
    sections: [
      { name: "profile", to: "/settings/profile", icon: CircleUser },
      { name: "shortcuts", to: "/settings/shortcuts", icon: Keyboard },
      { name: "tokens", to: "/settings/tokens", icon: KeyRound, needs: "tokens" },
    ],
  },
];

const reasons = [
  "mailbox_full",
  "no_such_user",
  "host_unknown",
  "blocked_as_spam",
  "too_large",
  "policy",
  "expired",
  "suspended",
  "auth_failure",
  "network",
] as const;

/** Why a mail did not arrive, as far as there are words for it: common:reason.… */
export function reasonOf(reason: unknown): (typeof reasons)[number] | "other" {
  return reasons.find((one) => one === reason) ?? "other";
}

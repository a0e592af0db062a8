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
  "opted_out",
  "no_such_number",
  "not_mobile",
  "unreachable",
  "filtered",
  "balance",
] as const;

type Reason = (typeof reasons)[number];

/** Whether a reason says something; “other” is left to the far end's words. */
export function isReason(reason: unknown): reason is Reason {
  return reasons.some((one) => one === reason);
}

/** Why a mail or text did not arrive, as far as there are words for it: common:reason.… */
export function reasonOf(reason: unknown): Reason | "other" {
  return isReason(reason) ? reason : "other";
}

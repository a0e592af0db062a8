package parley

// Reason says why a mail or text of ours did not reach somebody, in a word that the
// browser has a sentence for.
type Reason string

// The reasons.
const (
	ReasonMailboxFull   Reason = "mailbox_full"
	ReasonNoSuchUser    Reason = "no_such_user"
	ReasonHostUnknown   Reason = "host_unknown"
	ReasonBlockedAsSpam Reason = "blocked_as_spam"
	ReasonTooLarge      Reason = "too_large"
	ReasonPolicy        Reason = "policy"
	ReasonExpired       Reason = "expired" // it was tried until the time was over
	ReasonSuspended     Reason = "suspended"
	ReasonAuthFailure   Reason = "auth_failure"
	ReasonNetwork       Reason = "network"
	ReasonOther         Reason = "other"

	// Of texts.
	ReasonOptedOut     Reason = "opted_out"      // the recipient has said STOP
	ReasonNoSuchNumber Reason = "no_such_number" // it is not in service
	ReasonNotMobile    Reason = "not_mobile"     // a landline, or a number that takes no texts
	ReasonUnreachable  Reason = "unreachable"    // switched off, or without coverage: the next one may arrive
	ReasonFiltered     Reason = "filtered"       // a carrier took it for spam, or the number is not registered there
	ReasonBalance      Reason = "balance"        // the provider account has no money left
)

// Hard reports whether the address itself is dead: what is written to it next
// will not arrive either. A full mailbox may be emptied, a policy is about a mail.
func (r Reason) Hard() bool {
	return r == ReasonNoSuchUser || r == ReasonHostUnknown || r == ReasonSuspended || r == ReasonNoSuchNumber || r == ReasonNotMobile
}

package intake

import (
	"regexp"
	"slices"
	"strings"

	"parley/internal/channel"
	"parley/internal/parley"
	"parley/internal/thread"
)

// noReply is a local part that nobody reads.
var noReply = regexp.MustCompile(`^(?:no|not|non|do[-_.]?not|dont)[-_.]?reply`)

// addressBook tells which addresses are our own channels'.
type addressBook map[string]bool

// has reports whether an address, with or without a +tag, is ours.
func (b addressBook) has(a parley.Address) bool {
	for key, ok := a.Key(), true; ok; key, ok = thread.Untag(key) {
		if b[key] {
			return true
		}
	}
	return false
}

// writer is who wrote a mail, for the contact (SPEC §2). Where From is a
// no-reply, a list or ours, and Reply-To is somebody else, it is Reply-To: web
// forms and shops write so. We are never our own contact: Email is empty where
// nobody else is named.
func writer(p channel.Parsed, mailFrom string, own addressBook) parley.Address {
	from := author(p, mailFrom)
	ours := own.has(from)
	if ours || unanswerable(p, from) {
		for _, r := range p.ReplyTo {
			if reachable(r) && !own.has(r) && r.Key() != from.Key() {
				return named(r, from.Name)
			}
		}
	}
	if !ours {
		return from
	}
	// Our own mail that came in by another channel: whom it was for.
	for _, a := range slices.Concat(p.To, p.Cc) {
		if reachable(a) && !own.has(a) {
			return a
		}
	}
	return parley.Address{Name: from.Display()}
}

// author is From, or who stands for it where From cannot be read. Email is
// empty where there is no address at all.
func author(p channel.Parsed, mailFrom string) parley.Address {
	for _, a := range []parley.Address{p.From, p.Sender, {Email: mailFrom}} {
		if reachable(a) {
			return named(a, p.From.Name)
		}
	}
	return parley.Address{Name: p.From.Display()}
}

// unanswerable reports whether nobody reads what is sent to From: a no-reply, or a
// list that puts itself in From (it is among the recipients then).
func unanswerable(p channel.Parsed, from parley.Address) bool {
	local, _, _ := strings.Cut(from.Key(), "@")
	if noReply.MatchString(local) || strings.HasSuffix(local, "-noreply") || strings.HasSuffix(local, "-no-reply") {
		return true
	}
	return p.NoAutoReply && slices.ContainsFunc(slices.Concat(p.To, p.Cc), func(a parley.Address) bool { return a.Key() == from.Key() })
}

// reachable: there is something on both sides of the @.
func reachable(a parley.Address) bool {
	at := strings.LastIndexByte(a.Email, '@')
	return at > 0 && at < len(a.Email)-1 && !strings.ContainsAny(a.Email, " \t\r\n<>") && len(a.Email) <= 320
}

func named(a parley.Address, name string) parley.Address {
	if a.Name == "" {
		a.Name = name
	}
	return a
}

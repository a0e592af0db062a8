package thread

import (
	"slices"
	"strings"
	"time"

	"parley/internal/parley"
)

// maxNamed bounds the ids that a mail may name; a real thread has fewer, and the
// newest are read first.
const maxNamed = 200

// Incoming is what the decision needs of a parsed mail.
type Incoming struct {
	AccountID   parley.AccountID
	ChannelID   parley.ChannelID // that received it
	ContactID   parley.ContactID // who wrote it
	InternetID  string
	InReplyTo   []string // msg-ids of RFC 5322 3.6.4, and what else stood in <>; never the words of a phrase
	References  []string
	Reported    []string // a report's: the Message-IDs that it reports on
	From        string   // who wrote it: the address that the contact was matched by
	Recipients  []string // Delivered-To, X-Original-To, X-Forwarded-To, To, Cc: addr-specs, in this order
	Subject     string
	ContentHash []byte
	ReceivedAt  time.Time
	// AutoReply: a bounce, delivery report, vacation notice or other automatic
	// answer. Lists and bulk mail are not: people write there.
	AutoReply     bool
	Blocked       bool                 // its sender is on the blocklist: it is filed as spam
	AddressTokens []parley.ThreadToken // Signer.Read of FindInAddresses(Recipients)
	BodyTokens    []parley.ThreadToken // Signer.Read of FindInBody(the plain text)
}

// Policy is the part of the decision that settings can change.
type Policy struct {
	ReopenWithin  time.Duration // a reply to a conversation closed longer ago starts a follow-up
	SubjectWithin time.Duration // rule f; 0 switches it off
}

// DefaultPolicy holds the defaults of SPEC §3.
var DefaultPolicy = Policy{ReopenWithin: 30 * 24 * time.Hour}

// Wanted says what the store has to look up before Choose can decide about in.
func Wanted(in Incoming, p Policy) parley.ThreadQuery {
	q := parley.ThreadQuery{
		AccountID:   in.AccountID,
		ChannelID:   in.ChannelID,
		InternetID:  parley.InternetKey(in.InternetID),
		ContentHash: in.ContentHash,
		From:        addressKey(in.From),
		Sender:      in.ContactID,
		Named:       in.named(),
	}
	for _, t := range slices.Concat(in.AddressTokens, in.BodyTokens) {
		if !slices.Contains(q.Tokens, t) {
			q.Tokens = append(q.Tokens, t)
		}
	}
	if p.SubjectWithin > 0 {
		q.Subject, q.ContactID, q.Since = NormaliseSubject(in.Subject), in.ContactID, in.ReceivedAt.Add(-p.SubjectWithin)
	}
	return q
}

// named lists the InternetKeys that the mail names, in the order in which rule
// b asks for them. Left out are its own id and what RFC 822 4.6.2 allowed in
// In-Reply-To beside ids, a phrase and a person's address ("Your message of
// Monday" <ann@x.test>): strangers share these without sharing a thread.
func (in Incoming) named() []string {
	own := parley.InternetKey(in.InternetID)
	people := map[string]bool{addressKey(in.From): true}
	for _, r := range in.Recipients {
		people[addressKey(r)] = true
	}
	seen := map[string]bool{"": true, own: true}
	var out []string
	add := func(id string) {
		key := parley.InternetKey(id)
		phrase := !strings.Contains(key, "@") && len(strings.Fields(id)) > 1
		if len(out) < maxNamed && !seen[key] && !people[key] && !phrase {
			out = append(out, key)
		}
		seen[key] = true
	}
	for _, id := range in.Reported {
		add(id)
	}
	for _, id := range in.InReplyTo {
		add(id)
	}
	for _, id := range slices.Backward(in.References) {
		add(id)
	}
	return out
}

// addressedTo reports whether the mail also went to one of the addresses, with or without a +tag.
func (in Incoming) addressedTo(addresses []string) bool {
	return slices.ContainsFunc(in.Recipients, func(r string) bool {
		for base, ok := addressKey(r), true; ok; base, ok = Untag(base) {
			if slices.ContainsFunc(addresses, func(a string) bool { return addressKey(a) == base }) {
				return true
			}
		}
		return false
	})
}

func addressKey(email string) string { return strings.ToLower(strings.TrimSpace(email)) }

package outbox

import (
	"parley/internal/parley"
)

// address fills who the message goes to. A reply that does not say it goes to
// whoever wrote what it answers, where they want answers (RFC 5322 3.6.2:
// Reply-To before From); an empty list beside others means nobody.
func (d *draft) address(m *parley.Message) error {
	m.To, m.Cc, m.Bcc = d.l.To, d.l.Cc, d.l.Bcc
	nobody := len(m.To)+len(m.Cc)+len(m.Bcc) == 0
	if nobody || m.To == nil && d.l.Kind != parley.KindForward {
		if d.l.Kind == parley.KindForward {
			return parley.Errorf(parley.Invalid, "recipients.none", "Say who to forward this to.").On("to")
		}
		m.To = d.answerTo()
	}
	if len(m.To)+len(m.Cc)+len(m.Bcc) == 0 {
		return parley.Errorf(parley.Invalid, "contact.no_email", "This contact has no email address. Add one, or say who to write to.").On("to")
	}
	seen := map[string]bool{}
	for _, list := range []struct {
		kind parley.RecipientKind
		all  parley.Addresses
	}{{parley.RcptTo, m.To}, {parley.RcptCc, m.Cc}, {parley.RcptBcc, m.Bcc}} {
		for _, a := range list.all {
			if a.Key() == d.channel.Address {
				return parley.Errorf(parley.Conflict, "recipient.ours", "%s is this channel's own address: the mail would come back to you.", a.Email).On(string(list.kind))
			}
			if seen[a.Key()] {
				continue
			}
			seen[a.Key()] = true
			m.Recipients = append(m.Recipients, parley.Recipient{Kind: list.kind, Name: a.Name, Address: a.Email, Delivery: parley.Queued})
		}
	}
	return nil
}

// answerTo is where an answer goes by default. A sender who is new to the
// thread is not answered without having been asked for. Who answers a message of
// ours goes on writing to those that it went to.
func (d *draft) answerTo() parley.Addresses {
	named := d.l.AnswersID != 0
	if p := d.parent; named && p.Direction == parley.Outbound && len(p.To) > 0 {
		return p.To
	}
	if p := d.parent; p != nil && p.Direction == parley.Inbound && (named || !p.NewParticipant) {
		var others parley.Addresses
		for _, a := range p.ReplyTo {
			if a.Key() != d.channel.Address {
				others = append(others, a)
			}
		}
		if len(others) > 0 {
			return others
		}
		if p.FromEmail != "" {
			return parley.Addresses{{Name: p.FromName, Email: p.FromEmail}}
		}
	}
	if emails := d.contact.Emails(); len(emails) > 0 {
		return parley.Addresses{{Name: d.contact.Name, Email: emails[0]}}
	}
	return nil
}

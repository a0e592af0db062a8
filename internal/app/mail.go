package app

import (
	"context"
	"crypto/rand"
	"errors"
	"strings"
	"time"

	"parley/internal/channel"
	"parley/internal/channel/email"
	"parley/internal/job"
	"parley/internal/mime"
	"parley/internal/notify"
	"parley/internal/parley"
)

// userMail sends the product's own mails to users through the operator's relay.
type userMail struct {
	relays *email.Relays
	domain string
}

// SendToUser implements notify.Mailer.
func (u *userMail) SendToUser(ctx context.Context, m notify.Mail) error {
	relay := u.relays.Operator()
	if relay == nil {
		return job.Permanent(errors.New("no mail relay is set up: set PARLEY_RELAY_URL, or hand the link over by `parley user reset-link`"))
	}
	from := parley.Address{Name: "Parley", Email: "no-reply@" + u.domain}
	raw, err := mime.Compose(mime.Draft{
		From: from, To: parley.Addresses{m.To}, Subject: m.Subject, Text: m.Text, SentAt: time.Now(),
		InternetID: strings.ToLower(rand.Text()) + "@" + u.domain, AutoSubmitted: "auto-generated",
	})
	if err != nil {
		return job.Permanent(err)
	}
	_, err = relay.Send(ctx, channel.Outgoing{MailFrom: from.Email, Recipients: []string{m.To.Email}, Body: raw})
	switch channel.KindOf(err) {
	case 0, channel.Temporary:
		return err
	case channel.Uncertain:
		return nil // it may have arrived, and the link can be asked for again
	}
	return job.Permanent(err)
}

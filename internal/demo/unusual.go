package demo

import (
	"context"
	"crypto/rand"
	"fmt"
	"strings"
	"time"

	"parley/internal/contact"
	"parley/internal/mime"
	"parley/internal/outbox"
	"parley/internal/parley"
)

// forges lets a stranger write in the contact's name.
func forges(text string) act {
	return func(ctx context.Context, t *telling) error {
		d := t.draft(text)
		raw, err := mime.Compose(d)
		if err != nil {
			return err
		}
		return t.accept(ctx, raw, d.From.Email, d.To[0].Email, stranger)
	}
}

// comesBack lets the relay return what was said last (RFC 3464), with the status and the
// words by which the contact's mail server has refused it.
func comesBack(status, words string) act {
	return func(ctx context.Context, t *telling) error {
		domain := t.story.from.Domain()
		report := strings.NewReplacer(
			"@ID", strings.ToLower(rand.Text())+"@"+relayName, "@RELAY", relayName, "@DATE", t.clock.now().Add(-transit).Format(time.RFC1123Z),
			"@DOMAIN", domain, "@TO", t.last.answerTo, "@CONTACT", t.story.from.Email,
			"@STATUS", status, "@WORDS", words, "@RETURNED", t.last.internetID,
		).Replace(returned)
		raw := []byte(strings.ReplaceAll(report, "\n", "\r\n"))
		if err := t.accept(ctx, raw, "", t.last.answerTo, serverOf(mailDomain)); err != nil {
			return err
		}
		return t.work(ctx)
	}
}

const returned = `From: Mail Delivery System <mailer-daemon@@RELAY>
To: <@TO>
Subject: Undelivered Mail Returned to Sender
Date: @DATE
Message-ID: <@ID>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="report"

--report
Content-Type: text/plain; charset=utf-8

Your mail could not be delivered to <@CONTACT>: @WORDS.

--report
Content-Type: message/delivery-status

Reporting-MTA: dns; @RELAY

Final-Recipient: rfc822; @CONTACT
Action: failed
Remote-MTA: dns; mx.@DOMAIN
Status: @STATUS
Diagnostic-Code: smtp; 552 @STATUS @WORDS

--report
Content-Type: text/rfc822-headers

Message-ID: <@RETURNED>

--report--
`

// invites adds an invitation (RFC 5546 3.2.2) to a visit of two hours, so many days after the mail.
func invites(summary, place string, days, hour int) mailOption {
	return func(d *mime.Draft) {
		y, m, day := d.SentAt.Date()
		at := time.Date(y, m, day+days, hour, 0, 0, 0, d.SentAt.Location()).UTC()
		const basic = "20060102T150405Z"
		invited, _, _ := strings.Cut(localPart(d.To[0].Email), "+") // as their calendar knows the channel
		lines := []string{
			"BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//northquay.example//calendar//EN", "METHOD:REQUEST",
			"BEGIN:VEVENT", "UID:" + d.InternetID, "DTSTAMP:" + d.SentAt.UTC().Format(basic),
			"DTSTART:" + at.Format(basic), "DTEND:" + at.Add(2*time.Hour).Format(basic),
			"SUMMARY:" + summary, "LOCATION:" + strings.ReplaceAll(place, ",", `\,`),
			"ORGANIZER;CN=" + d.From.Name + ":mailto:" + d.From.Email, "ATTENDEE;RSVP=TRUE:mailto:" + invited + "@" + d.To[0].Domain(),
			"END:VEVENT", "END:VCALENDAR", "",
		}
		d.Parts = append(d.Parts, mime.Part{Filename: "invite.ics", ContentType: "text/calendar", Body: []byte(strings.Join(lines, "\r\n"))})
	}
}

// schedules lets a member of the team answer at a later hour of another day. Only where
// there is somebody to get it: it leaves by itself once its time has come.
func schedules(m member, text string, days, hour int) act {
	return func(ctx context.Context, t *telling) error {
		s := t.s
		if s.customer == nil {
			return nil
		}
		now := s.Now().In(t.zoned)
		y, month, day := now.Date()
		at := time.Date(y, month, day+days, hour, 0, 0, 0, t.zoned)
		really := outbox.New(s.DB, s.Blobs, s.Channels, contact.New(s.DB), s.Signer, s.Now, s.Log)
		_, err := really.Send(ctx, t.actor(m), t.conversation, outbox.Letter{Kind: parley.KindReply, HTML: composed(text), SendAt: &at})
		if err != nil {
			return fmt.Errorf("send later: %w", err)
		}
		return nil
	}
}

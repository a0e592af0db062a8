package demo

import (
	"slices"
	"strings"
	"testing"
	"time"

	"parley/internal/channel"
	"parley/internal/conversation"
	"parley/internal/mime"
	"parley/internal/parley"
	"parley/internal/setting"
)

// Which host a mail of the page is said to come from decides what the product's checks find.
func TestWhoseMailIsVerified(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		letter map[string]string
		want   parley.Verdict
	}{
		"somebody of the page":         {nil, parley.VerdictPass},
		"forged":                       {map[string]string{"forged": "1"}, parley.VerdictFail},
		"in the name of the business":  {map[string]string{"from": "olive@" + mailDomain}, parley.VerdictFail},
		"a domain that publishes none": {map[string]string{"from": "kim@park.example"}, parley.VerdictNone},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			q := newQuay(t)
			q.write(c.letter)
			got := q.sink.Accepted()
			if len(got) != 1 {
				t.Fatalf("%d mails", len(got))
			}
			from := parley.Address{Email: got[0].MailFrom}
			auth := verifier(t).Verify(t.Context(), got[0], channel.Parsed{From: from})
			if auth == nil || auth.Verified != c.want || auth.Domain != from.Domain() {
				t.Errorf("from %s: %+v", got[0].RemoteAddr, auth)
			}
		})
	}
}

// What the product sends to itself comes from the business's own relay.
func TestOwnMailIsVerified(t *testing.T) {
	t.Parallel()
	q := newQuay(t)
	q.mustAnswer(mime.Draft{Subject: "Brakes", Text: "They squeal."}, "sales@"+mailDomain)
	got := q.sink.Accepted()
	if len(got) != 1 {
		t.Fatalf("%d mails", len(got))
	}
	auth := verifier(t).Verify(t.Context(), got[0], channel.Parsed{From: parley.Address{Email: helpAddress}})
	if auth == nil || auth.Verified != parley.VerdictPass {
		t.Errorf("from %s: %+v", got[0].RemoteAddr, auth)
	}
}

// unusual fails unless the sample has what one seldom meets.
func (s *shop) unusual(rows map[string]conversation.Row) {
	s.t.Helper()
	forged := s.items(rows["Our bank details have changed"].ID)
	i := slices.IndexFunc(forged, func(i conversation.Item) bool { return i.Message != nil })
	if a := forged[i].Message.Auth; !a.Unverified() || a.SPF != parley.VerdictFail || a.DMARC != parley.VerdictFail {
		s.t.Errorf("forged: %+v", a)
	}
	bounced := slices.ContainsFunc(s.items(rows["Two bikes for the dunes"].ID), func(i conversation.Item) bool {
		return i.Message != nil && i.Message.Delivery == parley.Bounced && i.Message.Recipients[0].Reason == parley.ReasonMailboxFull
	})
	if !bounced {
		s.t.Error("no mail has bounced")
	}
	invited := slices.ContainsFunc(s.items(rows["Eight e-bikes for our office"].ID), func(i conversation.Item) bool {
		return i.Message != nil && slices.ContainsFunc(i.Message.Attachments, func(a parley.Attachment) bool { return a.Kind() == parley.CalendarFile })
	})
	if !invited {
		s.t.Error("no invitation has come")
	}
	signed := slices.ContainsFunc(s.items(rows["Two bikes for the dunes"].ID), func(i conversation.Item) bool {
		return i.Message != nil && strings.Contains(i.Body.Text, "Ines Faria\nHarbour Bikes, rentals")
	})
	if !signed {
		s.t.Error("an answer has no signature")
	}
}

// equipped fails unless there are the canned messages of the sample.
func (s *shop) equipped() {
	s.t.Helper()
	canned, _, err := s.settings.CannedMessages(s.t.Context(), s.owner, setting.CannedFilter{Limit: 100})
	if err != nil || len(canned) != len(ready) {
		s.t.Fatalf("%d canned messages, %v", len(canned), err)
	}
	folders, err := s.settings.CannedFolders(s.t.Context(), s.owner)
	if err != nil || len(folders) != 3 {
		s.t.Errorf("folders %v, %v", folders, err)
	}
	for _, c := range canned {
		if !c.Shared() || c.Shortcut == "" || strings.Contains(c.HTML, "{{") {
			s.t.Errorf("%q: shared %v, /%s, %s", c.Name, c.Shared(), c.Shortcut, c.HTML)
		}
	}
}

func TestInvitation(t *testing.T) {
	t.Parallel()
	d := mime.Draft{
		From: jonas.Address, To: parley.Addresses{{Email: "help+tag@harbour.example"}}, InternetID: "invitation@northquay.example",
		SentAt: time.Date(2026, 3, 30, 17, 6, 0, 0, time.UTC),
	}
	invites("Handover", "Northquay Architects, 4 Canal Yard", 6, 9)(&d)
	c, err := mime.ReadCalendar(d.Parts[0].Body)
	if err != nil || c.Method != "REQUEST" || c.Summary != "Handover" || c.Location != "Northquay Architects, 4 Canal Yard" ||
		!c.Start.Equal(time.Date(2026, 4, 5, 9, 0, 0, 0, time.UTC)) || c.Organizer.Email != jonas.Email ||
		len(c.Attendees) != 1 || c.Attendees[0].Email != helpAddress {
		t.Errorf("%+v, %v", c, err)
	}
}

package demo

import (
	"slices"
	"strings"
	"testing"
	"time"

	"parley/internal/account"
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

func TestSampleHasWhatIsUnusual(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	s.add()
	rows := s.rows()
	forged := s.items(rows["Our bank details have changed"].ID)
	i := slices.IndexFunc(forged, func(i conversation.Item) bool { return i.Message != nil })
	if a := forged[i].Message.Auth; !a.Unverified() || a.SPF != parley.VerdictFail || a.DMARC != parley.VerdictFail {
		t.Errorf("forged: %+v", a)
	}
	bounced := slices.ContainsFunc(s.items(rows["Two bikes for the dunes"].ID), func(i conversation.Item) bool {
		return i.Message != nil && i.Message.Delivery == parley.Bounced && i.Message.Recipients[0].Reason == parley.ReasonMailboxFull
	})
	if !bounced {
		t.Error("no mail has bounced")
	}
	invited := slices.ContainsFunc(s.items(rows["Eight e-bikes for our office"].ID), func(i conversation.Item) bool {
		return i.Message != nil && slices.ContainsFunc(i.Message.Attachments, func(a parley.Attachment) bool { return a.Kind() == parley.CalendarFile })
	})
	if !invited {
		t.Error("no invitation has come")
	}
	signed := slices.ContainsFunc(s.items(rows["Two bikes for the dunes"].ID), func(i conversation.Item) bool {
		return i.Message != nil && strings.Contains(i.Body.Text, "Ines Faria\nHarbour Bikes, rentals")
	})
	if !signed {
		t.Error("an answer has no signature")
	}
	canned, _, err := s.settings.CannedMessages(t.Context(), s.owner, setting.CannedFilter{Limit: 100})
	if err != nil || len(canned) != len(ready) {
		t.Fatalf("%d canned messages, %v", len(canned), err)
	}
	folders, err := s.settings.CannedFolders(t.Context(), s.owner)
	if err != nil || len(folders) != 3 {
		t.Errorf("folders %v, %v", folders, err)
	}
	for _, c := range canned {
		if !c.Shared() || c.Shortcut == "" || strings.Contains(c.HTML, "{{") {
			t.Errorf("%q: shared %v, /%s, %s", c.Name, c.Shared(), c.Shortcut, c.HTML)
		}
	}
}

// A shortcut that the account has given already stays its own; what it answers with stays too.
func TestSampleLeavesCannedMessagesAlone(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	ctx := t.Context()
	own, err := s.settings.CreateCannedMessage(ctx, s.owner, setting.CannedChange{Name: new("Ours"), Shortcut: new("thanks"), Shared: new(true), HTML: new("<p>Thanks!</p>")})
	if err != nil {
		t.Fatal(err)
	}
	s.ownLife()
	s.add()
	canned, _, err := s.settings.CannedMessages(ctx, s.owner, setting.CannedFilter{Query: "open", Limit: 100})
	if err != nil || len(canned) == 0 {
		t.Fatalf("%v, %v", canned, err)
	}
	channels, _, err := s.settings.Channels(ctx, s.owner, 0, 1)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.settings.UpdateChannel(ctx, s.owner, channels[0].ID, setting.ChannelChange{AutoresponderID: &canned[0].ID}); err != nil {
		t.Fatal(err)
	}
	s.remove()
	left, _, err := s.settings.CannedMessages(ctx, s.owner, setting.CannedFilter{Limit: 100})
	if err != nil || len(left) != 2 || left[0].ID != canned[0].ID || left[1].ID != own.ID || left[1].Shortcut != "thanks" {
		t.Errorf("left %+v, %v", left, err)
	}
}

// In the demo something waits to be sent tomorrow; elsewhere nothing of a sample goes out.
func TestDemoHasSomethingScheduled(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	secret, err := account.NewSecret([]byte("a key of thirty-two characters.."))
	if err != nil {
		t.Fatal(err)
	}
	accounts, err := account.New(account.Options{DB: s.db, Secret: secret, Cost: account.Cost{Memory: 8, Passes: 1, Threads: 1}})
	if err != nil {
		t.Fatal(err)
	}
	in, err := Fill(t.Context(), accounts, s.sample, newQuay(t).c)
	if err != nil {
		t.Fatal(err)
	}
	s.owner = in.Owner
	for _, i := range s.items(s.rows()["Trade-in for a 20-inch children's bike"].ID) {
		if m := i.Message; m != nil && m.Delivery == parley.Scheduled && m.SendAt != nil {
			if jobs := s.dump()["jobs"]; len(jobs) != 1 {
				t.Errorf("jobs: %v", jobs)
			}
			return
		}
	}
	t.Error("nothing is scheduled")
}

func TestInvitation(t *testing.T) {
	t.Parallel()
	d := mime.Draft{
		From: jonas.Address, To: parley.Addresses{{Email: helpAddress}}, InternetID: "invitation@northquay.example",
		SentAt: time.Date(2026, 3, 30, 17, 6, 0, 0, time.UTC),
	}
	invites("Handover", "Northquay Architects, 4 Canal Yard", 6, 9)(&d)
	c, err := mime.ReadCalendar(d.Parts[0].Body)
	if err != nil || c.Method != "REQUEST" || c.Summary != "Handover" || c.Location != "Northquay Architects, 4 Canal Yard" ||
		!c.Start.Equal(time.Date(2026, 4, 5, 9, 0, 0, 0, time.UTC)) || c.Organizer.Email != jonas.Email {
		t.Errorf("%+v, %v", c, err)
	}
}

package mime

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"parley/internal/parley"
)

// TestCorpusAutomatic scores what decides whether a machine may answer. It is the
// header's part: what only a bounce's own words tell is read elsewhere.
func TestCorpusAutomatic(t *testing.T) {
	t.Parallel()
	type score struct{ right, missed, wrong int }
	headers, recalled, normal, falsely, silent, answered := 0, 0, 0, 0, 0, 0
	scores := map[string]*score{"auto_submitted": {}, "is_bounce": {}, "must_not_autoreply": {}}
	for _, kind := range []string{"bounce-auto", "mail-parse", "mail-hostile"} {
		for _, c := range mailCases(t, kind) {
			m := Read(c.raw)
			nullPath := strings.Contains(string(c.raw[:min(len(c.raw), 4000)]), "Return-Path: <>") // an envelope's word
			got := map[string]bool{
				"auto_submitted": m.AutoSubmitted, "is_bounce": m.IsBounce,
				"must_not_autoreply": m.NoAutoReply || nullPath,
			}
			if want := c.wants("is_bounce"); want != nil && *want && c.Tells == "headers" {
				headers++
				if m.IsBounce {
					recalled++
				}
			} else if want != nil && !*want {
				normal++
				if m.IsBounce {
					falsely++
				}
			}
			if want := c.wants("must_not_autoreply"); want != nil && *want {
				silent++
				if !got["must_not_autoreply"] {
					answered++
				}
			}
			for field, s := range scores {
				raw, ok := c.Expect[field]
				var want bool
				if !ok || json.Unmarshal(raw, &want) != nil {
					continue
				}
				switch {
				case got[field] == want:
					s.right++
				case want:
					s.missed++
					t.Logf("%s: %s is missed", c.ID, field)
				default:
					s.wrong++
					t.Logf("%s: %s is not so", c.ID, field)
				}
			}
		}
	}
	figure(t, "bounce-auto", "bounces recognised, where headers tell", recalled, headers, 98)
	figure(t, "all mails", "mails that are no bounce taken for none", normal-falsely, normal, 100)
	figure(t, "all mails", "must_not_autoreply: no machine answers", silent-answered, silent, 100)
	for field, floor := range map[string]int{"auto_submitted": 1000, "is_bounce": 880, "must_not_autoreply": 985} {
		s := scores[field]
		t.Logf("%s: %d right, %d missed, %d wrong", field, s.right, s.missed, s.wrong)
		if s.right < floor {
			t.Errorf("%s: %d right, the floor is %d", field, s.right, floor)
		}
	}
}

// wants is what the case says of a field; nil: nothing.
func (c mailCase) wants(field string) *bool {
	raw, ok := c.Expect[field]
	var want bool
	if !ok || json.Unmarshal(raw, &want) != nil {
		return nil
	}
	return &want
}

// reasonsOf gives our words for those of the peer's that have one.
var reasonsOf = map[string][]parley.Reason{
	"userunknown": {parley.ReasonNoSuchUser}, "hasmoved": {parley.ReasonNoSuchUser}, "mailboxfull": {parley.ReasonMailboxFull}, "hostunknown": {parley.ReasonHostUnknown},
	"mesgtoobig": {parley.ReasonTooLarge}, "exceedlimit": {parley.ReasonTooLarge}, "expired": {parley.ReasonExpired, parley.ReasonNetwork}, "networkerror": {parley.ReasonNetwork, parley.ReasonExpired},
	"suspend": {parley.ReasonSuspended}, "spamdetected": {parley.ReasonBlockedAsSpam}, "badreputation": {parley.ReasonBlockedAsSpam, parley.ReasonPolicy},
	"blocked": {parley.ReasonBlockedAsSpam, parley.ReasonPolicy}, "virusdetected": {parley.ReasonBlockedAsSpam}, "authfailure": {parley.ReasonAuthFailure},
	"policyviolation": {parley.ReasonPolicy, parley.ReasonBlockedAsSpam, parley.ReasonAuthFailure},
}

// TestCorpusReasons compares the word for why a mail came back.
func TestCorpusReasons(t *testing.T) {
	t.Parallel()
	good, all := 0, 0
	for _, c := range mailCases(t, "bounce-auto") {
		var want []struct{ Reason string }
		if raw, ok := c.Expect["bounce"]; !ok || json.Unmarshal(raw, &want) != nil || len(want) != 1 || reasonsOf[want[0].Reason] == nil {
			continue
		}
		all++
		var got []parley.Reason
		for _, r := range Read(c.raw).Reports {
			got = append(got, r.Reason)
		}
		if slices.ContainsFunc(got, func(r parley.Reason) bool { return slices.Contains(reasonsOf[want[0].Reason], r) }) {
			good++
			continue
		}
		t.Logf("%s: %v, want %s", c.ID, got, want[0].Reason)
	}
	figure(t, "bounce-auto", "the reason in a word", good, all, 80)
}

// TestCorpusReports compares the recipients of delivery status notifications (RFC 3464).
func TestCorpusReports(t *testing.T) {
	t.Parallel()
	actions := map[parley.Delivery]string{parley.Bounced: "failed", parley.Queued: "delayed", parley.Delivered: "delivered"}
	good, all := 0, 0
	for _, c := range mailCases(t, "bounce-auto") {
		var want []struct{ Recipient, Action, Status string }
		if raw, ok := c.Expect["dsn_recipients"]; !ok || json.Unmarshal(raw, &want) != nil || len(want) == 0 {
			continue
		}
		all++
		var got []string
		for _, r := range Read(c.raw).Reports {
			got = append(got, strings.ToLower(r.Recipient)+" "+actions[r.Delivery]+" "+r.Status)
		}
		right := len(got) == len(want)
		for _, w := range want {
			right = right && slices.Contains(got, strings.ToLower(w.Recipient)+" "+w.Action+" "+w.Status)
		}
		if right {
			good++
		} else {
			t.Logf("%s: got %v, want %v", c.ID, got, want)
		}
	}
	figure(t, "bounce-auto", "recipients, action and status of RFC 3464 reports", good, all, 94)
}

func TestAutoReply(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		header    string
		auto, ans bool // AutoSubmitted, AutoReply
		none      bool // NoAutoReply
	}{
		"a person":              {"Subject: Re: order", false, false, false},
		"RFC 3834 answer":       {"Auto-Submitted: auto-replied (vacation)", true, true, true},
		"RFC 3834 notice":       {"Auto-Submitted: auto-generated", true, false, true},
		"Exchange vacation":     {"Auto-Submitted: auto-generated\nX-Auto-Response-Suppress: All\nIn-Reply-To: <a@b>\nSubject: Abwesend", true, true, true},
		"tracker in a thread":   {"Auto-Submitted: auto-generated\nPrecedence: bulk\nX-Auto-Response-Suppress: All\nIn-Reply-To: <a@b>", true, false, true},
		"old Exchange vacation": {"X-Auto-Response-Suppress: All\nSubject: Automatic reply: order", true, true, true},
		"only its subject":      {"Subject: Out of Office: order", false, false, false},
		"a talk about holidays": {"Subject: Out of office on Monday", false, false, false},
		"list":                  {"List-Id: <l.example>\nPrecedence: list\nIn-Reply-To: <a@b>", false, false, true},
		"vacation program":      {"X-Autoreply: yes\nPrecedence: bulk", true, true, true},
		"delivery report":       {"Content-Type: multipart/report; report-type=delivery-status; boundary=b", false, true, true},
		"no-reply sender":       {"Sender: No-Reply+12@shop.test", false, false, true},
		"said no":               {"Auto-Submitted: no", false, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := Read([]byte("From: a@b.test\n" + c.header + "\n\nhello\n"))
			if m.AutoReply != c.ans || m.AutoSubmitted != c.auto || m.NoAutoReply != c.none {
				t.Errorf("AutoSubmitted %v, AutoReply %v, NoAutoReply %v, want %v, %v, %v", m.AutoSubmitted, m.AutoReply, m.NoAutoReply, c.auto, c.ans, c.none)
			}
		})
	}
}

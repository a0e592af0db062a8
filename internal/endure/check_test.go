package endure

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"parley/internal/app/apptest"
)

// sight is all that can be seen in the end, from the API and from the relay.
type sight struct {
	mails    map[string][]int64 // conversations by the Message-ID of mails that came in
	texts    map[string][]int64 // conversations by the text of messages and notes that we wrote
	sent     map[string]item    // our messages by Message-ID
	relayed  map[string]int     // how often the relay took each
	assigned map[int64][]int64  // who was to have a conversation, in order
	failed   map[int64]bool     // conversations that are shown as in need of attention
}

func (tr *trial) look() sight {
	tr.Helper()
	s := sight{
		mails: map[string][]int64{}, texts: map[string][]int64{}, sent: map[string]item{}, relayed: map[string]int{},
		assigned: map[int64][]int64{}, failed: map[int64]bool{},
	}
	for _, c := range tr.conversations() {
		for _, i := range tr.timeline(c.ID) {
			switch {
			case i.Kind == "message" && i.Direction == "inbound":
				s.mails[i.InternetID] = append(s.mails[i.InternetID], c.ID)
			case i.Kind == "message":
				s.sent[i.InternetID] = i
				fallthrough
			case i.Kind == "note":
				s.texts[strings.TrimSpace(i.Text)] = append(s.texts[strings.TrimSpace(i.Text)], c.ID)
			case i.Event == "conversation.assigned":
				var change struct{ From, To int64 }
				if err := json.Unmarshal(i.Data, &change); err != nil {
					tr.Errorf("event %d: %v", i.ID, err)
				}
				s.assigned[c.ID] = append(s.assigned[c.ID], change.To)
			}
		}
	}
	for _, c := range all[conversation](tr, "/conversations?view=failed") {
		s.failed[c.ID] = true
	}
	for _, m := range tr.relay.Mails() {
		id, err := apptest.Header(m.Body, "Message-ID")
		if err != nil {
			tr.Errorf("a mail of ours: %v", err)
		}
		s.relayed[strings.Trim(id, "<>")]++
	}
	return s
}

// check compares what was acknowledged with what is there.
func (l *load) check(s sight) {
	l.Helper()
	l.checkMails(s)
	l.checkWrites(s)
	l.checkAssignments(s)
	l.checkRelayed(s)
}

// checkMails: whatever got a 250 is there exactly once, and in its conversation.
func (l *load) checkMails(s sight) {
	l.Helper()
	threads := map[string][]int64{}
	for id, m := range l.mails {
		at := s.mails[id]
		if len(at) > 1 || len(at) == 0 && m.acknowledged {
			l.Errorf("mail %s (acknowledged: %t) is there %d times", id, m.acknowledged, len(at))
		}
		if m.joins != "" {
			if want := s.texts[m.joins]; len(at) > 0 && !slices.Equal(at, want) {
				l.Errorf("mail %s is in conversation %v, and what it answers in %v", id, at, want)
			}
			continue
		}
		thread, _, _ := strings.Cut(id, ".")
		threads[thread] = slices.Compact(slices.Sorted(slices.Values(append(threads[thread], at...))))
	}
	for thread, at := range threads {
		if len(at) > 1 {
			l.Errorf("%s is split into conversations %v", thread, at)
		}
	}
	for id := range s.mails {
		if l.mails[id] == nil {
			l.Errorf("mail %s is there, and nobody wrote it", id)
		}
	}
}

// checkWrites: every message and note that was acknowledged is there exactly
// once, and no other twice.
func (l *load) checkWrites(s sight) {
	l.Helper()
	for text, w := range l.writes {
		at := s.texts[text]
		if len(at) > 1 || len(at) == 0 && w.id != 0 {
			l.Errorf("%s %s (acknowledged: %t) is there %d times", w.kind, text, w.id != 0, len(at))
		}
		if len(at) == 1 && w.conversation != 0 && at[0] != w.conversation {
			l.Errorf("%s %s is in conversation %d, not %d", w.kind, text, at[0], w.conversation)
		}
	}
	for text := range s.texts {
		if l.writes[text] == nil {
			l.Errorf("%q is there, and nobody wrote it", text)
		}
	}
}

// checkAssignments: each that was acknowledged is in the timeline, in order and once.
func (l *load) checkAssignments(s sight) {
	l.Helper()
	for conversation, a := range l.assigned {
		got := s.assigned[conversation]
		if len(got) > 0 && got[0] == l.owner() {
			got = got[1:] // who begins a conversation has it
		}
		if len(got) < a.acknowledged || len(got) > len(a.to) || !slices.Equal(got, a.to[:len(got)]) {
			l.Errorf("conversation %d was assigned to %v, and of %v the first %d were acknowledged", conversation, got, a.to, a.acknowledged)
		}
	}
}

// checkRelayed: what is sent left once, and whatever may have left is shown as uncertain.
func (l *load) checkRelayed(s sight) {
	l.Helper()
	for id, m := range s.sent {
		n := s.relayed[id]
		switch {
		case m.Delivery == "sent" && n == 1:
		case m.Delivery == "uncertain" && n <= 1 && s.failed[s.texts[strings.TrimSpace(m.Text)][0]]:
		default:
			l.Errorf("message %d is %s, left %d times, and its conversation is marked as failed: %t", m.ID, m.Delivery, n, s.failed[s.texts[strings.TrimSpace(m.Text)][0]])
		}
	}
	for id, n := range s.relayed {
		if _, ok := s.sent[id]; !ok {
			l.Errorf("mail %s left %d times, and is nowhere to be seen", id, n)
		}
	}
}

// decide has a person send again what is uncertain: it leaves then, once more.
func (l *load) decide(before sight) (decided int) {
	l.Helper()
	for id, m := range before.sent {
		if m.Delivery != "uncertain" {
			continue
		}
		decided++
		if _, err := l.Ask(l.Token, http.MethodPost, fmt.Sprintf("/messages/%d/retry", m.ID), "{}"); err != nil {
			l.Error(err)
			continue
		}
		if got := l.settled(m.ID); got != "sent" {
			l.Errorf("message %d, sent again, is %s", m.ID, got)
		}
		before.relayed[id]++
	}
	after := map[string]int{}
	for _, m := range l.relay.Mails() {
		id, err := apptest.Header(m.Body, "Message-ID")
		if err != nil {
			l.Error(err)
		}
		after[strings.Trim(id, "<>")]++
	}
	if !maps.Equal(before.relayed, after) {
		l.Errorf("after a person sent again what was uncertain, the relay has %d mails under %d names, not %v under %d", sum(after), len(after), sum(before.relayed), len(before.relayed))
	}
	return decided
}

func sum(counts map[string]int) (n int) {
	for _, c := range counts {
		n += c
	}
	return n
}

// settled waits until a message is on its way no more.
func (tr *trial) settled(id int64) (delivery string) {
	tr.Helper()
	tr.eventually(func() error {
		m, err := ask[item](tr, fmt.Sprintf("/messages/%d", id))
		if delivery = m.Delivery; err == nil && (delivery == "queued" || delivery == "sending") {
			err = fmt.Errorf("message %d is %s", id, delivery)
		}
		return err
	})
	return delivery
}

// checkSums: the journal's sums are true, and there are as many entries as the outside knows of.
func (l *load) checkSums(sums totals) {
	l.Helper()
	if sums.Accepted != sums.Filed+sums.Failed+sums.Pending || sums.Failed != 0 {
		l.Errorf("the journal counts %+v", sums)
	}
	if sums.Accepted < l.accepted || sums.Accepted > l.accepted+l.unanswered {
		l.Errorf("the journal has %d mails; %d were acknowledged, and %d got no answer", sums.Accepted, l.accepted, l.unanswered)
	}
}

// follower reads the event log as a program outside does.
type follower struct{ last int64 }

// follow reads on: the numbers have no holes, and none comes twice.
func (f *follower) follow(tr *trial) {
	tr.Helper()
	for {
		p := get[struct {
			Items []struct {
				Seq int64 `json:"seq"`
			} `json:"items"`
			NextSeq int64 `json:"next_seq"`
			Reset   bool  `json:"reset"`
		}](tr, "/events?after="+strconv.FormatInt(f.last, 10))
		if p.Reset {
			tr.Errorf("the log cannot be read on after %d", f.last)
		}
		for _, e := range p.Items {
			if e.Seq != f.last+1 {
				tr.Errorf("event %d comes after %d", e.Seq, f.last)
			}
			f.last = e.Seq
		}
		if len(p.Items) == 0 {
			return
		}
	}
}

// owner is who made the account.
func (tr *trial) owner() int64 {
	id, err := strconv.ParseInt(tr.Owner, 10, 64)
	if err != nil {
		tr.Error(err)
	}
	return id
}

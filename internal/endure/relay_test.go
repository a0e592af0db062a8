package endure

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"parley/internal/app/apptest"
	"parley/internal/channel/channeltest"
)

// misfortune is what happens to a mail of ours at the relay, and what becomes of it.
type misfortune struct {
	name   string
	faults []channeltest.Fault
	meets  string // the state that it is seen in after the first fault
	words  string // what is shown of the fault
	ends   string // the state in the end, without anybody's help; empty: sent, or uncertain and never taken
	left   int    // how often the relay took it by then
}

func misfortunes() []misfortune {
	fault := func(f channeltest.Fault) []channeltest.Fault { return []channeltest.Fault{f} }
	hang, slow := 3*time.Second, 500*time.Millisecond
	if *long {
		hang, slow = 70*time.Second, 5*time.Second // longer than we wait for an answer before the body
	}
	return []misfortune{
		{"rcpt450", fault(channeltest.Fault{At: channeltest.AtRcpt, Reply: "450 4.2.1 Mailbox busy"}), "queued", "450 4.2.1 Mailbox busy", "sent", 1},
		{"rcpt421", fault(channeltest.Fault{At: channeltest.AtRcpt, Reply: "421 4.3.2 Closing for now", Break: true}), "", "", "sent", 1}, // at once, if the connection had been waiting
		{"rcpt550", fault(channeltest.Fault{At: channeltest.AtRcpt, Reply: "550 5.1.1 No such person"}), "failed", "550 5.1.1 No such person", "failed", 0},
		{"data451", fault(channeltest.Fault{At: channeltest.AtData, Reply: "451 4.3.0 Disk trouble"}), "queued", "451 4.3.0 Disk trouble", "sent", 1},
		{"body", fault(channeltest.Fault{At: channeltest.AtBody, Bytes: 40, Break: true}), "", "", "", 0}, // a small mail is out of our hands before that is known
		{"dot450", fault(channeltest.Fault{At: channeltest.AtDot, Reply: "450 4.7.1 Greylisted"}), "queued", "450 4.7.1 Greylisted", "sent", 1},
		{"dot421", fault(channeltest.Fault{At: channeltest.AtDot, Reply: "421 4.3.2 Closing for now", Break: true}), "queued", "421 4.3.2 Closing for now", "sent", 1},
		{"dot550", fault(channeltest.Fault{At: channeltest.AtDot, Reply: "550 5.7.1 Spam"}), "failed", "550 5.7.1 Spam", "failed", 0},
		{"taken", fault(channeltest.Fault{At: channeltest.AtDot, Keep: true, Break: true}), "uncertain", "It may have arrived", "uncertain", 1},
		{"lost", fault(channeltest.Fault{At: channeltest.AtDot, Break: true}), "uncertain", "It may have arrived", "uncertain", 0},
		{"hangs", fault(channeltest.Fault{At: channeltest.AtRcpt, Until: after(hang)}), "", "", "sent", 1},
		{"hangs-after-dot", fault(channeltest.Fault{At: channeltest.AtDot, Until: after(hang)}), "", "", "sent", 1},
		{"slow", []channeltest.Fault{
			{At: channeltest.AtRcpt, Until: after(slow)}, {At: channeltest.AtData, Until: after(2 * slow)}, {At: channeltest.AtDot, Until: after(3 * slow)},
		}, "", "", "sent", 1},
	}
}

// after is closed once so much time has gone.
func after(d time.Duration) <-chan struct{} {
	c := make(chan struct{})
	time.AfterFunc(d, func() { close(c) })
	return c
}

// TestRelayFaults: whatever a relay does to a mail, it is delivered once, or it
// is uncertain or failed and shows the server's words.
func TestRelayFaults(t *testing.T) {
	t.Parallel()
	tr := newTrial(t, channeltest.SMTPOptions{})
	all := misfortunes()
	ids := map[string]int64{}
	for _, m := range all {
		for i := range m.faults {
			m.faults[i].Only = m.name + "@customer.example"
		}
		tr.relay.Script(m.faults...)
		ids[m.name] = tr.write(m.name)
	}
	for _, m := range all {
		if m.meets != "" {
			tr.eventually(func() error { return tr.showed(m, ids[m.name]) })
		}
	}
	for _, m := range all {
		tr.within(2*time.Minute, func() error { return tr.endsAs(m, ids[m.name]) })
	}
	for _, m := range all {
		if m.ends == "" {
			continue
		}
		if n := tr.left(m.name); n != m.left {
			t.Errorf("%s left %d times, not %d", m.name, n, m.left)
		}
		if m.ends == "sent" {
			continue
		}
		if err := tr.shows(ids[m.name], m.ends, m.words); err != nil {
			t.Error(err)
		}
		tr.sendAgain(m, ids[m.name])
	}
}

// showed reports where a mail does not show what it met, and is not past it yet:
// on a slow machine the next try may have come before we looked.
func (tr *trial) showed(m misfortune, id int64) error {
	err := tr.shows(id, m.meets, m.words)
	if got, askErr := ask[item](tr, fmt.Sprintf("/messages/%d", id)); askErr == nil && got.Tries > 1 {
		return nil
	}
	return err
}

// endsAs reports where a mail has not come to its end yet.
func (tr *trial) endsAs(m misfortune, id int64) error {
	if m.ends != "" {
		return tr.shows(id, m.ends, "")
	}
	if err := tr.shows(id, "uncertain", "It may have arrived"); err == nil && tr.left(m.name) == 0 {
		return nil
	}
	if err := tr.shows(id, "sent", ""); err != nil || tr.left(m.name) == 1 {
		return err
	}
	return fmt.Errorf("the mail to %s left %d times", m.name, tr.left(m.name))
}

// sendAgain: what ended badly waits for a person, who finds it and sends it again.
func (tr *trial) sendAgain(m misfortune, id int64) {
	tr.Helper()
	found := false
	for _, c := range all[conversation](tr, "/conversations?view=failed") {
		found = found || c.Subject == "about "+m.name
	}
	if !found {
		tr.Errorf("%s is not among what failed", m.name)
	}
	if got := get[item](tr, fmt.Sprintf("/messages/%d", id)); got.Tries != 1 {
		tr.Errorf("%s was tried %d times", m.name, got.Tries)
	}
	if _, err := tr.Ask(tr.Token, http.MethodPost, fmt.Sprintf("/messages/%d/retry", id), "{}"); err != nil {
		tr.Fatal(err)
	}
	tr.eventually(func() error { return tr.shows(id, "sent", "") })
	if n := tr.left(m.name); n != m.left+1 {
		tr.Errorf("%s, sent again, left %d times", m.name, n)
	}
}

// TestRelayConnection: what goes wrong before a mail is named harms none.
func TestRelayConnection(t *testing.T) {
	t.Parallel()
	server, _ := channeltest.TLS(t)
	tr := newTrial(t, channeltest.SMTPOptions{TLS: server})
	tr.relay.Script(
		channeltest.Fault{At: channeltest.AtGreeting, Break: true},
		channeltest.Fault{At: channeltest.AtGreeting, Reply: "421 4.3.2 Not now", Break: true},
		channeltest.Fault{At: channeltest.AtHello, Break: true},
		channeltest.Fault{At: channeltest.AtStartTLS, Break: true},
		channeltest.Fault{At: channeltest.AtStartTLS, Reply: "454 4.7.0 TLS not available"},
		channeltest.Fault{At: channeltest.AtStartTLS, Reply: "220 2.0.0 Go ahead\r\nthis is no handshake", Break: true},
		channeltest.Fault{At: channeltest.AtMail, Reply: "450 4.3.2 Not now"},
		channeltest.Fault{At: channeltest.AtMail, Break: true},
	)
	names := tr.writeMany(8)
	tr.leftOnce(names, time.Minute)
	for _, m := range tr.relay.Mails() {
		if !m.Secure {
			t.Errorf("a mail to %s left in the clear, though the relay offers TLS", m.To)
		}
	}
}

// TestRelayGone: a relay that refuses every connection, or takes them and says
// nothing: what was acknowledged waits, also through a kill, and leaves once
// when it is back.
func TestRelayGone(t *testing.T) {
	t.Parallel()
	outage := 3 * time.Second
	if *long {
		outage = 70 * time.Second
	}
	for name, words := range map[string]string{"down": "cannot be reached", "silent": ""} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := newGate(t)
			tr := newTrial(t, channeltest.SMTPOptions{}, "PARLEY_RELAY_URL=smtp://"+g.addr)
			if name == "silent" {
				g.open("")
			}
			over := after(outage)
			names := tr.writeMany(6)
			for _, id := range names {
				if words != "" {
					tr.eventually(func() error { return tr.shows(id, "queued", words) })
				}
			}
			if words != "" {
				if err := tr.Kill(); err != nil {
					t.Fatal(err)
				}
				if err := tr.Serve(); err != nil {
					t.Fatal(err)
				}
			}
			<-over
			g.open(tr.relay.Addr())
			tr.leftOnce(names, 3*time.Minute)
		})
	}
}

// writeMany writes to so many people.
func (tr *trial) writeMany(n int) map[string]int64 {
	tr.Helper()
	ids := map[string]int64{}
	for i := range n {
		name := fmt.Sprint("person-", i)
		ids[name] = tr.write(name)
	}
	return ids
}

// write begins a conversation with somebody and gives its message.
func (tr *trial) write(name string) (message int64) {
	tr.Helper()
	l := &load{trial: tr, ledger: newLedger()}
	c, ok := l.beginConversation(tr.Context(), name)
	if !ok {
		tr.Fatalf("no conversation was begun with %s", name)
	}
	return tr.timelineMessage(c)
}

func (tr *trial) timelineMessage(conversation int64) int64 {
	tr.Helper()
	for _, i := range tr.timeline(conversation) {
		if i.Kind == "message" {
			return i.ID
		}
	}
	tr.Fatalf("conversation %d has no message", conversation)
	return 0
}

// shows reports where a message is not in this state, with these words.
func (tr *trial) shows(id int64, delivery, words string) error {
	m, err := ask[item](tr, fmt.Sprintf("/messages/%d", id))
	if err == nil && (m.Delivery != delivery || !strings.Contains(m.Fault, words)) {
		err = fmt.Errorf("message %d is %s: %q, where %s: %q was to be seen", id, m.Delivery, m.Fault, delivery, words)
	}
	return err
}

// leftOnce waits until all are sent, and wants each to have left once.
func (tr *trial) leftOnce(ids map[string]int64, patience time.Duration) {
	tr.Helper()
	for name, id := range ids {
		tr.within(patience, func() error { return tr.shows(id, "sent", "") })
		if n := tr.left(name); n != 1 {
			tr.Errorf("the mail to %s left %d times", name, n)
		}
	}
}

// left is how often the relay took a mail to somebody.
func (tr *trial) left(name string) (n int) {
	for _, m := range tr.relay.Mails() {
		if id, err := apptest.Header(m.Body, "Message-ID"); err == nil && id != "" && m.To[0] == name+"@customer.example" {
			n++
		}
	}
	return n
}

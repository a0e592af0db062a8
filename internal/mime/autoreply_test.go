package mime

import "testing"

func TestAutoReply(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		header    string
		auto, ans bool // AutoSubmitted, AutoReply
	}{
		"a person":              {"Subject: Re: order", false, false},
		"RFC 3834 answer":       {"Auto-Submitted: auto-replied (vacation)", true, true},
		"RFC 3834 notice":       {"Auto-Submitted: auto-generated", true, false},
		"Exchange vacation":     {"Auto-Submitted: auto-generated\nX-Auto-Response-Suppress: All\nIn-Reply-To: <a@b>\nSubject: Abwesend", true, true},
		"tracker in a thread":   {"Auto-Submitted: auto-generated\nPrecedence: bulk\nX-Auto-Response-Suppress: All\nIn-Reply-To: <a@b>", true, false},
		"old Exchange vacation": {"X-Auto-Response-Suppress: All\nSubject: Automatic reply: order", true, true},
		"only its subject":      {"Subject: Out of Office: order", false, true},
		"a talk about holidays": {"Subject: Out of office on Monday", false, false},
		"list":                  {"List-Id: <l.example>\nPrecedence: list\nIn-Reply-To: <a@b>", true, false},
		"vacation program":      {"X-Autoreply: yes\nPrecedence: bulk", true, true},
		"delivery report":       {"Content-Type: multipart/report; report-type=delivery-status; boundary=b", true, true},
		"said no":               {"Auto-Submitted: no", false, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := Read([]byte("From: a@b.test\n" + c.header + "\n\nhello\n"))
			if m.AutoReply != c.ans || m.AutoSubmitted != (c.auto || c.ans) {
				t.Errorf("AutoSubmitted %v, AutoReply %v, want %v, %v", m.AutoSubmitted, m.AutoReply, c.auto || c.ans, c.ans)
			}
		})
	}
}

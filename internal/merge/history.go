package merge

import (
	"html"
	"slices"
	"strings"
	"time"
)

// MaxHistory bounds the text of a thread, in bytes: beyond it the oldest are left out.
const MaxHistory = 256 << 10

// Said is one message of a thread: who wrote what, and when.
type Said struct {
	From string
	At   time.Time
	Text string // what they newly wrote
}

// Thread is a conversation's messages, oldest first: what History stands for.
type Thread struct {
	Said    []Said
	LeftOut bool // there are older ones
}

const leftOut = "Earlier messages are left out."

// Empty reports whether nothing was said yet.
func (t Thread) Empty() bool { return len(t.Said) == 0 }

// bounded leaves out the oldest until the rest is no more than MaxHistory; of the
// newest no more than that is kept.
func (t Thread) bounded() Thread {
	size, from := 0, len(t.Said)
	for from > 0 {
		size += len(t.Said[from-1].Text)
		if size > MaxHistory {
			break
		}
		from--
	}
	if from == 0 {
		return t
	}
	if from == len(t.Said) { // the newest alone is more
		last := t.Said[from-1]
		last.Text = strings.ToValidUTF8(last.Text[:MaxHistory], "")
		return Thread{Said: []Said{last}, LeftOut: true}
	}
	return Thread{Said: slices.Clone(t.Said[from:]), LeftOut: true}
}

// HTML is the thread as blocks of escaped text.
func (t Thread) HTML() string {
	t = t.bounded()
	var out strings.Builder
	if t.LeftOut {
		out.WriteString("<p>" + leftOut + "</p>")
	}
	for _, s := range t.Said {
		out.WriteString("<p>" + html.EscapeString(s.intro()) + "</p><blockquote>")
		for p := range strings.SplitSeq(strings.Trim(strings.ReplaceAll(s.Text, "\r\n", "\n"), "\n"), "\n\n") {
			if strings.TrimSpace(p) != "" {
				out.WriteString("<p>" + strings.ReplaceAll(html.EscapeString(strings.Trim(p, "\n")), "\n", "<br>") + "</p>")
			}
		}
		out.WriteString("</blockquote>")
	}
	return out.String()
}

func (s Said) intro() string {
	return s.At.Format("Mon, 2 Jan 2006 15:04 -0700") + ", " + line(s.From) + ":"
}

package mime

import (
	"bytes"
	"strconv"
	"strings"
)

// How deep quotes and lists are marked; deeper ones look the same.
const maxMarks = 10

// maxRefs bounds the link addresses that are listed behind one line.
const maxRefs = 20

// ruler stands for a line across the page, as mail programs write it.
const ruler = "________________________________"

// textWriter lays out text in lines.
type textWriter struct {
	out    []byte
	skip   bool // inside an element that isn't shown
	breaks int  // line ends due before the next text
	space  bool // a space is due before the next text
	pre    int
	quotes int
	marks  int // quote marks of the line at hand
	lists  []list
	bullet string // due at the start of the next line
	link   string
	linkAt int      // where the words of the link begin in out
	refs   []string // addresses of the links in this line, due at its end
}

// list is an open ul or ol.
type list struct {
	ordered bool
	items   int
}

// block asks for n line ends before the next text.
func (w *textWriter) block(n int) { w.breaks = max(w.breaks, n) }

// lineBreak is a br; more than two empty lines say no more than two.
func (w *textWriter) lineBreak() { w.breaks = min(w.breaks+1, 3) }

// listGap parts a list from the text around it, but not from the list that it is in.
func (w *textWriter) listGap() int {
	if len(w.lists) > 0 {
		return 1
	}
	return 2
}

func (w *textWriter) item() {
	w.block(1)
	w.bullet = "- "
	if n := len(w.lists); n > 0 {
		l := &w.lists[n-1]
		l.items++
		if l.ordered {
			w.bullet = strconv.Itoa(l.items) + ". "
		}
		w.bullet = strings.Repeat("  ", min(n-1, maxMarks)) + w.bullet
	}
}

// text adds running text: white space collapses outside of pre.
func (w *textWriter) text(s string) {
	if w.pre > 0 {
		w.preformatted(s)
		return
	}
	for s != "" {
		i := strings.IndexAny(s, " \t\r\n\f")
		switch i {
		case 0:
			w.space = true
			s = s[1:]
			continue
		case -1:
			i = len(s)
		}
		w.literal(s[:i])
		s = s[i:]
	}
}

func (w *textWriter) preformatted(s string) {
	for i, line := range strings.Split(lineFeeds(s), "\n") {
		if i > 0 {
			w.breaks++
		}
		if line != "" {
			w.literal(line)
		}
	}
}

// invisible are characters that only guide layout; fillers of previews consist of them.
var invisible = strings.NewReplacer("\u00a0", " ", "\u200b", "", "\ufeff", "", "\u00ad", "", "\u034f", "")

// literal writes s behind what is due before it.
func (w *textWriter) literal(s string) {
	s = invisible.Replace(s)
	if s == "" {
		return
	}
	atStart := len(w.out) == 0
	switch {
	case atStart || w.breaks > 0:
		w.newLines(atStart)
	case w.space && w.out[len(w.out)-1] != ' ':
		w.out = append(w.out, ' ')
	}
	w.breaks, w.space = 0, false
	w.out = append(w.out, s...)
}

// newLines ends the line and begins another with its marks.
func (w *textWriter) newLines(atStart bool) {
	quotes := min(w.quotes, maxMarks)
	if !atStart {
		w.endLine()
		blank := strings.TrimRight(strings.Repeat("> ", min(quotes, w.marks)), " ")
		for i := range w.breaks {
			w.out = append(w.out, '\n')
			if i < w.breaks-1 {
				w.out = append(w.out, blank...)
			}
		}
	}
	w.marks = quotes
	w.out = append(w.out, strings.Repeat("> ", quotes)...)
	w.out = append(w.out, w.bullet...)
	w.bullet = ""
}

// endLink keeps the address of a link whose words don't say it.
func (w *textWriter) endLink() {
	target := w.link
	if w.link = ""; target == "" {
		return
	}
	words := strings.TrimSpace(string(w.out[min(w.linkAt, len(w.out)):]))
	if words != "" && !strings.Contains(words, trimScheme(target)) && len(w.refs) < maxRefs {
		w.refs = append(w.refs, target)
	}
}

// endLine writes the addresses of the links in the line.
func (w *textWriter) endLine() {
	w.out = bytes.TrimRight(w.out, " ")
	for _, ref := range w.refs {
		w.out = append(append(append(w.out, " <"...), ref...), '>')
	}
	w.refs = w.refs[:0]
}

func trimScheme(target string) string {
	target = strings.TrimSuffix(target, "/")
	for _, scheme := range []string{"https://", "http://"} {
		if len(target) > len(scheme) && strings.EqualFold(target[:len(scheme)], scheme) {
			return target[len(scheme):]
		}
	}
	return target
}

func (w *textWriter) finish() string {
	w.endLine()
	return clean(string(bytes.TrimSpace(w.out)))
}

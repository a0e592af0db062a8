package store

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// maxWord bounds a word of the indexes, in bytes; what is longer is found by its beginning.
const maxWord = 48

// wordKind tells how words found a word.
type wordKind uint8

// Scripts that are written without spaces give overlapping pairs of letters. The
// letter that ends such a run is indexed too, so that every single letter begins
// some word.
const (
	spaced wordKind = iota
	pair
	lone // the only letter of its run
	tail // the last letter of a run, behind its pairs
)

// words calls yield with the words of s in the form in which they are indexed and
// looked for, the same on both databases: compatibility forms resolved, marks
// dropped, lower case. The word is good until yield returns.
func words(s string, yield func(word []byte, kind wordKind) bool) {
	w := wordScanner{yield: yield}
	if ascii(s) {
		for i := 0; i < len(s) && !w.done; i++ {
			w.letter(rune(s[i]))
		}
	} else {
		var it norm.Iter
		for it.InitString(norm.NFKD, s); !it.Done() && !w.done; {
			for _, r := range string(it.Next()) {
				w.letter(r)
			}
		}
	}
	w.end()
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

type wordScanner struct {
	yield func([]byte, wordKind) bool
	buf   []byte
	kind  wordKind // of what is in buf: spaced, or the letter of a run that a pair begins with
	done  bool
}

// folded are the letters that no decomposition takes apart.
var folded = map[rune]string{
	'ß': "ss", 'æ': "ae", 'œ': "oe", 'ø': "o", 'đ': "d", 'ð': "d", 'þ': "th", 'ł': "l", 'ħ': "h", 'ı': "i", 'ŋ': "n", 'ĸ': "k", 'ς': "σ",
}

func (w *wordScanner) letter(r rune) {
	switch {
	case 'a' <= r && r <= 'z' || '0' <= r && r <= '9':
		w.add(r, "")
	case 'A' <= r && r <= 'Z':
		w.add(r+'a'-'A', "")
	case r < utf8.RuneSelf:
		w.end()
	case unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Cf, r):
	case spaceless(r):
		w.addToRun(r)
	case unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.Is(unicode.Mc, r):
		r = unicode.ToLower(r)
		w.add(r, folded[r])
	default:
		w.end()
	}
}

// spaceless tells scripts that are written without spaces between words.
func spaceless(r rune) bool {
	return r >= 0x0E00 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}

func (w *wordScanner) add(r rune, instead string) {
	if w.kind != spaced {
		w.end()
	}
	if len(w.buf) >= maxWord {
		return
	}
	if instead != "" {
		w.buf = append(w.buf, instead...)
		return
	}
	w.buf = utf8.AppendRune(w.buf, r)
}

func (w *wordScanner) addToRun(r rune) {
	if w.kind == spaced {
		w.end()
		w.kind, w.buf = lone, utf8.AppendRune(w.buf, r)
		return
	}
	first := len(w.buf)
	w.buf = utf8.AppendRune(w.buf, r)
	w.emit(pair)
	w.kind, w.buf = tail, append(w.buf[:0], w.buf[first:]...)
}

func (w *wordScanner) end() {
	if len(w.buf) > 0 {
		w.emit(w.kind)
	}
	w.buf, w.kind = w.buf[:0], spaced
}

func (w *wordScanner) emit(kind wordKind) {
	if !w.done && !w.yield(w.buf, kind) {
		w.done = true
	}
}

// addressWord is an address as one word: lower case, without what the indexes
// take for a border. It is empty for what is no address.
func addressWord(email string) string {
	email = strings.ToLower(strings.TrimSpace(email))
	if strings.Count(email, "@") != 1 || len(email) > 254 || strings.HasSuffix(email, "@") {
		return ""
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r >= utf8.RuneSelf && (unicode.IsLetter(r) || unicode.IsNumber(r)),
			'a' <= r && r <= 'z', '0' <= r && r <= '9', strings.ContainsRune("@.-+_", r):
			return r
		}
		return '_'
	}, email)
}

// digits are the digits of a number, without the + and the spaces.
func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if '0' <= r && r <= '9' {
			return r
		}
		return -1
	}, s)
}

// wordSink takes the words of a text one by one and tells whether it wants more.
type wordSink interface {
	add(word []byte) bool
}

// addText adds the words of a text.
func addText(to wordSink, t string) bool {
	more := true
	words(t, func(w []byte, _ wordKind) bool {
		more = to.add(w)
		return more
	})
	return more
}

// addAddress adds an address whole, by its domain, and by its words.
func addAddress(to wordSink, email string) bool {
	if whole := addressWord(email); whole != "" {
		if !to.add([]byte(whole)) || !to.add([]byte(whole[strings.IndexByte(whole, '@'):])) {
			return false
		}
	}
	return addText(to, email)
}

// wordSet is a wordSink that keeps distinct words in order, at most max of them,
// each behind a tag.
type wordSet struct {
	tag  string
	max  int
	list []string
	seen map[string]bool
}

func newWordSet(tag string, limit int) *wordSet {
	return &wordSet{tag: tag, max: limit, seen: map[string]bool{}}
}

func (s *wordSet) add(w []byte) bool {
	if len(w) > 0 && !s.seen[string(w)] && len(s.list) < s.max {
		word := s.tag + string(w)
		s.seen[word[len(s.tag):]] = true
		s.list = append(s.list, word)
	}
	return len(s.list) < s.max
}

// matcher is a wordSink that looks for a term of each group and wants no more once it has them.
type matcher struct {
	groups [][]term
	found  []bool
	left   int
}

func newMatcher(groups [][]term) *matcher {
	return &matcher{groups: groups, found: make([]bool, len(groups)), left: len(groups)}
}

func (m *matcher) add(w []byte) bool {
	for i, g := range m.groups {
		if !m.found[i] && anyTerm(g, w) {
			m.found[i] = true
			m.left--
		}
	}
	return m.left > 0
}

func anyTerm(g []term, w []byte) bool {
	for _, t := range g {
		if len(w) >= len(t.word) && string(w[:len(t.word)]) == t.word && (t.prefix || len(w) == len(t.word)) {
			return true
		}
	}
	return false
}

package store

import (
	"strconv"
	"strings"
)

// maxTerms bounds the words of one search.
const maxTerms = 8

// term is one word that must be found.
type term struct {
	word   string
	prefix bool // a word that begins so is enough
}

// terms reads what a person has typed. Every word must be found, the last one by
// its beginning; words in quotes are meant as they stand. Whatever is typed is a
// search: there is no syntax to get wrong. An address is one word.
func terms(q string) []term {
	var out []term
	open := false // the last word may go on
	for i, part := range strings.Split(q, `"`) {
		for _, chunk := range strings.Fields(part) {
			out, open = append(out, chunkTerms(chunk)...), i%2 == 0
		}
	}
	if len(out) > maxTerms {
		out, open = out[:maxTerms], false
	}
	if last := len(out) - 1; last >= 0 && open && len(out[last].word) > 1 { // one letter begins too many words
		out[last].prefix = true
	}
	return distinct(out)
}

func chunkTerms(chunk string) []term {
	if whole := addressWord(strings.Trim(chunk, `<>(),;:.'`)); whole != "" {
		return []term{{word: whole}}
	}
	var out []term
	words(chunk, func(w []byte, kind wordKind) bool {
		if kind != tail { // its letter stands in the pair before
			out = append(out, term{string(w), kind == lone})
		}
		return len(out) < maxTerms
	})
	return out
}

func distinct(all []term) []term {
	var out []term
	seen := map[term]bool{}
	for _, t := range all {
		if !seen[t] {
			seen[t] = true
			out = append(out, t)
		}
	}
	return out
}

// number reads a search for a conversation by its number: "#123".
func number(q string) (int64, bool) {
	digits, ok := strings.CutPrefix(strings.TrimSpace(q), "#")
	if !ok {
		return 0, false
	}
	n, err := strconv.ParseInt(digits, 10, 64)
	return n, err == nil && n > 0
}

// phone reads a search for a number as it may be written: "+44 (0) 7700 900".
func phone(q string) string {
	if strings.Trim(q, "+0123456789 ()-./") != "" {
		return ""
	}
	d := digits(q)
	d = strings.TrimPrefix(d, "00")
	if len(d) < 3 {
		return ""
	}
	return d
}

// after is the first text that is behind all texts that begin with prefix.
func after(prefix string) string { return prefix + "\U0010FFFF" }

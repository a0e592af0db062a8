package mime

import (
	"strings"
)

// maxIDs bounds In-Reply-To and References: a thread of that length is no thread.
const maxIDs = 1000

// readMessageID reads the Message-ID (RFC 5322 3.6.4) without <>; one without
// them, or with white space inside, is kept without the white space.
func readMessageID(v string) string {
	v = unfold(v)
	if _, after, ok := strings.Cut(v, "<"); ok {
		v, _, _ = strings.Cut(after, ">")
	}
	return cleanID(v)
}

// readIDs reads a list of ids, each once. What stands outside <> is an id only if
// it has an @ or is all there is: In-Reply-To once held prose (RFC 5322 4.5.4).
func readIDs(v string) []string {
	v = unfold(v)
	var ids []string
	seen := map[string]bool{}
	add := func(id string) {
		if id = cleanID(id); id != "" && len(ids) < maxIDs && !seen[id] {
			seen[id] = true
			ids = append(ids, id)
		}
	}
	for v != "" {
		before, after, ok := strings.Cut(v, "<")
		words := strings.FieldsFunc(before, isIDSeparator)
		for _, w := range words {
			if !ok && (strings.Contains(w, "@") || len(words) == 1 && ids == nil) {
				add(w)
			}
		}
		if !ok {
			break
		}
		id, rest, _ := strings.Cut(after, ">")
		add(id)
		v = rest
	}
	return ids
}

func isIDSeparator(r rune) bool { return r == ' ' || r == '\t' || r == ',' || r == ';' || r == '"' }

// cleanID removes white space, which folding put there.
func cleanID(id string) string {
	if strings.ContainsAny(id, " \t\r\n") {
		id = strings.Join(strings.Fields(id), "")
	}
	return clean(strings.Trim(id, "<>"))
}

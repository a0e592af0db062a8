package mime

import (
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/net/idna"

	"parley/internal/parley"
)

// lineWidth is how long a line should be at most (RFC 5322 2.1.1).
const lineWidth = 76

// maxToken is the longest run of ASCII that is written unencoded; a line has 998 (RFC 5322 2.1.1).
const maxToken = 900

// folder writes a field value token by token and breaks lines between them.
type folder struct {
	b   strings.Builder
	col int
}

func newFolder(name string) *folder {
	f := &folder{col: len(name) + 1}
	f.b.WriteString(name + ":")
	return f
}

// add writes a token after a space or a fold.
func (f *folder) add(token string) {
	if f.col+1+len(token) > lineWidth && f.col > 1 {
		f.b.WriteString("\r\n")
		f.col = 0
	}
	f.b.WriteByte(' ')
	f.b.WriteString(token)
	f.col += 1 + len(token)
}

// unstructured writes a field of text (RFC 5322 3.6.5), in encoded words where it must be.
func (w *composer) unstructured(name, field, value string) {
	if !w.check(field, value) {
		return
	}
	f := newFolder(name)
	if needsWords(value) {
		for _, word := range encodeWords(value) {
			f.add(word)
		}
	} else {
		for token := range strings.SplitSeq(value, " ") {
			f.add(token)
		}
	}
	w.line(f.b.String())
}

// needsWords reports whether text can't stand in a header as it is and come back the same.
func needsWords(s string) bool {
	if strings.Contains(s, "=?") || strings.Contains(s, "  ") || strings.TrimSpace(s) != s {
		return true
	}
	run := 0
	for i := range len(s) {
		c := s[i]
		if c < ' ' || c >= 0x7f {
			return true
		}
		if run++; c == ' ' {
			run = 0
		}
		if run > maxToken {
			return true
		}
	}
	return false
}

// addresses writes an address list (RFC 5322 3.4), one mailbox after the other.
func (w *composer) addresses(name, field string, list parley.Addresses) {
	if len(list) == 0 {
		return
	}
	f := newFolder(name)
	for i, a := range list {
		path := field
		if field != "from" && field != "sender" {
			path += "[" + strconv.Itoa(i) + "]"
		}
		tokens, ok := w.mailbox(path, a)
		if !ok {
			return
		}
		if i < len(list)-1 {
			tokens[len(tokens)-1] += ","
		}
		for _, t := range tokens {
			f.add(t)
		}
	}
	w.line(f.b.String())
}

// mailbox returns the tokens of a mailbox; lines may break between them.
func (w *composer) mailbox(path string, a parley.Address) ([]string, bool) {
	if !w.check(path+".name", a.Name) || !w.check(path+".email", a.Email) {
		return nil, false
	}
	email, err := asciiAddress(a.Email)
	if err != nil {
		w.fail(path+".email", "mail.bad_address", "This is not an email address: check it for typing errors.")
		return nil, false
	}
	name := strings.TrimSpace(a.Name)
	switch {
	case name == "":
		return []string{email}, true
	case needsWords(name) || len(name) > 60:
		return append(encodeWords(name), "<"+email+">"), true
	case strings.Trim(name, atomChars+" ") == "":
		return append(strings.Split(name, " "), "<"+email+">"), true
	}
	return []string{quote(name), "<" + email + ">"}, true
}

// atomChars are those of a phrase without quotes (RFC 5322 3.2.3), the rare ones left out.
const atomChars = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_'&!+/"

// quote makes a quoted-string.
func quote(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}

// asciiAddress checks an addr-spec and writes its domain in ASCII (RFC 5890).
// A local part beyond ASCII needs SMTPUTF8, which relays rarely offer: refused.
func asciiAddress(email string) (string, error) {
	at := strings.LastIndexByte(email, '@')
	if at <= 0 || at == len(email)-1 || len(email) > 320 {
		return "", fmt.Errorf("address without local part or domain")
	}
	local, domain := email[:at], email[at+1:]
	if !validLocal(local) {
		return "", fmt.Errorf("malformed local part")
	}
	if !isASCII([]byte(domain)) {
		ascii, err := idna.Lookup.ToASCII(domain)
		if err != nil {
			return "", fmt.Errorf("malformed domain: %w", err)
		}
		domain = ascii
	}
	if strings.ContainsAny(domain, " \t<>()\",;@\\") || hasControl(domain) {
		return "", fmt.Errorf("malformed domain")
	}
	return local + "@" + domain, nil
}

func validLocal(local string) bool {
	if len(local) > 1 && local[0] == '"' && local[len(local)-1] == '"' {
		inner, size, ok := cutQuoted(local)
		return ok && size == len(local) && inner != "" && isASCII([]byte(local)) && !hasControl(local)
	}
	return isASCII([]byte(local)) && !strings.ContainsAny(local, " \t<>()[]\",;:@\\") && !hasControl(local)
}

func hasControl(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f })
}

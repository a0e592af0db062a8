package email

import (
	"errors"
	"strconv"
	"strings"
	"unicode/utf8"
)

// maxCommand bounds a command line. RFC 5321 4.5.3.1.4 asks for 512 bytes, and
// extensions add to that.
const maxCommand = 4096

// maxAddress bounds an address of the envelope. RFC 5321 4.5.3.1.3 says 256;
// rewritten bounce addresses (SRS, BATV, VERP) go beyond.
const maxAddress = 998

// command is one line of RFC 5321 4.1.1.
type command struct {
	verb string // upper case
	arg  string
}

// parseCommand reads a line without its end.
func parseCommand(line string) command {
	verb, arg, _ := strings.Cut(strings.TrimRight(line, " \t"), " ")
	return command{strings.ToUpper(verb), strings.TrimSpace(arg)}
}

// spokenByBrowsers are the verbs with which a web page could be made to speak
// to us: what follows them is another protocol, and somebody else's words.
var spokenByBrowsers = map[string]bool{
	"GET": true, "POST": true, "PUT": true, "HEAD": true, "DELETE": true, "PATCH": true,
	"OPTIONS": true, "CONNECT": true, "TRACE": true, "PRI": true,
}

var errPath = errors.New("no address")

// parsePath reads the Reverse-path or Forward-path of RFC 5321 4.1.2 after
// keyword ("FROM:", "TO:") and the parameters behind it. The null reverse-path
// is empty. Senders that forget the angle brackets or add a space are understood.
func parsePath(arg, keyword string) (addr string, params []string, err error) {
	if len(arg) < len(keyword) || !strings.EqualFold(arg[:len(keyword)], keyword) {
		return "", nil, errPath
	}
	rest := strings.TrimLeft(arg[len(keyword):], " ")
	var path, tail string
	if strings.HasPrefix(rest, "<") {
		var found bool
		path, tail, found = cutUnquoted(rest[1:], '>')
		if !found || tail != "" && tail[0] != ' ' {
			return "", nil, errPath
		}
	} else {
		path, tail, _ = cutUnquoted(rest, ' ')
		if path == "" {
			return "", nil, errPath
		}
	}
	if strings.HasPrefix(path, "@") { // a source route, to be ignored: RFC 5321 appendix C
		if _, path, _ = strings.Cut(path, ":"); path == "" {
			return "", nil, errPath
		}
	}
	addr, err = mailbox(path)
	return addr, strings.Fields(tail), err
}

// cutUnquoted cuts s at the first sep that no quoted string holds.
func cutUnquoted(s string, sep byte) (before, after string, found bool) {
	quoted := false
	for i := 0; i < len(s); i++ {
		switch {
		case quoted && s[i] == '\\':
			i++
		case s[i] == '"':
			quoted = !quoted
		case s[i] == sep && !quoted:
			return s[:i], s[i+1:], true
		}
	}
	return s, "", false
}

// mailbox checks an addr-spec as far as to be safe to store and compare, and
// takes needless quotes off: "jane"@example.com is jane@example.com (RFC 5321
// 4.1.2). What else is odd about it is for the Directory to know or not to know.
func mailbox(s string) (string, error) {
	if len(s) > maxAddress || !utf8.ValidString(s) || strings.ContainsFunc(s, isControl) || strings.HasPrefix(s, "@") {
		return "", errPath
	}
	if !strings.HasPrefix(s, `"`) {
		if strings.ContainsAny(s, ` <>"`) {
			return "", errPath
		}
		return s, nil
	}
	local, domain, found := cutUnquoted(s, '@')
	if !found || len(local) < 2 || !strings.HasSuffix(local, `"`) || strings.ContainsAny(domain, ` <>"`) {
		return "", errPath
	}
	if plain := unquote(local[1 : len(local)-1]); isDotString(plain) {
		local = plain
	}
	return local + "@" + domain, nil
}

func unquote(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+1 < len(s) {
			i++
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// isDotString reports whether s needs no quotes: atoms joined by single dots.
func isDotString(s string) bool {
	if s == "" || s[0] == '.' || s[len(s)-1] == '.' || strings.Contains(s, "..") {
		return false
	}
	return !strings.ContainsAny(s, " ()<>[]:;@\\,\"")
}

func isControl(r rune) bool { return r < ' ' || 0x7f <= r && r < 0xa0 }

// mailParams reads the parameters of MAIL. SIZE is 0 when it is not told (RFC 1870).
func mailParams(params []string) (size int64, refused *reply) {
	for _, p := range params {
		name, value, _ := strings.Cut(p, "=")
		switch strings.ToUpper(name) {
		case "SIZE":
			n, err := strconv.ParseInt(value, 10, 64)
			if err != nil || n < 0 {
				return 0, &replySyntax
			}
			size = n
		case "BODY": // RFC 6152; bodies are taken as they are
			if v := strings.ToUpper(value); v != "7BIT" && v != "8BITMIME" {
				return 0, &replySyntax
			}
		case "SMTPUTF8", "AUTH": // RFC 6531; RFC 4954 5 lets us ignore who the sender was to the client
		default:
			return 0, &replyParameter
		}
	}
	return size, nil
}

// chunkParams reads the argument of BDAT (RFC 3030 2).
func chunkParams(arg string) (size int64, last, ok bool) {
	n, rest, _ := strings.Cut(arg, " ")
	size, err := strconv.ParseInt(n, 10, 64)
	last = strings.EqualFold(strings.TrimSpace(rest), "LAST")
	return size, last, err == nil && size >= 0 && (last || rest == "")
}

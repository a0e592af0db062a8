package intake

import (
	"bytes"
	"hash/fnv"
	"strconv"
	"strings"

	"parley/internal/channel"
	"parley/internal/parley"
)

// maxHeader bounds how much of a mail is searched for the root of its thread.
const maxHeader = 256 << 10

// laneOf names the lane in which a mail is filed: those of one thread, as far
// as a glance at the header tells, are filed one after the other, so that a
// burst of replies does not overtake its parent. It may be wrong either way:
// where a mail belongs is decided under the channel's lock.
func laneOf(raw channel.Raw) string {
	root := threadRoot(raw.Body)
	if root == "" && !strings.Contains(raw.MailFrom, "@") {
		root = raw.MailFrom // a number: its texts are filed as they came
	}
	if root == "" {
		return ""
	}
	h := fnv.New64a()
	_, _ = h.Write([]byte(root)) // never fails
	return "intake:" + raw.ChannelID.String() + ":" + strconv.FormatUint(h.Sum64(), 36)
}

// threadRoot is the oldest ancestor that a mail names, RFC 5322 3.6.4: the first
// of its References, else its In-Reply-To, else its own Message-ID.
func threadRoot(body []byte) string {
	var root, parent, own string
	for name, value := range fields(body[:min(len(body), maxHeader)]) {
		switch {
		case root == "" && bytes.EqualFold(name, []byte("References")):
			root = firstID(value)
		case parent == "" && bytes.EqualFold(name, []byte("In-Reply-To")):
			parent = firstID(value)
		case own == "" && bytes.EqualFold(name, []byte("Message-ID")):
			own = firstID(value)
		}
	}
	switch {
	case root != "":
		return root
	case parent != "":
		return parent
	}
	return own
}

// fields gives the header fields as they stand, folding included.
func fields(b []byte) func(yield func(name, value []byte) bool) {
	return func(yield func(name, value []byte) bool) {
		for len(b) > 0 && b[0] != '\n' && b[0] != '\r' {
			end := fieldEnd(b)
			if colon := bytes.IndexByte(b[:end], ':'); colon > 0 && !yield(bytes.TrimRight(b[:colon], " \t"), b[colon+1:end]) {
				return
			}
			b = b[end:]
		}
	}
}

// fieldEnd is where the first field of b ends: a line that begins with white space goes on (RFC 5322 2.2.3).
func fieldEnd(b []byte) int {
	end := 0
	for {
		n := bytes.IndexByte(b[end:], '\n')
		if n < 0 {
			return len(b)
		}
		end += n + 1
		if end == len(b) || b[end] != ' ' && b[end] != '\t' {
			return end
		}
	}
}

func firstID(value []byte) string {
	if _, rest, ok := bytes.Cut(value, []byte("<")); ok {
		value, _, _ = bytes.Cut(rest, []byte(">"))
	}
	return parley.InternetKey(string(bytes.TrimSpace(value)))
}

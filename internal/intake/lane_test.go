package intake

import (
	"bytes"
	"strings"
	"testing"

	"parley/internal/channel"
)

func TestThreadRoot(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ mail, want string }{
		"a first mail":            {"Subject: hi\r\nMessage-ID: <Own@X.test>\r\n\r\nhello", "own@x.test"},
		"a reply":                 {"Message-ID: <b@x>\r\nIn-Reply-To: <a@x>\r\n\r\n", "a@x"},
		"the root wins":           {"In-Reply-To: <c@x>\r\nReferences: <a@x> <b@x>\r\n <c@x>\r\nMessage-ID: <d@x>\r\n\r\n", "a@x"},
		"folded after the name":   {"References:\r\n\t<a@x>\r\n <b@x>\r\n\r\n", "a@x"},
		"names in any case":       {"rEfErEnCeS : <a@x>\n\n", "a@x"},
		"without brackets":        {"Message-ID: a@x\n\n", "a@x"},
		"only in the body":        {"Subject: x\n\nMessage-ID: <a@x>\n", ""},
		"an empty field":          {"References: \r\nMessage-ID: <a@x>\r\n\r\n", "a@x"},
		"no header":               {"", ""},
		"no line end":             {"Message-ID: <a@x>", "a@x"},
		"a bracket without end":   {"Message-ID: <a@x\r\n\r\n", "a@x"},
		"beyond what is searched": {"X: " + strings.Repeat("x", maxHeader) + "\r\nMessage-ID: <a@x>\r\n\r\n", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := threadRoot([]byte(c.mail)); got != c.want {
				t.Errorf("root %q, want %q", got, c.want)
			}
		})
	}
}

func TestLaneIsOfOneChannel(t *testing.T) {
	t.Parallel()
	first, reply := []byte("Message-ID: <a@x>\r\n\r\n"), []byte("Message-ID: <b@x>\r\nReferences: <a@x>\r\n\r\n")
	if laneOf(channel.Raw{ChannelID: 1, Body: first}) != laneOf(channel.Raw{ChannelID: 1, Body: reply}) {
		t.Error("a reply has another lane than what it answers")
	}
	if laneOf(channel.Raw{ChannelID: 1, Body: first}) == laneOf(channel.Raw{ChannelID: 2, Body: first}) {
		t.Error("two channels share a lane")
	}
	if lane := laneOf(channel.Raw{ChannelID: 1, Body: nil}); lane != "" {
		t.Errorf("a mail without ids waits in lane %q", lane)
	}
}

// FuzzThreadRoot glances at headers before anything has looked at the mail.
func FuzzThreadRoot(f *testing.F) {
	f.Add([]byte("Message-ID: <c@x>\r\nIn-Reply-To: <b@x>\r\nReferences: <a@x>\r\n <b@x>\r\n\r\nhello"))
	f.Add([]byte("References:\n\t<A@X>\n\n"))
	f.Add([]byte("message-id : a@x"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		root := threadRoot(raw)
		if again := threadRoot(bytes.ReplaceAll(raw, []byte("\r\n"), []byte("\n"))); again != root && !bytes.Contains(raw, []byte("\r\r")) {
			t.Errorf("line ends tell %q from %q", root, again)
		}
		if lane := laneOf(channel.Raw{ChannelID: 1, Body: raw}); (lane == "") != (root == "") || len(lane) > 64 {
			t.Errorf("root %q has lane %q", root, lane)
		}
	})
}

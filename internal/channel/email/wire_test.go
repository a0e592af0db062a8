package email

import (
	"bufio"
	"bytes"
	"net/textproto"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"

	"parley/internal/channel"
)

func TestParsePath(t *testing.T) {
	t.Parallel()
	tests := []struct {
		arg, addr, params string
		ok                bool
	}{
		{"FROM:<a@b.test>", "a@b.test", "", true},
		{"from:<a@b.test> SIZE=1 BODY=7BIT", "a@b.test", "SIZE=1 BODY=7BIT", true},
		{"FROM: <a@b.test>", "a@b.test", "", true},
		{"FROM:a@b.test", "a@b.test", "", true},
		{"FROM:a@b.test SIZE=1", "a@b.test", "SIZE=1", true},
		{"FROM:<>", "", "", true},
		{"FROM:<> SIZE=1", "", "SIZE=1", true},
		{"FROM:<root>", "root", "", true},
		{"FROM:<@relay.test,@other.test:a@b.test>", "a@b.test", "", true},
		{`FROM:<"a"@b.test>`, "a@b.test", "", true},
		{`FROM:<"a\b"@b.test>`, "ab@b.test", "", true},
		{`FROM:<"a b"@b.test>`, `"a b"@b.test`, "", true},
		{`FROM:<"a>b"@b.test>`, `"a>b"@b.test`, "", true},
		{`FROM:<"a@x"@b.test>`, `"a@x"@b.test`, "", true},
		{`FROM:<"a.."@b.test>`, `"a.."@b.test`, "", true},
		{`FROM:<"\""@b.test>`, `"\""@b.test`, "", true},
		{"FROM:<jörg@bücher.test> SMTPUTF8", "jörg@bücher.test", "SMTPUTF8", true},
		{"FROM:<SRS0=x=y=b.test=a@c.test>", "SRS0=x=y=b.test=a@c.test", "", true},
		{"FROM:", "", "", false},
		{"FROM", "", "", false},
		{"TO:<a@b.test>", "", "", false},
		{"FROM:<a@b.test", "", "", false},
		{"FROM:<a@b.test>SIZE=1", "", "", false},
		{"FROM:<a b@c.test>", "", "", false},
		{"FROM:<a<b@c.test>", "", "", false},
		{"FROM:<@relay.test>", "", "", false},
		{`FROM:<"a@b.test>`, "", "", false},
		{`FROM:<"a"b@c.test>`, "", "", false},
		{`FROM:<"a>`, "", "", false},
		{"FROM:<a\x00@b.test>", "", "", false},
		{"FROM:<a\xff@b.test>", "", "", false},
		{"FROM:<" + strings.Repeat("a", 999) + "@b.test>", "", "", false},
	}
	for _, tc := range tests {
		addr, params, err := parsePath(tc.arg, "FROM:")
		if (err == nil) != tc.ok || err == nil && (addr != tc.addr || strings.Join(params, " ") != tc.params) {
			t.Errorf("%.60q: %q, %q, %v", tc.arg, addr, params, err)
		}
	}
}

// FuzzParsePath: whatever a client says, what we keep can be stored, shown and put on a line.
func FuzzParsePath(f *testing.F) {
	for _, seed := range []string{"FROM:<a@b>", `FROM:<"\"@b> X=Y`, "FROM:<@a:b@c>", "FROM:\"\\"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, arg string) {
		addr, _, err := parsePath(arg, "FROM:")
		if err != nil {
			return
		}
		if !utf8.ValidString(addr) || strings.ContainsAny(addr, "\r\n\x00") || len(addr) > maxAddress {
			t.Errorf("%q became %q", arg, addr)
		}
		if again, _, err := parsePath("FROM:<"+addr+">", "FROM:"); err != nil || again != addr {
			t.Errorf("%q became %q and then %q, %v", arg, addr, again, err)
		}
	})
}

func readAll(wire string) (body []byte, rest string, err error) {
	r := bufio.NewReaderSize(strings.NewReader(wire), 64) // small, so that lines cross its end
	var b bytes.Buffer
	err = readDotted(r, &b)
	left, _ := r.Peek(r.Buffered())
	return b.Bytes(), string(left), err
}

// TestDottedRoundTrip: what is written is what is read, and nothing beyond its end.
func TestDottedRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		lines := rapid.SliceOf(rapid.OneOf(
			rapid.SampledFrom([]string{"", ".", "..", ".\x00", "QUIT"}),
			rapid.StringMatching(`\.?[a-z\xff.]{0,200}`),
		)).Draw(t, "lines")
		body := strings.Join(append(lines, ""), "\r\n")
		got, rest, err := readAll(dotted(t, body) + ".\r\nNOOP\r\n")
		const next = "NOOP\r\n" // of which the buffer may hold a part
		if err != nil || string(got) != body || rest != next[:len(rest)] {
			t.Fatalf("%q became %q, rest %q, %v", body, got, rest, err)
		}
	})
}

type fataler interface {
	Helper()
	Fatal(args ...any)
}

func dotted(t fataler, body string) string {
	t.Helper()
	var wire bytes.Buffer
	w := bufio.NewWriterSize(&wire, 16)
	if err := writeDotted(w, []byte(body)); err != nil {
		t.Fatal(err)
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	return wire.String()
}

// FuzzWriteDotted: however odd a body, every receiver sees one end, and only line ends that it agrees with.
func FuzzWriteDotted(f *testing.F) {
	for _, seed := range []string{"", ".", "a\n.\nb", "a\r.\rb", "a\r\n.\r\r\nb", "\r\r\n.\r\n", "..\r\n"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, body string) {
		wire := dotted(t, body)
		if strings.Contains(strings.ReplaceAll(wire, "\r\n", ""), "\n") || strings.Contains(strings.ReplaceAll(wire, "\r\n", ""), "\r") {
			t.Errorf("%q has bare line ends: %q", body, wire)
		}
		for line := range strings.SplitSeq(strings.TrimSuffix(wire, "\r\n"), "\r\n") {
			if line == "." {
				t.Errorf("%q ends too early: %q", body, wire)
			}
		}
		if _, rest, err := readAll(wire + ".\r\n"); err != nil || rest != "" {
			t.Errorf("%q: rest %q, %v", body, rest, err)
		}
	})
}

// FuzzReadDotted compares with the plain definition: the body ends at the first
// <CRLF>.<CRLF>, and a dot behind <CRLF> is taken out.
func FuzzReadDotted(f *testing.F) {
	for _, seed := range []string{".\r\n", "a\r\r\n.\r\n", "a\n.\r\n\r\n.\r\n", "..\r\n.\r\r\n.\r\n", "\r\n.\r.\r\n.\r\nX"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, wire string) {
		got, _, err := readAll(wire)
		before, _, found := strings.Cut("\r\n"+wire, "\r\n.\r\n")
		if !found {
			if err == nil {
				t.Fatalf("%q ended at %q", wire, got)
			}
			return
		}
		want := strings.ReplaceAll(before+"\r\n", "\r\n.", "\r\n")[2:]
		if err != nil || string(got) != want {
			t.Fatalf("%q: got %q, want %q, %v", wire, got, want, err)
		}
	})
}

func TestQueueID(t *testing.T) {
	t.Parallel()
	for answer, want := range map[string]string{
		"2.0.0 Ok: queued as 4ZxY1Z2x3z":                           "4ZxY1Z2x3z",
		"Ok: queued as <abc@relay.test>":                           "abc@relay.test",
		"OK id=1tABcd-0001Xy-2z":                                   "1tABcd-0001Xy-2z",
		"2.0.0 x1ABC234 Message accepted for delivery":             "x1ABC234",
		"Ok 0102018c0e1f2a3b-4c5d6e7f-8a9b-000000":                 "0102018c0e1f2a3b-4c5d6e7f-8a9b-000000",
		"2.0.0 Ok: queued as A1B2\nand a second line, queued as X": "A1B2",
		"2.0.0 Message accepted":                                   "",
		"OK":                                                       "",
		"":                                                         "",
		"2.6.0 <x@y.test> [InternalId=1, Hostname=z] Queued mail for you": "",
	} {
		if got := queueID(answer); got != want {
			t.Errorf("%q: %q, want %q", answer, got, want)
		}
	}
}

func TestWordsAreFitToShow(t *testing.T) {
	t.Parallel()
	got := answered(&textproto.Error{Code: 550, Msg: "5.7.1 spam\r\n5.7.1 see\thttp://x.test \x1b[31m\xff"}, 1)
	if want := "550 5.7.1 spam 5.7.1 see http://x.test [31m�"; got.Text != want || got.Kind != channel.Permanent {
		t.Errorf("%q", got.Text)
	}
	if got := clean(strings.Repeat("é", 1000)); utf8.RuneCountInString(got) != maxWords+1 {
		t.Errorf("%d runes", utf8.RuneCountInString(got))
	}
}

func TestParseRelayURL(t *testing.T) {
	t.Parallel()
	tests := []struct {
		url, addr string
		tls       tlsMode
		verify    bool
	}{
		{"smtp://relay.test", "relay.test:25", tlsOffered, false},
		{"smtp://u:p@relay.test", "relay.test:587", tlsOffered, true},
		{"smtp://u:p@127.0.0.1", "127.0.0.1:587", tlsOffered, false},
		{"smtp://u:p@localhost:25?tls=require", "localhost:25", tlsRequired, true},
		{"smtp://relay.test:2525/?tls=off", "relay.test:2525", tlsOff, true},
		{"smtps://relay.test", "relay.test:465", tlsImplicit, true},
		{"smtp://[::1]:25", "[::1]:25", tlsOffered, false},
	}
	for _, tc := range tests {
		r, err := parseRelayURL(tc.url)
		if err != nil || r.addr() != tc.addr || r.tls != tc.tls || r.verify() != tc.verify {
			t.Errorf("%s: %+v, %v", tc.url, r, err)
		}
	}
	if r, err := parseRelayURL("smtp://a%40b:p%2Fw%3A%3F@relay.test"); err != nil || r.user != "a@b" || r.password != "p/w:?" {
		t.Errorf("%+v, %v", r, err)
	}
	for _, bad := range []string{
		"", "relay.test", "relay.test:25", "http://relay.test", "smtp://", "smtp://:25", "smtp://secret:secret/secret@relay.test",
		"smtp://relay.test:port", "smtp://relay.test/path", "smtp://relay.test#x", "smtp://relay.test?tls=maybe",
		"smtps://relay.test?tls=off", "smtp://relay.test?starttls=1", "smtp://relay.test?tls=%zz",
	} {
		if _, err := parseRelayURL(bad); err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v", bad, err)
		}
	}
}

// FuzzAnswer reads what a relay says to a mail: it is shown to people and stored.
func FuzzAnswer(f *testing.F) {
	f.Add(250, "2.0.0 Ok: queued as 4XyZ12")
	f.Add(550, "5.1.1 <a@b>: \x1b[31mno such user\r\n\xff")
	f.Fuzz(func(t *testing.T, code int, text string) {
		for _, s := range []string{queueID(text), words(&textproto.Error{Code: code, Msg: text})} {
			if !utf8.ValidString(s) || strings.ContainsFunc(s, unicode.IsControl) || utf8.RuneCountInString(s) > maxWords+1 {
				t.Errorf("not fit to show: %q", s)
			}
		}
	})
}

package thread

import (
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"parley/internal/mime"
	"parley/internal/parley"
)

var testSigner = Signer{Keys: [][]byte{[]byte("first"), []byte("second")}}

func TestTokenRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		account := parley.AccountID(rapid.Int64Range(1, math.MaxInt64).Draw(t, "account"))
		c := parley.ConversationID(rapid.Int64Range(0, 1<<28-1).Draw(t, "conversation"))
		m := parley.MessageID(rapid.Int64Range(1, 1<<35-1).Draw(t, "message"))
		token := testSigner.Token(account, c, m)
		if len(token) != tokenLen || token != strings.ToLower(token) {
			t.Fatalf("token %q is not %d lower-case letters", token, tokenLen)
		}
		for _, written := range []string{token, strings.ToUpper(token)} {
			if gotC, gotM, ok := testSigner.Verify(account, written); !ok || gotC != c || gotM != m {
				t.Fatalf("Verify(%q) = %d, %d, %t; want %d, %d", written, gotC, gotM, ok, c, m)
			}
		}
		if _, _, ok := testSigner.Verify(account-1, token); ok {
			t.Fatal("verifies for another account")
		}
		i := rapid.IntRange(0, tokenLen-1).Draw(t, "at")
		other := rapid.SampledFrom([]byte("abcdefghijklmnopqrstuvwxyz234567")).Draw(t, "letter")
		if forged := token[:i] + string(other) + token[i+1:]; forged != token {
			if _, _, ok := testSigner.Verify(account, forged); ok {
				t.Fatalf("forged %q verifies", forged)
			}
		}
	})
}

func TestTokenLimits(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		signer Signer
		c      parley.ConversationID
		m      parley.MessageID
		ok     bool
	}{
		{"young", testSigner, 1, 1, true},
		{"automated, in no conversation", testSigner, 0, 7, true},
		{"four and five bytes of ids", testSigner, 1<<28 - 1, 1<<35 - 1, true},
		{"eleven bytes of ids", testSigner, 1<<35 - 1, 1<<42 - 1, true},
		{"too large to sign", testSigner, 1 << 35, 1 << 42, false},
		{"no message", testSigner, 1, 0, false},
		{"negative", testSigner, -1, 1, false},
		{"no key", Signer{}, 1, 1, false},
	}
	for _, tt := range tests {
		token := tt.signer.Token(1, tt.c, tt.m)
		if (token != "") != tt.ok {
			t.Errorf("%s: token %q", tt.name, token)
		}
		if _, _, ok := tt.signer.Verify(1, token); ok != tt.ok {
			t.Errorf("%s: verifies: %t", tt.name, ok)
		}
	}
}

func TestTokenKeepsMAC(t *testing.T) {
	t.Parallel()
	b, ok := seal([]byte("k"), 1, 1<<28-1, 1<<35-1)
	if !ok || len(b) != tokenBytes {
		t.Fatalf("sealed %d bytes", len(b))
	}
	other, _ := seal([]byte("l"), 1, 1<<28-1, 1<<35-1)
	const ids = 4 + 5
	if mac := len(b) - ids; mac*8 < 56 || cmp.Equal(b[ids:], other[ids:]) || !cmp.Equal(b[:ids], other[:ids]) {
		t.Errorf("the MAC has %d bits", mac*8)
	}
}

func TestKeysRotate(t *testing.T) {
	t.Parallel()
	old := Signer{Keys: [][]byte{[]byte("second")}}.Token(1, 2, 3)
	if _, _, ok := testSigner.Verify(1, old); !ok {
		t.Error("a token of the former key does not verify")
	}
	if _, _, ok := (Signer{Keys: [][]byte{[]byte("third")}}).Verify(1, old); ok {
		t.Error("a token of a key that is gone verifies")
	}
}

func TestPaddedUvarintIsRefused(t *testing.T) {
	t.Parallel()
	b, _ := seal(testSigner.Keys[0], 1, 2, 3)
	padded := append([]byte{0x82, 0x80, 0x00}, b[1:]...)[:tokenBytes]
	if _, _, ok := testSigner.Verify(1, base32Lower.EncodeToString(padded)); ok {
		t.Error("a padded id verifies: it leaves fewer bits to guess")
	}
}

func FuzzVerify(f *testing.F) {
	f.Add(testSigner.Token(1, 2, 3))
	f.Add("")
	f.Add(strings.Repeat("a", tokenLen))
	f.Fuzz(func(t *testing.T, token string) {
		c, m, ok := testSigner.Verify(1, token)
		if !ok {
			return
		}
		made := testSigner.Token(1, c, m)
		old := Signer{Keys: testSigner.Keys[1:]}.Token(1, c, m)
		if !strings.EqualFold(token, made) && !strings.EqualFold(token, old) {
			t.Errorf("%q verifies as %d, %d, for which we never made it", token, c, m)
		}
	})
}

func TestTag(t *testing.T) {
	t.Parallel()
	token := testSigner.Token(1, 2, 3)
	for address, want := range map[string]string{
		"help@x.test":                       "help+" + token + "@x.test",
		"help+uk@x.test":                    "help+uk+" + token + "@x.test",
		"no address":                        "no address",
		strings.Repeat("l", 38) + "@x.test": strings.Repeat("l", 38) + "@x.test",
		strings.Repeat("l", 37) + "@x.test": strings.Repeat("l", 37) + "+" + token + "@x.test",
		`"quo@ted"@x.test`:                  `"quo@ted"+` + token + "@x.test",
	} {
		if got := Tag(address, token); got != want {
			t.Errorf("Tag(%q) = %q, want %q", address, got, want)
		}
	}
	if got := Tag("help@x.test", ""); got != "help@x.test" {
		t.Errorf("without a token: %q", got)
	}
	if base, ok := Untag(Tag("help@x.test", token)); !ok || base != "help@x.test" {
		t.Errorf("Untag = %q, %t", base, ok)
	}
}

func TestFindInAddresses(t *testing.T) {
	t.Parallel()
	token := testSigner.Token(1, 2, 3)
	tests := map[string]struct {
		addresses []string
		want      []string
	}{
		"none":                 {[]string{"help@x.test", "help+news@x.test", "", "+", "@"}, nil},
		"plain":                {[]string{"ann@x.test", "help+" + token + "@x.test"}, []string{token}},
		"upper case":           {[]string{strings.ToUpper("help+" + token + "@x.test")}, []string{token}},
		"behind another tag":   {[]string{"help+uk+" + token + "@x.test"}, []string{token}},
		"wrapped by SRS":       {[]string{"SRS0+hh=tt=x.test=help+" + token + "@fwd.test"}, []string{token}},
		"in angle brackets":    {[]string{"<help+" + token + "@x.test>"}, []string{token}},
		"twice":                {[]string{"help+" + token + "@x.test", "Help+" + token + "@X.test"}, []string{token}},
		"in the domain":        {[]string{"help@+" + token + ".test"}, nil},
		"in the name":          {[]string{token + "@x.test"}, nil},
		"too long":             {[]string{"help+" + token + "a@x.test"}, nil},
		"quoted pair is no at": {[]string{`"a@b"+` + token + "@x.test"}, []string{token}},
	}
	for name, tt := range tests {
		if diff := cmp.Diff(tt.want, FindInAddresses(tt.addresses)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	many := make([]string, 0, 10_000)
	for m := range parley.MessageID(10_000) {
		many = append(many, "help+"+testSigner.Token(1, 2, m+1)+"@x.test")
	}
	if got := FindInAddresses(many); len(got) != maxCandidates {
		t.Errorf("%d candidates of 10,000 addresses", len(got))
	}
}

func TestFindInBody(t *testing.T) {
	t.Parallel()
	token, second := testSigner.Token(1, 2, 3), testSigner.Token(1, 2, 4)
	mark := Marker(token)
	tests := map[string]struct {
		text string
		want []string
	}{
		"none":                      {"Order 1234 [ref: 5678] [ref:] [ref", nil},
		"alone":                     {mark, []string{token}},
		"quoted":                    {"Thanks!\r\n\r\n> Hello\r\n>\r\n> " + mark + "\r\n", []string{token}},
		"deeply quoted":             {"> > >> | " + mark, []string{token}},
		"upper case":                {strings.ToUpper(mark), []string{token}},
		"topmost first":             {"> " + mark + "\n> > " + Marker(second), []string{token, second}},
		"repeated":                  {mark + mark, []string{token}},
		"wrapped, quoted again":     {"> [ref:" + token[:9] + "\r\n> > " + token[9:] + "]", []string{token}},
		"spaces, soft hyphens":      {"[ref: " + token[:9] + "\u00ad\u200b" + token[9:] + "\u00a0]", []string{token}},
		"in a sentence":             {"see " + mark + ", please", []string{token}},
		"not closed, then good":     {"[ref:" + token + " and " + mark, []string{token}},
		"marker within a marker":    {"[ref:[ref:" + token + "]", []string{token}},
		"one letter short":          {"[ref:" + token[1:] + "]", nil},
		"one letter long":           {"[ref:a" + token + "]", nil},
		"a bare token":              {token, nil},
		"closing bracket far away":  {"[ref:" + token + strings.Repeat(" ", 500) + "]", nil},
		"invalid bytes before":      {"\xff\xfe" + mark, []string{token}},
		"invalid bytes in a marker": {"[ref:\xff" + token + "]", nil},
	}
	for name, tt := range tests {
		if diff := cmp.Diff(tt.want, FindInBody(tt.text)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	if got := FindInBody(strings.Repeat("[ref:", 1<<20)); got != nil {
		t.Errorf("found %q in five million brackets", got)
	}
}

// TestMarkerSurvivesHTML: what a mail program quotes comes to us as HTML.
func TestMarkerSurvivesHTML(t *testing.T) {
	t.Parallel()
	token := testSigner.Token(1, 2, 3)
	html := `<div>Thanks!</div><blockquote type="cite"><div>Hello</div><div style="color:#999;font-size:11px">` +
		Marker(token[:0]) + `<span>` + strings.Replace(Marker(token), token[9:], "<wbr>"+token[9:], 1) + `</span></div></blockquote>`
	if diff := cmp.Diff([]string{token}, FindInBody(mime.TextFromHTML(html))); diff != "" {
		t.Errorf("found (-want +got):\n%s", diff)
	}
}

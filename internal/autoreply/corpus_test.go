package autoreply_test

import (
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

func corpora(t *testing.T) string {
	t.Helper()
	dir := os.Getenv("PARLEY_CORPORA")
	for up := "../.."; dir == ""; up = filepath.Join("..", up) {
		if at, err := filepath.Abs(up); err != nil || at == "/" {
			break
		}
		if _, err := os.Stat(filepath.Join(up, "shared", "corpora")); err == nil {
			dir = filepath.Join(up, "shared", "corpora")
		}
	}
	if dir == "" {
		t.Skip("no peer corpora: set PARLEY_CORPORA or put shared/corpora beside the checkout")
	}
	return dir
}

var returnPath = regexp.MustCompile(`(?im)^Return-Path:\s*<([^>\r\n]*)>`)

// No mail of the corpora that must not be answered is, with the autoresponder on
// and its limits out of the way; one that a person writes is.
func TestCorpusAutoreply(t *testing.T) {
	t.Parallel()
	dir := corpora(t)
	o := newOffice(t)
	asked, answered := 0, 0
	for _, kind := range []string{"bounce-auto", "mail-parse"} {
		err := filepath.WalkDir(filepath.Join(dir, kind), func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || filepath.Ext(path) != ".json" {
				return err
			}
			raw, silent := corpusCase(t, path)
			if !silent {
				return nil
			}
			asked++
			envelope := "sender@peer.example"
			if m := returnPath.FindSubmatch(raw); m != nil {
				envelope = string(m[1])
			}
			o.now = o.now.Add(2 * time.Hour)
			before := len(o.answers())
			o.deliver(envelope, raw)
			if len(o.answers()) > before {
				answered++
				t.Errorf("%s is answered", strings.TrimPrefix(path, dir))
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	before := len(o.answers())
	o.deliver("ada@customer.example", o.mail(ada, "A question"))
	if len(o.answers()) != before+1 {
		t.Error("a person is not answered")
	}
	if asked == 0 {
		t.Error("the corpora hold nothing that must not be answered")
	}
	t.Logf("autoresponder: %d replies to %d mails that must not be answered", answered, asked)
}

func corpusCase(t *testing.T, path string) (raw []byte, silent bool) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var c struct {
		Raw    string `json:"raw"`
		Expect struct {
			MustNot *bool `json:"must_not_autoreply"`
		} `json:"expect"`
	}
	if json.Unmarshal(text, &c) != nil || c.Expect.MustNot == nil || !*c.Expect.MustNot {
		return nil, false
	}
	if raw, err = os.ReadFile(filepath.Join(filepath.Dir(path), c.Raw)); err != nil {
		t.Fatal(err)
	}
	return raw, true
}

package sanitize

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"parley/internal/mime"
)

// TestCorpusMails cleans the HTML of every peer mail.
func TestCorpusMails(t *testing.T) {
	t.Parallel()
	dir := corporaDir(t)
	mails, folded := 0, 0
	var changed []string
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".eml") {
			return err
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		in := mime.Read(raw).HTML
		if in == "" {
			return nil
		}
		mails++
		start := time.Now()
		got := Mail(in, MailOptions{CID: func(string) string { return "cid:x" }})
		if took := time.Since(start); took > 5*time.Second {
			t.Errorf("%s takes %v", path, took)
		}
		if b := breaches(t, got.HTML, mailResult); b != nil {
			t.Errorf("%s holds %q", path, b)
		}
		if again := Mail(got.HTML, MailOptions{CID: func(string) string { return "cid:x" }}); again.HTML != got.HTML {
			t.Errorf("%s is not stable", path)
		}
		sameTree(t, path, got.HTML)
		if !sameText(in, got.HTML) {
			changed = append(changed, filepath.Base(path))
		}
		if got.QuoteFolded {
			folded++
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	// Spam hides words in broken tags, which every reader takes apart differently.
	if len(changed) > mails/25 {
		t.Errorf("the text of %d in %d mails has changed: %q", len(changed), mails, changed)
	}
	t.Logf("%d mails with HTML, %d folded, text changed in %q", mails, folded, changed)
}

// linkTarget is how TextFromHTML writes where a link leads.
var linkTarget = regexp.MustCompile(`<[^<>]*>`)

var elsewhereMark = regexp.MustCompile(`<span class="` + elsewhereClass + `"[^>]*>[^<]*</span>`)

// sameText compares what there is to read, apart from the targets of links: those
// that lead nowhere are taken out.
func sameText(in, safe string) bool {
	words := func(html string) string {
		return strings.Join(strings.Fields(linkTarget.ReplaceAllString(mime.TextFromHTML(html), "")), "")
	}
	safe = elsewhereMark.ReplaceAllString(safe, "") // what we say of links is not the mail's
	return words(in) == words(strings.Replace(safe, "<summary>…</summary>", "", 1))
}

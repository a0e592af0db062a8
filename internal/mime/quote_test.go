package mime

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// splitCase is a file of corpora/reply-split.
type splitCase struct {
	ID       string   `json:"id"`
	Text     *string  `json:"input_text"`
	HTML     string   `json:"input_html"`
	Expected string   `json:"expected_reply"`
	HTMLWant string   `json:"expected_reply_html"`
	Match    string   `json:"match"`
	Regex    []string `json:"regex"`
}

// TestCorpusSplitQuote compares with what the peers show of a reply.
func TestCorpusSplitQuote(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join(corpora(t, "reply-split"), "*", "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	good, all := map[string]int{}, map[string]int{}
	for _, file := range files {
		var c splitCase
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(b, &c); err != nil {
			t.Fatal(err)
		}
		kind := "text"
		if c.Text == nil {
			kind = "html"
			if c.HTML == "" {
				continue
			}
			text := TextFromHTML(c.HTML)
			c.Text = &text
		}
		var visible string
		var at int
		if took := cpuOf(func() { visible, at = SplitQuote(*c.Text) }); took > 500*time.Millisecond {
			t.Errorf("%s took %v", c.ID, took)
		}
		all[kind]++
		if c.accepts(visible) {
			good[kind]++
			continue
		}
		t.Logf("%s (%s): at %d\n--- got\n%s\n--- want\n%s%s", c.ID, c.Match, at, visible, c.Expected, strings.Join(c.Regex, " "))
	}
	for kind, floor := range map[string]float64{"text": 95, "html": 75} {
		if all[kind] == 0 {
			t.Skipf("no %s cases", kind)
		}
		score := 100 * float64(good[kind]) / float64(all[kind])
		t.Logf("%s: %d of %d right (%.1f %%)", kind, good[kind], all[kind], score)
		if score < floor {
			t.Errorf("%s: %.1f %% right, the floor is %.1f %%", kind, score, floor)
		}
	}
}

func (c splitCase) accepts(visible string) bool {
	squeeze := func(s string) string { return strings.Join(strings.Fields(s), "") }
	switch c.Match {
	case "first-fragment-exact":
		return strings.HasPrefix(visible, strings.TrimSpace(c.Expected))
	case "first-fragment-regex":
		for _, r := range c.Regex {
			if !regexp.MustCompile(r).MatchString(visible) {
				return false
			}
		}
		return true
	case "text-ignore-whitespace":
		return squeeze(visible) == squeeze(c.Expected)
	case "html-ignore-whitespace":
		return squeeze(visible) == squeeze(TextFromHTML(c.HTMLWant))
	case "finishes":
		return visible != ""
	}
	return visible == strings.TrimSpace(strings.ReplaceAll(c.Expected, "\r\n", "\n"))
}

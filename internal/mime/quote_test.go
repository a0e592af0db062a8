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
	seen, cases := 0, 0
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
		cases++
		if c.shows(visible) {
			seen++
		} else {
			t.Logf("%s: words are hidden", c.ID)
		}
		if c.accepts(visible) {
			good[kind]++
			continue
		}
		t.Logf("%s (%s): at %d\n--- got\n%s\n--- want\n%s%s", c.ID, c.Match, at, visible, c.Expected, strings.Join(c.Regex, " "))
	}
	figure(t, "reply-split", "all words that are new are visible", seen, cases, 98)
	figure(t, "reply-split", "… and not a word more (the peers' own opinion)", good["text"]+good["html"], cases, 95)
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

// shows reports whether all words that the person newly wrote are visible, in their order.
func (c splitCase) shows(visible string) bool {
	if c.Match == "first-fragment-regex" || c.Match == "finishes" {
		return c.accepts(visible)
	}
	want := c.Expected
	if c.Match == "html-ignore-whitespace" {
		want = TextFromHTML(c.HTMLWant)
	}
	for _, word := range strings.Fields(want) {
		_, rest, found := strings.Cut(visible, word)
		if !found {
			return false
		}
		visible = rest
	}
	return true
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

// TestIntroductions: as the large mail programs write them.
func TestIntroductions(t *testing.T) {
	t.Parallel()
	for _, intro := range []string{
		"On Mon, Jan 12, 2026 at 8:45 AM Example Shop <help@shop.example> wrote:",
		"On Mon, Jan 12, 2026 at 8:45 AM Example Shop\n<help@shop.example>\nwrote:",
		"On Monday, January 12, 2026 at 08:45:00 AM GMT+1, Example Shop <help@shop.example> wrote: ",
		"On 12. Jan 2026, at 08:45, Example Shop wrote:",
		"On 2026-01-12 08:45, Example Shop wrote:",
		"On 1/12/26 8:45 AM, Example Shop wrote:",
		"---- On Mon, 12 Jan 2026 08:45:00 +0000 Example Shop <help@shop.example> wrote ---",
		"Am Mo., 12. Jan. 2026 um 08:45 Uhr schrieb Example Shop <help@shop.example>:",
		"Am Mo., 12. Jan. 2026 um 08:45 Uhr schrieb Example Shop\n<help@shop.example>:",
		"Am 12.01.2026 um 08:45 schrieb Example Shop:",
		"Le lun. 12 janv. 2026 à 08:45, Example Shop <help@shop.example> a écrit :",
		"El lun, 12 ene 2026 a las 8:45, Example Shop (<help@shop.example>) escribió:",
		"Il giorno lun 12 gen 2026 alle ore 08:45 Example Shop <help@shop.example> ha scritto:",
		"Op ma 12 jan 2026 om 08:45 schreef Example Shop <help@shop.example>:",
		"Em seg., 12 de jan. de 2026 às 08:45, Example Shop <help@shop.example> escreveu:",
		"pon., 12 sty 2026 o 08:45 Example Shop <help@shop.example> napisał(a):",
		"Den mån 12 jan. 2026 kl 08:45 skrev Example Shop <help@shop.example>:",
		"man. 12. jan. 2026 kl. 08:45 skrev Example Shop <help@shop.example>:",
		"ma 12. tammik. 2026 klo 8.45 Example Shop (help@shop.example) kirjoitti:",
		"пн, 12 янв. 2026 г. в 08:45, Example Shop <help@shop.example>:",
		"2026年1月12日(月) 8:45 Example Shop <help@shop.example>:",
		"Example Shop <help@shop.example> 于2026年1月12日周一 08:45写道：",
		"2026년 1월 12일 (월) 오전 8:45, Example Shop <help@shop.example>님이 작성:",
		"12 Oca 2026 Pzt 08:45 tarihinde Example Shop <help@shop.example> şunu yazdı:",
		"po 12. 1. 2026 v 8:45 odesílatel Example Shop <help@shop.example> napsal:",
		"Vào Th 2, 12 thg 1, 2026 vào lúc 08:45 Example Shop <help@shop.example> đã viết:",
		"-----Original Message-----\nFrom: Example Shop <help@shop.example>\nSent: Monday",
		"________________________________\nVon: Example Shop <help@shop.example>\nGesendet: Montag, 12. Januar 2026 08:45\nAn: Ann\nBetreff: AW: Lampe",
		"De : Example Shop <help@shop.example>\nEnvoyé : lundi 12 janvier 2026 08:45\nÀ : Ann\nObjet : RE: Lampe",
		"差出人: Example Shop <help@shop.example>\n送信日時: 2026年1月12日 8:45\n宛先: Ann\n件名: Re: ランプ",
	} {
		for _, quote := range []string{"Hello Ann", "> Hello Ann\n> it leaves tomorrow"} {
			visible, at := SplitQuote("Thank you!\nAnn\n\n" + intro + "\n\n" + quote + "\n")
			if visible != "Thank you!\nAnn" || at != 16 {
				t.Errorf("%q above %q: visible %q, at %d", intro, quote, visible, at)
			}
		}
	}
}

// TestNoIntroductions: what people write that looks like one.
func TestNoIntroductions(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"Hello,\n\nOn Monday I wrote to you about this:\n\nThe lamp is broken.",
		"Hello,\n\nOn 12 January 2026 I wrote:\n\nThe lamp is broken.",
		"I need a taxi.\n\nFrom: Berlin\nTo: Potsdam\nDate: 12 January 2026, 8:45\n\nThank you",
		"My order:\n\n--\n2 lamps\n--\n" + strings.Repeat("1 chair\n\n", 20) + "Thank you",
		"Please call me at 8:45 or write to ann@example.com:\n\nI am there all day.",
		"Two things:\n\n1. the lamp\n2. the chair\n\nSent by parcel on Monday.",
		"The file begins so:\n\n    From: a\n    To: b\n\nIs that right?",
	} {
		if visible, at := SplitQuote(text); visible != text || at != -1 {
			t.Errorf("visible %q, at %d of %q", visible, at, text)
		}
	}
}

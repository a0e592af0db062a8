package sanitize

import (
	"strings"
	"testing"
)

// quotes are how mail programs quote, by and by; | stands where the fold has to begin.
var quotes = map[string]string{
	"Gmail":               `<div dir="ltr">New</div><br>|<div class="gmail_quote"><div dir="ltr" class="gmail_attr">On Mon, Ann wrote:<br></div><blockquote class="gmail_quote">Old</blockquote></div>`,
	"Gmail, new":          `<div>New</div>|<div class="gmail_quote gmail_quote_container"><div class="gmail_attr">On Mon, Ann wrote:</div><blockquote class="gmail_quote">Old</blockquote></div><br>`,
	"Apple Mail":          `<html><body>New<br><div>|<blockquote type="cite"><div>On 3 Jan, Ann wrote:</div><br><div>Old</div></blockquote></div><br></body></html>`,
	"Thunderbird":         `<p>New</p>|<div class="moz-cite-prefix">On 3/1, Ann wrote:<br></div><blockquote type="cite"><p>Old</p></blockquote>`,
	"Outlook":             `<div class="WordSection1"><p class="MsoNormal">New</p>|<div><div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm"><p><b>From:</b> Ann<br><b>Sent:</b> Monday</p></div></div><p class="MsoNormal">Old</p></div>`,
	"Outlook, older":      `<div><p>New</p>|<div style='border:none;border-top:solid #B5C4DF 1.0pt'><p>From: Ann</p></div><p>Old</p></div>`,
	"Outlook on the web":  `<div>New</div>|<div id="appendonsend"></div><hr tabindex="-1"><div id="divRplyFwdMsg"><b>From:</b> Ann</div><div>Old</div>`,
	"Outlook, the rule":   `<div>New</div>|<hr><div id="divRplyFwdMsg"><b>From:</b> Ann</div><div>Old</div>`,
	"Yahoo":               `<div>New</div>|<div id="yahoo_quoted_1" class="yahoo_quoted"><div>On Monday, Ann wrote:</div><div>Old</div></div>`,
	"Proton":              `<div>New</div>|<div class="protonmail_quote">On Monday, Ann wrote:<br><blockquote class="protonmail_quote" type="cite">Old</blockquote></div>`,
	"in answer to parts":  `<blockquote type="cite">Question</blockquote>Answer|<blockquote type="cite">Rest</blockquote>`,
	"Apple Mail, plain":   `<div>New</div><div><br></div>|<div>On 5 Jan 2026, at 10:00, Ann wrote:</div><blockquote type="cite"><div>Old</div></blockquote>`,
	"a line above":        `New<br>|Am 5.1. schrieb <a href="mailto:a@x.test">Ann</a>:<br><blockquote>Old</blockquote>`,
	"Hotmail":             `<div>New<br><div>|<hr id="stopSpelling">Date: Monday<br>From: Ann<br><br><div>Old</div></div></div>`,
	"a signature below":   `<div>New</div>|<div class="gmail_quote"><div class="gmail_attr">On Mon, Ann wrote:</div>Old</div><br>-- <br><div class="gmail_signature">Bob</div>`,
	"an image is visible": `<img src="cid:a@b">|<div class="gmail_quote">Old</div>`,
}

// unfolded are mails in which nothing is to be folded.
var unfolded = map[string]string{
	"nothing quoted":         `<p>New</p>`,
	"nothing new":            `<br><div class="gmail_quote">On Mon, Ann wrote:<blockquote>Old</blockquote></div>`,
	"answered below":         `<p>Hi</p><blockquote type="cite">Old</blockquote><p>New</p>`,
	"forwarded":              `<div>FYI</div><div class="gmail_quote"><div class="gmail_attr">---------- Forwarded message ---------<br>From: Ann</div>Old</div>`,
	"indented in Gmail":      `<div>New</div><blockquote class="gmail_quote">Text</blockquote>`,
	"a quotation by design":  `<p>As they say:</p><blockquote>To be</blockquote>`,
	"in a cell among others": `<table><tr><td>New<div class="gmail_quote">Old</div></td><td>Other</td></tr></table>`,
}

func TestQuoteIsFolded(t *testing.T) {
	t.Parallel()
	opt := MailOptions{CID: func(id string) string { return "cid:" + id }, QuoteSummary: "Earlier messages"}
	const fold = `<details class="quoted"><summary>Earlier messages</summary>`
	for name, marked := range quotes {
		before, after, _ := strings.Cut(marked, "|")
		got := Mail(before+after, opt)
		if !got.QuoteFolded {
			t.Errorf("%s: not folded: %s", name, got.HTML)
			continue
		}
		visible, folded, _ := strings.Cut(got.HTML, fold)
		if strings.Count(got.HTML, "<details") != 1 || strings.Contains(visible, "Old") || strings.Contains(visible, "From:") || strings.Contains(visible, "wrote") {
			t.Errorf("%s: left visible: %s", name, visible)
		}
		if !strings.Contains(folded, "Old") && !strings.Contains(folded, "Rest") || strings.Contains(folded, "New") {
			t.Errorf("%s: folded: %s", name, folded)
		}
		rest, _, _ := strings.Cut(folded, "</details>")
		if strings.ReplaceAll(got.HTML, fold+rest+"</details>", rest) != Mail(before+after, MailOptions{CID: opt.CID}).unfold() {
			t.Errorf("%s: the fold changed the rest: %s", name, got.HTML)
		}
	}
	for name, in := range unfolded {
		if got := Mail(in, opt); got.QuoteFolded || strings.Contains(got.HTML, "<details") {
			t.Errorf("%s: folded: %s", name, got.HTML)
		}
	}
}

func (r MailResult) unfold() string {
	return strings.Replace(strings.Replace(r.HTML, `<details class="quoted"><summary>…</summary>`, "", 1), "</details>", "", 1)
}

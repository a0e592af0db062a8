package outbox

import (
	"html"
	"strings"

	"parley/internal/parley"
)

// forwardedMark begins what is forwarded, below the sender's own HTML.
const forwardedMark = "<p>---------- Forwarded message ----------<br>"

// appendForwarded puts what is forwarded below the text, with its header lines,
// and its files beside ours.
func (d *draft) appendForwarded(m *parley.Message, b *parley.Body) {
	if d.parent == nil {
		return
	}
	lines := forwardedHeader(*d.parent)
	b.QuoteAt = len(b.Text) + 2
	b.Text += "\n\n---------- Forwarded message ----------\n" + strings.Join(lines, "\n") + "\n\n" + d.quoted.Text
	if b.HTML != "" || d.quoted.HTML != "" {
		b.HTML = d.forwardedHTML(b, lines)
	}
	for _, a := range d.parent.Attachments {
		if !a.Inline {
			// The same bytes under a row of their own: the original keeps its file.
			a.ID, a.UploaderID, a.ContentID = 0, d.actor.UserID, ""
			m.Attachments = append(m.Attachments, a)
		}
	}
}

func (d *draft) forwardedHTML(b *parley.Body, lines []string) string {
	var out strings.Builder
	own := b.HTML
	if own == "" {
		own = paragraphs(b.VisibleText)
	}
	out.WriteString(own)
	out.WriteString(forwardedMark)
	for _, l := range lines {
		out.WriteString(html.EscapeString(l) + "<br>")
	}
	out.WriteString("</p><blockquote>")
	if d.quoted.HTML != "" {
		out.WriteString(d.quoted.HTML)
	} else {
		out.WriteString(paragraphs(d.quoted.Text))
	}
	out.WriteString("</blockquote>")
	return out.String()
}

func forwardedHeader(p parley.Message) []string {
	lines := []string{"From: " + display(parley.Address{Name: p.FromName, Email: p.FromEmail})}
	if p.SentAt != nil {
		lines = append(lines, "Date: "+p.SentAt.Format("Mon, 2 Jan 2006 15:04 -0700"))
	}
	lines = append(lines, "Subject: "+p.Subject, "To: "+displayAll(p.To))
	if len(p.Cc) > 0 {
		lines = append(lines, "Cc: "+displayAll(p.Cc))
	}
	return lines
}

func display(a parley.Address) string {
	if a.Name == "" {
		return a.Email
	}
	return a.Name + " <" + a.Email + ">"
}

func displayAll(list parley.Addresses) string {
	parts := make([]string, len(list))
	for i, a := range list {
		parts[i] = display(a)
	}
	return strings.Join(parts, ", ")
}

// paragraphs is plain text as HTML.
func paragraphs(text string) string {
	var out strings.Builder
	for p := range strings.SplitSeq(text, "\n\n") {
		out.WriteString("<p>" + strings.ReplaceAll(html.EscapeString(p), "\n", "<br>") + "</p>")
	}
	return out.String()
}

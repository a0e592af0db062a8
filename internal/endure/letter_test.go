package endure

import (
	"cmp"
	"strings"
)

// letter is a mail that a stranger writes.
type letter struct {
	from    string // empty: Ada
	id      string // Message-ID without <>
	headers []string
	text    string
	joins   string // the text of the message that it answers; empty: it belongs to its thread
}

func (l letter) sender() string { return cmp.Or(l.from, "ada@customer.example") }

func (l letter) bytes() []byte {
	lines := append([]string{
		"From: <" + l.sender() + ">", "To: support@harbour.example", "Subject: about " + l.text,
		"Date: Sun, 22 Nov 2026 10:00:00 +0000", "Message-ID: <" + l.id + ">",
	}, l.headers...)
	return []byte(strings.Join(lines, "\r\n") + "\r\n\r\n" + l.text + "\r\n")
}

// answers names the ancestors of a mail, the oldest first, as most mail programs do.
func answers(ancestors []string) []string {
	if len(ancestors) == 0 {
		return nil
	}
	return []string{
		"In-Reply-To: <" + ancestors[len(ancestors)-1] + ">",
		"References: <" + strings.Join(ancestors, "> <") + ">",
	}
}

// answersParent names the parent alone, as Outlook and many phones do.
func answersParent(ancestors []string) []string {
	if len(ancestors) == 0 {
		return nil
	}
	return []string{"In-Reply-To: <" + ancestors[len(ancestors)-1] + ">"}
}

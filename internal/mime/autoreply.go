package mime

import (
	"regexp"
	"strings"
)

// isAutoReply reports whether the header says that a machine answers for a
// person or a mail system: a vacation notice, an acknowledgement, a report
// (RFC 3834 1). A list's copy and a notice that begins something are not: they
// are mail like any other, only not to be answered by a machine.
func isAutoReply(h header, subject string) bool {
	for _, v := range h.all("auto-submitted") {
		switch firstWord(v) {
		case "auto-replied":
			return true
		case "auto-generated", "auto-notified": // what Exchange calls its vacation notices
			if h.has("x-auto-response-suppress") && h.has("in-reply-to") && h.get("precedence") == "" && h.get("list-id") == "" {
				return true
			}
		}
	}
	for _, v := range h.all("precedence") {
		if word := firstWord(v); word == "auto_reply" || word == "auto-reply" {
			return true
		}
	}
	for _, name := range autoReplyFields {
		if h.has(name) {
			return true
		}
	}
	if h.has("list-id") {
		return false
	}
	return readMediaType(h.get("content-type"), "").value == "multipart/report" || autoReplySubject.MatchString(strings.TrimSpace(subject))
}

// autoReplyFields are set only by programs that answer.
var autoReplyFields = []string{"x-autoreply", "x-autorespond", "x-autoreply-from", "x-mail-autoreply", "x-failed-recipients"}

// autoReplySubject is what mail programs put before the subject that they
// answer, in the languages of the largest ones. A person writes none of it.
var autoReplySubject = regexp.MustCompile(`(?i)^(?:automatic reply|auto[- ]?reply|out of office(?: auto[- ]?reply)?|automatische antwort|` +
	`abwesenheitsnotiz|réponse automatique|respuesta automática|risposta automatica|resposta automática|automatisch antwoord|` +
	`automatiskt svar|automatisk svar|odpowiedź automatyczna|автоматический ответ|自動応答|自动回复)\s*[:：]`)

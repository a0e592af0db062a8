package mime

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"parley/internal/parley"
)

// maxBounceText is how far into a bounce its words are read; what it returns of the mail follows.
const maxBounceText = 64 << 10

// readBounce reads what a mail system without RFC 3464 writes when it could not
// deliver: the recipients that it names, and why, in its own words. The message
// reported on is the one whose header it returns.
func (r *reader) readBounce(head header) {
	m := &r.msg
	if r.kind == "multipart/report" && strings.EqualFold(readMediaType(head.get("content-type"), "").params["report-type"], "feedback-report") {
		return // RFC 5965: somebody complains, nothing came back
	}
	if inDetail(m.Reports) || !m.IsBounce && !returns(head, m.Subject, r.kind) {
		return
	}
	m.IsBounce = true
	words, returned := splitReturned(m.Text[:min(len(m.Text), maxBounceText)])
	news := parley.Bounced
	if delayedSubject.MatchString(m.Subject) || delayedWords.MatchString(words) {
		news = parley.Queued
	}
	id := cmp.Or(r.returnedID(), readMessageID(firstMatch(returnedID, returned)), readMessageID(firstMatch(returnedID, words)))
	if len(m.Reports) == 0 {
		m.Reports = namedRecipients(words, r.systems(returned))
	}
	if len(m.Reports) == 0 {
		m.Reports = []Report{{}}
	}
	for i := range m.Reports {
		rep := &m.Reports[i]
		rep.Delivery, rep.InternetID = news, cmp.Or(rep.InternetID, id)
		if at := strings.Index(words, rep.Recipient); rep.Text == "" && at >= 0 && rep.Recipient != "" {
			rep.Text = tellingLine(about(words[at+len(rep.Recipient):]))
		}
		rep.Text = cmp.Or(rep.Text, tellingLine(words))
		rep.Status = cmp.Or(rep.Status, enhancedCode.FindString(rep.Text))
		rep.Reason = ReasonOf(rep.Status, rep.Text)
		if rep.Reason == parley.ReasonOther || rep.Reason == parley.ReasonPolicy { // what stands around the line may tell more
			rep.Reason = ReasonOf(rep.Status, words)
		}
	}
}

// returns reports whether a mail system wrote this because it could not deliver:
// it says so in the subject, and is one by its name, its address or the empty
// reverse-path (RFC 5321 4.5.5).
func returns(head header, subject, kind string) bool {
	path := strings.ToLower(unfold(strings.TrimSpace(head.get("return-path"))))
	null := path == "<>" || strings.HasPrefix(path, "<mailer-daemon")
	from := strings.ToLower(head.get("from"))
	daemon := strings.Contains(from, "mailer-daemon") || strings.Contains(from, "mailer_daemon") || deliverySystem.MatchString(from) || strings.TrimSpace(from) == "<>"
	system := daemon || null || strings.Contains(from, "postmaster") || strings.Contains(from, "post_master") || strings.Contains(from, "system administrator")
	switch {
	case kind == "multipart/report" && daemon:
		return !deliveredSubject.MatchString(subject)
	case system && bounceSubject.MatchString(subject):
		return !deliveredSubject.MatchString(subject)
	}
	return daemon && null && subject == ""
}

var (
	deliverySystem = regexp.MustCompile(`mail deliver(?:y|) (?:sub)?system|mail\.delivery\.system`)
	bounceSubject  = regexp.MustCompile(`(?i)failure notice|mail delivery (?:failed|failure|problem|error|status)|delivery (?:status )?notification|delivery (?:has )?(?:failed|failure|problem|error)|` +
		`undeliver(?:able|ed)|non[- ]?deliver(?:able|ed|y)|not (?:be )?delivered|could not (?:be )?(?:sent|deliver)|returned (?:mail|to sender|message|e-?mail)|return(?:ing)? (?:mail|message) to sender|` +
		`mail (?:system )?(?:error|failure)|delayed mail|mail delay|warning: (?:could not|message)|message (?:delayed|status|you sent)|` +
		`unzustellbar|nicht zugestellt|non remis|échec de (?:la )?remise|no se puede entregar|no entregado|non recapitabile|mancato recapito|onbestelbaar|niet bezorgd|não entregue|nedostarczalna|недоставлен|不达|未送達|配信不能|配信エラー|配送エラー|メールエラー|送信(?:エラー|できません)|エラー通知|不達|無法傳遞|退信`)
	deliveredSubject = regexp.MustCompile(`(?i)^(?:delivered|successful(?:ly)?|relayed|read|delivery receipt)\b|\((?:success|relay)\)|message delivered`)
	delayedSubject   = regexp.MustCompile(`(?i)\(delay\)|\bdelayed\b|^warning\b|\bdelay\b|still being retried`)
	delayedWords     = regexp.MustCompile(`(?i)still being retried|will be retried|will (?:keep|continue) (?:to )?(?:try|retry|attempt)|not yet been delivered|do(?:es)? not need to (?:resend|send)|no action is required on your part|warning message only`)
	returnedID       = regexp.MustCompile(`(?im)^[> \t]*message-id:[ \t]*(<[^>\s]+>)`)
	returnedFrom     = regexp.MustCompile(`(?im)^[> \t]*from:[ \t]*(.+)$`)
	mailAddress      = regexp.MustCompile("[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")
	telling          = regexp.MustCompile(`(?i)\b[245][0-9][0-9][ -]|\b[245]\.[0-9]{1,3}\.[0-9]{1,3}\b|unknown|full|quota|does ?n[o']t exist|not found|reject|refus|denied|invalid|unable|no such|disabled|suspend|timed? ?out|exceed|too (?:large|big)|blocked|spam|not listed|failed`)
)

// The lines behind which mail systems return the mail.
var returnedMark = regexp.MustCompile(`(?im)^[ \t*=-]*(?:below this line is a copy of the message|this is a copy of the (?:message|headers)|(?:the )?(?:original message|headers?|text of (?:the )?(?:original )?message|message (?:header|text)s?)(?: (?:follows?|was|included|is|received|headers?|below).{0,40})?[ \t:*=-]*$|--- ?(?:the )?(?:header|original|undelivered|unsent|returned)|-{3,}.{0,40}(?:original|unsent|undelivered|returned|copy).{0,60}|return-path:|received: (?:from|by|\())`)

// splitReturned cuts a bounce's text where the mail that it returns begins.
func splitReturned(text string) (words, returned string) {
	if at := returnedMark.FindStringIndex(text); len(at) > 0 && strings.TrimSpace(text[:at[0]]) != "" {
		return text[:at[0]], text[at[0]:]
	}
	return text, ""
}

// systems are addresses that a bounce names and that are nobody it could not
// reach: mail systems, and who sent the mail.
func (r *reader) systems(returned string) func(string) bool {
	own := map[string]bool{}
	for _, a := range append(readAddresses(firstMatch(returnedFrom, returned), ""), r.msg.To...) {
		own[a.Key()] = true
	}
	return func(addr string) bool { return own[parley.Address{Email: addr}.Key()] || isMachine(addr) }
}

// namedRecipients are the addresses in a bounce's words, each with what is said of it.
func namedRecipients(words string, leaveOut func(string) bool) []Report {
	var out []Report
	found := mailAddress.FindAllStringIndex(words, maxRecipients)
	for _, at := range found {
		addr := strings.TrimPrefix(words[at[0]:at[1]], "=")
		known := slices.ContainsFunc(out, func(r Report) bool { return strings.EqualFold(r.Recipient, addr) })
		if known || leaveOut(addr) {
			continue
		}
		out = append(out, Report{Recipient: addr, Text: tellingLine(about(words[at[1]:]))})
	}
	return out
}

// about is what follows an address up to the next paragraph that names another.
func about(rest string) string {
	end := min(len(rest), 2000)
	paragraphs := 0
	for at := 0; at < end; {
		next := strings.Index(rest[at:end], "\n\n")
		if next < 0 {
			break
		}
		at += next + 2
		if paragraphs++; paragraphs > 1 || mailAddress.MatchString(firstLine(rest[at:end])) {
			return rest[:at]
		}
	}
	return rest[:end]
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(strings.TrimLeft(s, "\n "), "\n")
	return line
}

// tellingLine is the part of a bounce that says why, in one line.
func tellingLine(words string) string {
	best := ""
	lines := strings.Split(words, "\n")
	for i, line := range lines {
		line = strings.TrimSpace(strings.TrimLeft(line, "> \t"))
		if !telling.MatchString(line) {
			continue
		}
		if best == "" || enhancedCode.MatchString(line) && !enhancedCode.MatchString(best) {
			best = line
			if i+1 < len(lines) && strings.TrimSpace(lines[i+1]) != "" {
				best += " " + strings.TrimSpace(lines[i+1]) // they are cut at 76 characters
			}
		}
	}
	return best
}

// inDetail: a report of RFC 3464 says why, as opposed to X-Failed-Recipients, which says only whom.
func inDetail(reports []Report) bool {
	return slices.ContainsFunc(reports, func(r Report) bool { return r.Delivery != parley.Bounced || r.Status != "" || r.Text != "" })
}

func firstMatch(re *regexp.Regexp, s string) string {
	if m := re.FindStringSubmatch(s); m != nil {
		return m[1]
	}
	return ""
}

package mime

import (
	"strings"
)

// opening tells what begins at line i, and how many lines it takes itself.
func (s *splitter) opening(i int) (opening, int) {
	t := strings.TrimSpace(s.lines[i].text)
	if t == "" || strings.HasPrefix(t, ">") {
		return nothing, 1
	}
	if kind := separatorKind(t); kind != nothing {
		n, _ := s.headerBlock(s.next(i+1), 2)
		if n > 0 {
			n = s.next(i+1) - i - 1 + n
		}
		return kind, 1 + n
	}
	if isRuler(t) {
		if j := s.next(i + 1); j <= i+3 {
			if n, ok := s.headerBlock(j, 1); ok {
				return quoted, j - i + n
			}
		}
	}
	if n, ok := s.headerBlock(i, 2); ok {
		return quoted, n
	}
	if n := s.intro(i); n > 0 {
		return quoted, n
	}
	return s.signature(i)
}

// separatorKind reads lines such as "-----Original Message-----".
func separatorKind(t string) opening {
	core := strings.ToLower(strings.Trim(t, " \t*_-=|<>:"))
	if len(core) > 60 {
		return nothing
	}
	ruled := strings.Contains(t, "--") || strings.Contains(t, "__") || strings.Contains(t, "==")
	switch {
	case originalWords[core] && ruled:
		return quoted
	case forwardWords[core] && ruled, core == "begin forwarded message":
		return forwarded
	}
	return nothing
}

var originalWords = wordSet(`original message|ursprüngliche nachricht|originalnachricht|message d'origine|message d’origine|
	message original|mensaje original|messaggio originale|oorspronkelijk bericht|mensagem original|ursprungligt meddelande|
	oprindelig meddelelse|opprinnelig melding|original meddelelse|wiadomość oryginalna|oryginalna wiadomość|původní zpráva|
	исходное сообщение|оригинальное сообщение|alkuperäinen viesti|orijinal mesaj|eredeti üzenet|original appointment|
	reply message|antwort nachricht|原始邮件|原始郵件|元のメッセージ|원본 메시지|reply above this line|original email`)

var forwardWords = wordSet(`forwarded message|forwarded by|weitergeleitete nachricht|message transféré|mensaje reenviado|
	messaggio inoltrato|doorgestuurd bericht|mensagem encaminhada|vidarebefordrat meddelande|videresendt meddelelse|
	videresendt melding|przekazana wiadomość|пересылаемое сообщение|пересланное сообщение|välitetty viesti|转发的邮件|轉寄的郵件`)

func wordSet(list string) map[string]bool {
	set := map[string]bool{}
	for w := range strings.SplitSeq(list, "|") {
		set[strings.TrimSpace(w)] = true
	}
	return set
}

// isRuler tells a line across the page.
func isRuler(t string) bool {
	return len(t) >= 10 && strings.Trim(t, "_-=*") == ""
}

// isOrnament tells a line that only parts one thing from another.
func isOrnament(t string) bool {
	t = strings.TrimSpace(t)
	return t == "ᐧ" || len(t) > 1 && strings.Trim(t, "-_*#~=+") == ""
}

// label is what a line of a mail's header says it holds.
type label int

const (
	noLabel label = iota
	fromLabel
	dateLabel
	toLabel
	subjectLabel
)

// labels in the languages that mail programs write above a quoted mail.
var labels = labelSet(map[label]string{
	fromLabel: `from|von|de|da|från|fra|van|od|от|від|lähettäjä|kimden|feladó|expéditeur|remitente|mittente|发件人|寄件者|差出人|보낸 사람`,
	dateLabel: `date|sent|datum|gesendet|gesendet am|envoyé|envoyé le|enviado|enviado el|enviada em|fecha|data|inviato|skickat|
		sendt|dato|verzonden|wysłano|дата|отправлено|надіслано|lähetetty|päivämäärä|tarih|gönderme tarihi|odesláno|elküldve|
		发送时间|日期|送信日時|보낸 날짜|when`,
	toLabel: `to|an|à|a|para|per|aan|till|til|do|кому|vastaanottaja|kime|komu|címzett|收件人|宛先|받는 사람|cc|kopie|copie à|
		kopia|копия|bcc|reply-to|antwort an|répondre à`,
	subjectLabel: `subject|betreff|objet|asunto|assunto|oggetto|onderwerp|ämne|emne|temat|тема|aihe|konu|předmět|tárgy|主题|主旨|件名|제목`,
})

func labelSet(lists map[label]string) map[string]label {
	set := map[string]label{}
	for l, list := range lists {
		for w := range strings.SplitSeq(list, "|") {
			set[strings.TrimSpace(w)] = l
		}
	}
	return set
}

// readLabel reads "*From:* Ann" and the like.
func readLabel(t string) (label, string) {
	t = strings.ReplaceAll(t[:min(len(t), 200)], "：", ":")
	name, value, ok := strings.Cut(t, ":")
	if !ok || len(name) > 40 {
		return noLabel, ""
	}
	return labels[strings.ToLower(strings.Trim(name, " \t*_\u00a0"))], value
}

// maxBlock bounds the lines of a header block.
const maxBlock = 12

// headerBlock tells whether the header of a quoted mail begins at line i, and
// how many lines it takes. Labels alone could be a booking ("From: Berlin"): a
// subject or an address must be among them, and least of them in all.
func (s *splitter) headerBlock(i, least int) (n int, ok bool) {
	if i >= len(s.lines) {
		return 0, false
	}
	if l, _ := readLabel(s.lines[i].text); l == noLabel {
		return 0, false
	}
	seen := map[label]bool{}
	address, end := false, i
	for j := i; j < min(len(s.lines), i+maxBlock) && !s.lines[j].blank(); j++ {
		l, value := readLabel(s.lines[j].text)
		if l == noLabel {
			continue // a value that went on in the next line
		}
		seen[l], end = true, j+1
		address = address || strings.Contains(value, "@")
	}
	ok = seen[fromLabel] && (seen[subjectLabel] || address || least == 1) && len(seen) >= least
	return end - i, ok
}

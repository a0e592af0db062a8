package mime

import (
	"strings"
)

// How far an introduction may be wrapped.
const (
	maxIntroLines = 6
	maxIntroBytes = 500
)

// intro tells how many lines from i on are the introduction of a quote, such as
// "On Monday, Ann <ann@example.com> wrote:"; 0: none.
func (s *splitter) intro(i int) int {
	if !mayOpen(s.lines[i].text) {
		return 0
	}
	sure := opensWithPreposition(bareIntro(s.lines[i].text))
	joined := ""
	for j := i; j < min(len(s.lines), i+maxIntroLines); j++ {
		t := strings.TrimSpace(s.lines[j].text)
		if strings.HasPrefix(t, ">") && !strings.HasPrefix(t, "> wrote") {
			return 0
		}
		joined = strings.TrimSpace(joined + " " + t)
		if len(joined) > maxIntroBytes {
			return 0
		}
		if t != "" && isIntro(bareIntro(joined)) {
			if !strings.Contains(joined, "@") && !hasClock(joined) && !s.marked(s.next(j+1)) {
				return 0 // "On 12 January 2026 I wrote:" says a person too
			}
			return j - i + 1
		}
		if (j > i || t == "") && !hasDate(joined) || !sure && (t == "" || j >= i+2) {
			return 0 // the day is said early, and only an obvious introduction goes on for long
		}
	}
	return 0
}

// bareIntro drops what some programs draw around an introduction, and the
// direction marks that others put into it.
func bareIntro(t string) string { return strings.Trim(t, "-–— \t*\u200e\u200f\u202a\u202c\u00a0") }

// mayOpen is a quick look at the first line: a preposition, a date, a weekday or an address.
func mayOpen(t string) bool {
	t = bareIntro(t)
	if t == "" || len(t) > maxIntroBytes {
		return false
	}
	return opensWithPreposition(t) || strings.ContainsAny(t, "0123456789@<")
}

// prepositions begin an introduction that names the day.
var prepositions = []string{
	"on ", "am ", "le ", "el ", "il ", "em ", "op ", "den ", "w dniu ", "dnia ", "dne ", "a ", "pe ", "ma ", "в ", "у ",
	"at ", "vào ", "på ", "em, ", "il giorno ", "el día ", "le jour ",
}

func opensWithPreposition(t string) bool {
	lower := strings.ToLower(t[:min(len(t), 20)])
	for _, p := range prepositions {
		if strings.HasPrefix(lower, p) {
			return true
		}
	}
	return false
}

// isIntro tells an introduction by what it is made of: a date, an address, a word for writing, a colon at the end.
func isIntro(t string) bool {
	if i := strings.LastIndex(t, ": <"); i > 0 && strings.HasSuffix(t, ">") {
		t = t[:i+1] // the address of a link in it
	}
	colon := strings.HasSuffix(t, ":") || strings.HasSuffix(t, "：")
	lower := strings.ToLower(t)
	verb := endsInVerb(lower)
	dated := hasDate(lower)
	address := strings.Contains(t, "@")
	switch {
	case verb && dated && (opensWithPreposition(t) || colon):
		return true
	case verb && colon && address && strings.Contains(t, "<"):
		return true
	case colon && dated && address && opensWithDate(lower):
		return true
	}
	return dated && startsISO(t) && len(t) < 120 && (strings.Contains(t, "GMT") || strings.HasSuffix(t, ">") && address)
}

// verbs are the words for writing that end an introduction, as mail programs have them.
var verbs = []string{
	"wrote", "writes", "sent", "said", "schrieb", "geschrieben", "a écrit", "écrit", "escribió", "ha scritto", "scrisse", "escreveu",
	"het volgende geschreven", "geschreven", "schreef", "napisał(a)", "napisał", "napisała", "skrev", "skrev följande", "kirjoitti",
	"написал(а)", "написал", "написала", "пишет", "пише", "написав", "написав(ла)", "napsal(a)", "napsal", "napísal", "írta", "yazdı",
	"şunu yazdı", "写道", "寫道", "作成しました", "작성", "va escriure", "a scris", "kirjutas", "rašė", "έγραψε", "đã viết",
}

// endsInVerb looks at the last words; German and Dutch may put the writer behind the verb.
func endsInVerb(lower string) bool {
	t := strings.TrimRight(lower, " :：\u00a0")
	for _, v := range verbs {
		if strings.HasSuffix(t, v) {
			return true
		}
	}
	for _, v := range []string{" schrieb ", " skrev ", " wrote ", " schreef ", " kirjoitti "} {
		if strings.Contains(lower, v) && strings.HasSuffix(strings.TrimSpace(lower), ":") {
			return true
		}
	}
	return false
}

// hasDate looks for a year, a date in digits or a time of day.
func hasDate(t string) bool {
	run, groups := 0, 0 // digits at hand, and groups of one or two digits in a row
	for i := 0; i <= len(t); i++ {
		if i < len(t) && isDigit(t[i]) {
			run++
			continue
		}
		switch {
		case run == 4 && (t[i-4:i-2] == "19" || t[i-4:i-2] == "20"):
			return true
		case (run == 1 || run == 2) && i+1 < len(t) && strings.IndexByte(":/.-", t[i]) >= 0 && isDigit(t[i+1]):
			if groups++; groups == 2 || groups == 1 && t[i] == ':' {
				return true
			}
		case run > 2:
			groups = 2 // an address such as 127.0.0.1
		case run == 0:
			groups = 0
		}
		run = 0
	}
	return false
}

// hasClock looks for a time of day.
func hasClock(t string) bool {
	for i := 1; i+2 < len(t); i++ {
		if (t[i] == ':' || t[i] == '.') && isDigit(t[i-1]) && isDigit(t[i+1]) && isDigit(t[i+2]) {
			return true
		}
	}
	return false
}

// opensWithDate tells introductions without a preposition: "30.09.2017, 18.30, Ann <…>:", "ср, 30 апр. 2025 г. …".
func opensWithDate(lower string) bool {
	words := strings.FieldsFunc(lower, func(r rune) bool { return r == ' ' || r == ',' })
	if len(words) == 0 {
		return false
	}
	for i, w := range words[:min(2, len(words))] {
		if isDigit(w[0]) {
			return i == 0 || len([]rune(words[0])) <= 12
		}
	}
	return opensWithPreposition(lower)
}

// startsISO tells "2016-03-03 …" and "2011/4/7 …".
func startsISO(t string) bool {
	return len(t) > 8 && t[0] == '2' && leadingDigits(t) == t[:4] && (t[4] == '-' || t[4] == '/') && isDigit(t[5])
}

// introWithin finds an introduction that begins within a line, behind the
// answer; the offset, or 0.
func introWithin(t string) int {
	if len(t) > 2000 || !strings.HasSuffix(t, "wrote:") {
		return 0
	}
	i := strings.LastIndex(t, "On ")
	if i <= 0 || t[0] == '>' || opensWithPreposition(t) || strings.IndexByte(" \t-", t[i-1]) < 0 || !isIntro(t[i:]) {
		return 0
	}
	return i
}

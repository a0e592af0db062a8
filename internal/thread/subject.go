package thread

import (
	"regexp"
	"strings"
)

// replyPrefix is what mail programs put before the subject of an answer or a
// forward, in the languages they speak, with the counters some of them add
// ("Re[2]:", "Re(3):", "RE^2:"). RFC 5256 2.1 knows the English ones.
var replyPrefix = regexp.MustCompile(`^(?:` + strings.Join([]string{
	"re", "fw", "fwd", "forward", // English, and the rest of the world
	"aw", "antw", "antwort", "wg", // German
	"sv", "vb", "vs", "vl", "vá", "továbbítás", // Swedish, Danish, Norwegian, Finnish, Hungarian
	"betr", "doorst", // Dutch
	"tr", "réf", "ref", // French
	"r", "i", "rif", "inoltro", // Italian
	"rv", "res", "enc", // Spanish, Portuguese
	"odp", "pd", "wn", // Polish
	"ynt", "ilt", "i̇lt", // Turkish
	"atb", "pārs", "ats", "bls", // Latvian, Lithuanian, Indonesian
	"σχετ", "απ", "πρθ", // Greek
	"ha", "на", "отв", "пересл", // Russian
	"回复", "答复", "转发", "回覆", "轉寄", "返信", "転送", "회신", "전달", // Chinese, Japanese, Korean
}, "|") + `)\s*(?:\[\d{1,3}\]|\(\d{1,3}\)|\^\d{1,3})?\s*[:：]\s*`)

// listTag is what a mailing list puts before a subject. One with a digit is left
// alone: "[BUG-12]" tells two subjects apart.
var listTag = regexp.MustCompile(`^\[[^\[\]\d]{1,60}\]\s*`)

// forwardTrailer is what RFC 5256 2.1 calls subj-trailer.
var forwardTrailer = regexp.MustCompile(`\s*\(fwd\)$`)

// maxSubject is how much of a subject is compared.
const maxSubject = 500

// NormaliseSubject is a subject as rule f compares it: lower case, single
// spaces, without reply and forward prefixes and list tags however often they
// are repeated. It is empty where nothing is left to compare.
func NormaliseSubject(subject string) string {
	s := strings.ToLower(strings.Join(strings.Fields(strings.ToValidUTF8(subject, "")), " "))
	for len(s) > 0 {
		rest := s
		if cut := replyPrefix.FindString(rest); cut != "" {
			rest = rest[len(cut):]
		} else if cut := listTag.FindString(rest); cut != "" && cut != rest {
			rest = rest[len(cut):]
		}
		rest = forwardTrailer.ReplaceAllString(rest, "")
		if rest == s {
			break
		}
		s = rest
	}
	return strings.TrimSpace(strings.ToValidUTF8(s[:min(len(s), maxSubject)], ""))
}

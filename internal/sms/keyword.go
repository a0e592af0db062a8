package sms

import (
	"strings"
	"unicode"
)

// Keyword is what a text of one word asks for.
type Keyword string

// The keywords.
const (
	None  Keyword = ""
	Stop  Keyword = "stop"
	Start Keyword = "start" // YES too, which counts only from somebody who has opted out
	Help  Keyword = "help"
)

var keywords = map[string]Keyword{
	"STOP": Stop, "STOPALL": Stop, "UNSUBSCRIBE": Stop, "CANCEL": Stop,
	"END": Stop, "QUIT": Stop, "REVOKE": Stop, "OPTOUT": Stop,
	"START": Start, "YES": Start, "UNSTOP": Start,
	"HELP": Help, "INFO": Help,
}

// KeywordOf reads a body that is one of these words in any case, and nothing else but
// white space and what cannot be seen. “STOP PLEASE” is none: see SoundsLikeOptOut.
func KeywordOf(body string) Keyword {
	word := strings.TrimFunc(body, func(r rune) bool {
		return unicode.IsSpace(r) || unicode.Is(unicode.Cf, r)
	})
	if len(word) > len("UNSUBSCRIBE") {
		return None
	}
	return keywords[strings.ToUpper(word)]
}

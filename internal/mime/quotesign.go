package mime

import (
	"strings"
)

// How long what follows "--" may be to count as a signature; RFC 3676 4.3 marks it by "-- ".
const maxSignature = 12

// signature tells whether one begins at line i and how many lines it takes: up
// to the next quote, or all that follows.
func (s *splitter) signature(i int) (opening, int) {
	t := strings.TrimSpace(s.lines[i].text)
	if t != "--" && (len(t) < 2 || strings.Trim(t, "_") != "") {
		return nothing, 1
	}
	exact := strings.HasPrefix(s.text[s.lines[i].at:], "-- \n") || strings.HasPrefix(s.text[s.lines[i].at:], "-- \r\n")
	count := 0
	j := i + 1
	for ; j < len(s.lines) && (exact || count <= maxSignature); j++ {
		if s.lines[j].blank() {
			continue
		}
		if s.marked(j) || s.quoteOpens(j) {
			break
		}
		count++
	}
	if !s.some || !exact && count > maxSignature {
		return nothing, 1
	}
	return signed, j - i
}

// quoteOpens is opening without the signatures.
func (s *splitter) quoteOpens(i int) bool {
	if separatorKind(strings.TrimSpace(s.lines[i].text)) != nothing || s.intro(i) > 0 {
		return true
	}
	_, ok := s.headerBlock(i, 2)
	return ok
}

// isMobileSignature tells lines that programs add below the text: "Sent from my iPhone".
func isMobileSignature(t string) bool {
	t = strings.ToLower(strings.Trim(t, " \t()*_[]<>\u00a0"))
	if len(t) > 150 {
		return false
	}
	for _, p := range []string{"sent via ", "sent with ", "sent by ", "sent using "} {
		if strings.HasPrefix(t, p) && len(strings.Fields(t)) <= 4 && !strings.HasSuffix(t, ".") {
			return true // longer ones are sentences: "Sent by parcel on Monday."
		}
	}
	for _, p := range mobilePrefixes {
		if strings.HasPrefix(t, p) {
			return true
		}
	}
	for _, c := range mobilePhrases {
		if strings.Contains(t, c) {
			return true
		}
	}
	return false
}

var mobilePrefixes = []string{
	"sent from my ", "sent from mobile", "sent from mail", "sent from outlook", "sent from yahoo",
	"sent from windows", "sent from [mail]", "sent from samsung", "sent from proton", "sent on the go",
	"sent on my ", "get outlook for ", "get [outlook", "get bluemail", "from my iphone", "from my ipad", "from my android",
	"von meinem ", "gesendet von ", "gesendet mit ", "gesendet aus ", "diese nachricht wurde von ", "envoyé depuis ", "envoyé de mon ",
	"envoyé à partir", "télécharger outlook", "enviado desde ", "enviado do ", "enviado de ", "inviato da ", "inviato dal ",
	"verzonden vanaf ", "verstuurd vanaf ", "verzonden met ", "verstuurd met ", "sendt fra ", "skickat från ", "lähetetty ",
	"wysłano z ", "отправлено с ", "отправлено из ", "надіслано з ", "odesláno z ", "iphoneから送信", "發自我的", "发自我的", "從我的",
	"outlook für ", "holen sie sich outlook", "yahoo mail:", "obtener outlook", "ottieni outlook", "downloaden outlook",
}

var mobilePhrases = []string{
	"from mobile", "sent from a mobile", "sent from a phone", "typed on my phone", "please excuse brevity", "please excuse typos",
	"excuse my brevity", "의 iphone에서 보냄",
}

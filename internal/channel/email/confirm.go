package email

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"golang.org/x/net/publicsuffix"

	"parley/internal/mime"
	"parley/internal/parley"
)

// maxConfirm bounds how much of a mail's text is searched.
const maxConfirm = 20 << 10

var (
	forwardWords = regexp.MustCompile(`(?i)\b(?:auto-?)?forward|weiterleit|transf[eé]r|reenv[ií]|inoltr|doorst|vidarebef`)
	confirmWords = regexp.MustCompile(`(?i)\b(?:confirm|verif|activat|best[äa]tig|valid)`)
	codeWords    = regexp.MustCompile(`(?i)\b(?:code|pin|c[oó]digo|codice)\b[^\n0-9A-Z]{0,40}\b([0-9]{4,10}|[0-9A-Z]{6,10})\b`)
	subjectCode  = regexp.MustCompile(`\(#([0-9]{6,12})\)`)
	links        = regexp.MustCompile(`https://[^\s<>"'()\[\]]+`)
)

// confirmers are providers that ask before they forward mail, by the domain they
// write from, with the domains that their links may lead to.
var confirmers = map[string]struct {
	name  string
	hosts []string
}{
	"google.com":    {parley.OAuthGoogle, []string{"google.com"}},
	"microsoft.com": {parley.OAuthMicrosoft, []string{"microsoft.com", "live.com", "office.com", "outlook.com"}},
	"outlook.com":   {parley.OAuthMicrosoft, []string{"microsoft.com", "live.com", "office.com", "outlook.com"}},
}

// confirmation finds what a mail provider wants entered or opened before it
// forwards mail to us; nil: this is another mail. A link is only taken if it
// leads to whom the mail is from: an administrator will open it.
func confirmation(m mime.Message) *parley.Confirmation {
	from := registered(m.From.Domain())
	text := m.Text[:min(len(m.Text), maxConfirm)]
	about := m.Subject + "\n" + text
	gmail := from == "google.com" && strings.HasPrefix(m.From.Key(), "forwarding-noreply@")
	if from == "" || !gmail && (!forwardWords.MatchString(about) || !confirmWords.MatchString(about)) {
		return nil
	}
	c := &parley.Confirmation{Provider: from, At: m.SentAt}
	hosts := []string{from}
	if known, ok := confirmers[from]; ok {
		c.Provider, hosts = known.name, known.hosts
	}
	if found := subjectCode.FindStringSubmatch(m.Subject); gmail && found != nil {
		c.Code = found[1]
	} else if found := codeWords.FindStringSubmatch(about); found != nil {
		c.Code = found[1]
	}
	for _, link := range links.FindAllString(text, 50) {
		link = strings.TrimRight(link, ".,;")
		if u, err := url.Parse(link); err == nil && u.User == nil && slices.Contains(hosts, registered(u.Hostname())) && tells(u, gmail) {
			c.Link = link
			break
		}
	}
	if c.Code == "" && c.Link == "" || !gmail && c.Link == "" && !codeWords.MatchString(about) {
		return nil
	}
	if c.At.IsZero() {
		c.At = time.Unix(0, 0).UTC()
	}
	return c
}

// tells reports whether a link does something: others lead to help and home pages.
// Gmail's second one (uf-) takes the request back.
func tells(u *url.URL, gmail bool) bool {
	if gmail {
		return strings.Contains(u.Path, "/vf-")
	}
	return u.RawQuery != "" || confirmWords.MatchString(u.Path) || len(u.Path) > 30
}

// registered is the domain that somebody registered: of mail.x.co.uk it is x.co.uk.
func registered(domain string) string {
	name, err := publicsuffix.EffectiveTLDPlusOne(strings.ToLower(strings.TrimSuffix(domain, ".")))
	if err != nil {
		return ""
	}
	return name
}

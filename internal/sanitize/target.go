package sanitize

import (
	"net/url"
	"regexp"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/publicsuffix"
)

// elsewhereClass is of what stands behind a link whose text names another host.
const elsewhereClass = "parley-elsewhere"

// elsewhereStyle holds against a mail's own style sheet.
const elsewhereStyle = "display: inline !important; visibility: visible !important; opacity: 1 !important; font-size: 12px !important; color: #7a4500 !important; background-color: #fff0d6 !important"

const maxTarget = 200 // characters of an address that are shown

// dropTargets takes away what looks like ours: it is said anew, or was never true.
func dropTargets(n *html.Node) {
	for c := n.FirstChild; c != nil; {
		next := c.NextSibling
		if c.Type == html.ElementNode && hasClass(c, elsewhereClass) {
			n.RemoveChild(c)
		} else {
			dropTargets(c)
		}
		c = next
	}
}

func hasClass(n *html.Node, class string) bool {
	for c := range strings.FieldsSeq(attr(n.Attr, "class")) {
		if c == class {
			return true
		}
	}
	return false
}

// showTargets tells where links lead: each by its title, and where the text of a
// link names another host, the host that it leads to stands behind it.
func showTargets(n *html.Node) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type != html.ElementNode || c.Data != "a" {
			showTargets(c)
			continue
		}
		href := attr(c.Attr, "href")
		if href == "" {
			showTargets(c)
			continue
		}
		c.Attr = setAttr(c.Attr, "title", shortened(href))
		if host := elsewhere(textOf(c, maxTarget), href); host != "" {
			mark := element("span", html.Attribute{Key: "class", Val: elsewhereClass}, html.Attribute{Key: "style", Val: elsewhereStyle})
			mark.AppendChild(&html.Node{Type: html.TextNode, Data: " → " + host})
			n.InsertBefore(mark, c.NextSibling)
			c = mark
		}
	}
}

func shortened(href string) string {
	if r := []rune(href); len(r) > maxTarget {
		return string(r[:maxTarget]) + "…"
	}
	return href
}

// writtenHost is a host that a text begins with, as an address or by itself.
var writtenHost = regexp.MustCompile(`^(?i)(?:https?://)?((?:[\pL\pN-]+\.)+\pL{2,})(?:[/:?#].*)?$`)

// elsewhere is the host of href, if text is the address of another organisation's; else empty.
func elsewhere(text, href string) string {
	u, err := url.Parse(href)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" {
		return ""
	}
	found := writtenHost.FindStringSubmatch(strings.TrimSpace(text))
	if len(found) < 2 || owner(found[1]) == owner(u.Hostname()) {
		return ""
	}
	return u.Hostname()
}

// owner is the part of a host that somebody has registered.
func owner(host string) string {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	if top, err := publicsuffix.EffectiveTLDPlusOne(host); err == nil {
		return top
	}
	return host
}

package sanitize

import (
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// Attributes that hold a few plain words: sizes, colours, alignments.
var wordAttrs = set(`align axis bgcolor border bordercolor cellpadding cellspacing char charoff clear color cols colspan compact
	coords dir face frame headers height hspace lang noshade nowrap open rows rowspan rules scope shape size
	span start type valign value vspace width`)

// Attributes that hold text for people.
var textAttrs = set("abbr alt label summary title")

const (
	maxWords = 200
	maxText  = 1000
)

// plainAttr cleans an attribute that neither loads nor styles anything.
func plainAttr(key, val string) (string, bool) {
	switch {
	case wordAttrs[key]:
		return val, len(val) <= maxWords && strings.IndexFunc(val, func(r rune) bool { return !asciiWord(r) && !strings.ContainsRune(" #%,.+*", r) }) < 0
	case textAttrs[key]:
		if len(val) > maxText {
			val = strings.ToValidUTF8(val[:maxText], "")
		}
		return val, true
	case key == "class" || key == "id":
		val = strings.Join(strings.Fields(val), " ")
		return val, val != "" && len(val) <= maxText && strings.IndexFunc(val, func(r rune) bool { return !asciiWord(r) && r != ' ' && r != ':' && r != '.' }) < 0
	}
	return "", false
}

func attr(attrs []html.Attribute, key string) string {
	for _, a := range attrs {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func setAttr(attrs []html.Attribute, key, val string) []html.Attribute {
	if i := slices.IndexFunc(attrs, func(a html.Attribute) bool { return a.Key == key }); i >= 0 {
		attrs[i].Val = val
		return attrs
	}
	return append(attrs, html.Attribute{Key: key, Val: val})
}

// link returns the attributes of a link that leaves the document in a new window and tells nothing of us.
func link(href string) []html.Attribute {
	return []html.Attribute{
		{Key: "href", Val: href},
		{Key: "target", Val: "_blank"},
		{Key: "rel", Val: "noopener noreferrer nofollow"},
	}
}

package merge

import (
	"regexp"
	"slices"
	"strings"
)

// typed is an expression in braces, as people and other programs write it.
var typed = regexp.MustCompile(`\{\{-?([^{}\n]*?)-?\}\}`)

// Line expands a one-line template: a subject. Unresolved are the fields that have
// no value; they leave nothing behind, as does what is no expression.
func Line(template string, f Facts) (text string, unresolved []string) {
	out := typed.ReplaceAllStringFunc(template, func(match string) string {
		e, _, ok := parse(inside(match))
		if !ok || e.field == History {
			return ""
		}
		text, resolved := e.text(f)
		if !resolved {
			unresolved = add(unresolved, e.field)
		}
		return text
	})
	return line(out), unresolved
}

// UnknownInLine lists what a one-line template names that there is not.
func UnknownInLine(template string) (unknown []string) {
	for _, match := range typed.FindAllString(template, -1) {
		e, what, ok := parse(inside(match))
		switch {
		case !ok:
			unknown = add(unknown, what)
		case e.field == History:
			unknown = add(unknown, History)
		}
	}
	return unknown
}

// straight undoes what editors make of quotes and spaces.
var straight = strings.NewReplacer("\u201c", `"`, "\u201d", `"`, "\u201e", `"`, "\u2018", `'`, "\u2019", `'`, "\u00a0", " ")

// inside is the expression of "{{ … }}".
func inside(match string) string {
	return strings.TrimSpace(straight.Replace(typed.FindStringSubmatch(match)[1]))
}

func add(list []string, s string) []string {
	if slices.Contains(list, s) {
		return list
	}
	return append(list, s)
}

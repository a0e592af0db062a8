package merge

import (
	"regexp"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/osteele/liquid"
)

const (
	maxExpression = 500 // bytes
	maxFilters    = 8
)

// expression is what stands between the braces, checked.
type expression struct {
	source    string
	field     string
	defaulted bool // it says itself what stands where the field has no value
}

var (
	fieldPart  = regexp.MustCompile(`^\s*([a-z]+\.[a-z_]+)\s*`)
	filterPart = regexp.MustCompile(`^\|\s*([a-z]+)\s*(:\s*("[^"{}\x00-\x1f]*"|'[^'{}\x00-\x1f]*')\s*)?`)
)

// filters say whether each of ours wants a text behind it.
var filters = map[string]struct{ needsText, takesText bool }{
	"default":    {true, true},
	"upcase":     {},
	"downcase":   {},
	"capitalize": {},
	"date":       {false, true},
}

// parse reads an expression. If it is none, what says which part of it is unknown.
func parse(source string) (e expression, what string, ok bool) {
	m := fieldPart.FindStringSubmatch(source)
	if m == nil || len(source) > maxExpression {
		return e, cut(strings.TrimSpace(source)), false
	}
	e = expression{source: source, field: m[1]}
	if !Known(e.field) {
		return e, e.field, false
	}
	rest, n := source[len(m[0]):], 0
	for rest != "" {
		f := filterPart.FindStringSubmatch(rest)
		if f == nil || n == maxFilters {
			return e, cut(strings.TrimSpace(source)), false
		}
		kind, known := filters[f[1]]
		fits := known && (f[2] != "" || !kind.needsText) && (f[2] == "" || kind.takesText)
		if !fits || e.field == History || f[1] == "date" && (e.field != Started || n > 0) {
			return e, cut(f[1]), false
		}
		e.defaulted = e.defaulted || f[1] == "default"
		rest = rest[len(f[0]):]
		n++
	}
	return e, "", true
}

// cut bounds what is told of an expression that is none.
func cut(s string) string {
	if utf8.RuneCountInString(s) <= 60 {
		return s
	}
	return string([]rune(s)[:60]) + "…"
}

// text is what e stands for; resolved is false if that is nothing, and e does not say what else.
func (e expression) text(f Facts) (text string, resolved bool) {
	value := f.value(e.field)
	if value == "" && !e.defaulted {
		value = line(f.Defaults[e.field])
	}
	if value == "" && !e.defaulted {
		return "", false
	}
	if e.field == Started && !strings.Contains(e.source, "date") && value != "" {
		value = f.Started.Format(dateLayout)
	}
	group, name, _ := strings.Cut(e.field, ".")
	out, err := engine.ParseAndRenderString("{{ "+strings.TrimSpace(e.source)+" }}", liquid.Bindings{group: map[string]any{name: value}})
	if err != nil {
		return "", false // the grammar leaves nothing that Liquid refuses
	}
	return line(out), true
}

// engine has our filters and nothing else: no tags, so no include and no loops.
var engine = func() *liquid.Engine {
	e := liquid.NewBasicEngine()
	e.RegisterFilter("default", func(value, fallback string) string {
		if value == "" {
			return fallback
		}
		return value
	})
	e.RegisterFilter("upcase", strings.ToUpper)
	e.RegisterFilter("downcase", strings.ToLower)
	e.RegisterFilter("capitalize", capitalize)
	e.RegisterFilter("date", func(value string, format func(string) string) string {
		at, err := time.Parse(time.RFC3339, value)
		if err != nil {
			return value
		}
		return date(at, format(""))
	})
	return e
}()

func capitalize(s string) string {
	r, size := utf8.DecodeRuneInString(s)
	if size == 0 {
		return s
	}
	return string(unicode.ToUpper(r)) + s[size:]
}

const dateLayout = "2 January 2006"

// directives are those of strftime that a letter needs.
var directives = strings.NewReplacer(
	"%-d", "\x002\x00", "%d", "\x0002\x00", "%-m", "\x001\x00", "%m", "\x0001\x00", "%B", "\x00January\x00", "%b", "\x00Jan\x00",
	"%Y", "\x002006\x00", "%y", "\x0006\x00", "%A", "\x00Monday\x00", "%a", "\x00Mon\x00",
	"%H", "\x0015\x00", "%-I", "\x003\x00", "%I", "\x0003\x00", "%M", "\x0004\x00", "%p", "\x00PM\x00",
)

// date writes a time as strftime does. What is no directive stays as it is.
func date(at time.Time, format string) string {
	if format == "" {
		return at.Format(dateLayout)
	}
	parts := strings.Split(directives.Replace(format), "\x00")
	for i := 1; i < len(parts); i += 2 {
		parts[i] = at.Format(parts[i])
	}
	return strings.Join(parts, "")
}

// line is a value as it may stand in a header too: one line, nothing that hides.
func line(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r == utf8.RuneError:
			return -1
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r) || r == '\u2028' || r == '\u2029':
			return -1
		}
		return r
	}, s)
	return strings.TrimSpace(s)
}

package sms_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"parley/internal/sms"
)

var update = flag.Bool("update", false, "write the golden table anew")

func ExampleMeasure() {
	c := sms.Measure("Your bike is ready – come by until 6")
	fmt.Println(c.Encoding, c.Segments, c.Units, c.Left, c.Offenders)
	// Output: ucs2 1 36 34 [–]
}

func ExampleSplit() {
	parts := sms.Split(strings.Repeat("x", 152) + "€ 10 a day")
	fmt.Println(len(parts), parts[1])
	// Output: 2 € 10 a day
}

// golden is the table that the browser's measure is tested by, too: web/src/features/composer/sms.
const golden = "testdata/measure.json"

type goldenRow struct {
	Text  string    `json:"text"`
	Times int       `json:"times,omitempty"` // Text so often, and then Tail
	Tail  string    `json:"tail,omitempty"`
	Want  goldenSum `json:"want"`
}

func (r goldenRow) body() string { return strings.Repeat(r.Text, max(1, r.Times)) + r.Tail }

type goldenSum struct {
	Encoding   sms.Encoding `json:"encoding"`
	Segments   int          `json:"segments"`
	Units      int          `json:"units"`
	PerSegment int          `json:"per_segment"`
	Left       int          `json:"left"`
	Offenders  []string     `json:"offenders"`
}

// With -update, the table's wants are written anew; its texts are written by hand.
func TestGolden(t *testing.T) {
	t.Parallel()
	file, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	var rows []goldenRow
	if err := json.Unmarshal(file, &rows); err != nil || len(rows) < 40 {
		t.Fatalf("%d rows: %v", len(rows), err)
	}
	for i, row := range rows {
		c := sms.Measure(row.body())
		rows[i].Want = goldenSum{c.Encoding, c.Segments, c.Units, c.PerSegment, c.Left, append([]string{}, c.Offenders...)}
	}
	var got bytes.Buffer
	enc := json.NewEncoder(&got)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(rows); err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(golden, got.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(string(file), got.String()); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestMeasure(t *testing.T) {
	t.Parallel()
	tests := []struct {
		text string
		want sms.Count
	}{
		{"", sms.Count{Encoding: sms.GSM, PerSegment: 160, Left: 160}},
		{"hello", sms.Count{Encoding: sms.GSM, Segments: 1, Units: 5, PerSegment: 160, Left: 155}},
		{strings.Repeat("@", 160), sms.Count{Encoding: sms.GSM, Segments: 1, Units: 160, PerSegment: 160}},
		{strings.Repeat("@", 161), sms.Count{Encoding: sms.GSM, Segments: 2, Units: 161, PerSegment: 153, Left: 145}},
		{strings.Repeat("@", 306), sms.Count{Encoding: sms.GSM, Segments: 2, Units: 306, PerSegment: 153}},
		{strings.Repeat("€", 80), sms.Count{Encoding: sms.GSM, Segments: 1, Units: 160, PerSegment: 160}},
		// 76 of them leave a septet that none fits in.
		{strings.Repeat("€", 81), sms.Count{Encoding: sms.GSM, Segments: 2, Units: 162, PerSegment: 153, Left: 143}},
		{strings.Repeat("ж", 70), sms.Count{Encoding: sms.UCS2, Segments: 1, Units: 70, PerSegment: 70, Offenders: []string{"ж"}}},
		{strings.Repeat("ж", 71), sms.Count{Encoding: sms.UCS2, Segments: 2, Units: 71, PerSegment: 67, Left: 63, Offenders: []string{"ж"}}},
		{"a👍🏽b“c”👍🏽", sms.Count{Encoding: sms.UCS2, Segments: 1, Units: 13, PerSegment: 70, Left: 57, Offenders: []string{"👍🏽", "“", "”"}}},
		{"ç", sms.Count{Encoding: sms.UCS2, Segments: 1, Units: 1, PerSegment: 70, Left: 69, Offenders: []string{"ç"}}},
		{"e\u0301", sms.Count{Encoding: sms.UCS2, Segments: 1, Units: 2, PerSegment: 70, Left: 68, Offenders: []string{"e\u0301"}}},
		{"`\t", sms.Count{Encoding: sms.UCS2, Segments: 1, Units: 2, PerSegment: 70, Left: 68, Offenders: []string{"`", "\t"}}},
	}
	for _, test := range tests {
		if diff := cmp.Diff(test.want, sms.Measure(test.text)); diff != "" {
			t.Errorf("Measure(%.20q…) -want +got:\n%s", test.text, diff)
		}
	}
}

func TestSplitKeepsClusters(t *testing.T) {
	t.Parallel()
	family, flag, syllable := "👨‍👩‍👧‍👦", "🇮🇹", "\u1112\u1161\u11ab"
	tests := []struct {
		name string
		text string
		want []int // units of each segment
	}{
		{"a family at the border goes over whole", strings.Repeat("я", 60) + family + "яяя", []int{60, 14}},
		{"a flag", strings.Repeat("я", 65) + flag + "яяяя", []int{65, 8}},
		{"an accent", strings.Repeat("я", 66) + "e\u0301" + "яяя", []int{66, 5}},
		{"a syllable of jamo", strings.Repeat("я", 66) + syllable + "яяя", []int{66, 6}},
		{"a line end", strings.Repeat("я", 66) + "\r\n" + "яяя", []int{66, 5}},
		{"but not at the cost of a segment", strings.Repeat("я", 66) + "e\u0301" + strings.Repeat("я", 66), []int{67, 67}},
		{"nor where it fits in none", "a" + strings.Repeat("\u0301", 140), []int{67, 67, 7}},
		{"never half a pair", strings.Repeat("я", 66) + "😀яяя", []int{66, 5}},
	}
	for _, test := range tests {
		var got []int
		for _, part := range sms.Split(test.text) {
			got = append(got, len(utf16.Encode([]rune(part))))
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s: -want +got:\n%s", test.name, diff)
		}
	}
}

// texts are of what makes splitting hard.
var texts = rapid.Custom(func(t *rapid.T) string {
	pieces := rapid.SliceOfN(rapid.OneOf(
		rapid.SampledFrom([]string{"€", "^{}", "\f", "\\", "@", "\r\n", "e\u0301", "😀", "👍🏽", "🇮🇹", "👨‍👩‍👧‍👦", "\u1112\u1161\u11ab", "ç", "ñ", "\x1b", "\xff", "“"}),
		rapid.StringN(0, 40, -1),
		rapid.StringMatching(`[a-zA-Z0-9 .,?!]{0,90}`),
	), 0, 12).Draw(t, "pieces")
	if rapid.Bool().Draw(t, "gsm alone") {
		pieces = slices.DeleteFunc(pieces, func(p string) bool { return sms.Measure(p).Encoding == sms.UCS2 })
	}
	return strings.Join(pieces, "")
})

func unitsOf(c sms.Count, text string) int {
	if c.Encoding == sms.UCS2 {
		return len(utf16.Encode([]rune(text)))
	}
	return sms.Measure(text).Units
}

func TestSplitProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := texts.Draw(t, "text")
		c := sms.Measure(text)
		parts := sms.Split(text)
		if strings.Join(parts, "") != text {
			t.Fatalf("Split gives %q", parts)
		}
		if len(parts) != c.Segments {
			t.Fatalf("Split gives %d segments, Measure counts %d", len(parts), c.Segments)
		}
		units := 0
		for _, part := range parts {
			n := unitsOf(c, part)
			if n == 0 || n > c.PerSegment {
				t.Fatalf("a segment of %d units, of at most %d", n, c.PerSegment)
			}
			if utf8.ValidString(text) && !utf8.ValidString(part) {
				t.Fatalf("a character is torn: %q", part)
			}
			units += n
		}
		if units != c.Units {
			t.Fatalf("segments of %d units, Measure counts %d", units, c.Units)
		}
	})
}

// What Left promises has a place, and not a unit more.
func TestMeasureLeft(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := texts.Filter(func(s string) bool { return s != "" }).Draw(t, "text")
		c := sms.Measure(text)
		if full := sms.Measure(text + strings.Repeat("a", c.Left)); full.Segments != c.Segments || full.Left != 0 {
			t.Fatalf("%+v, and filled %+v", c, full)
		}
		if over := sms.Measure(text + strings.Repeat("a", c.Left+1)); over.Segments <= c.Segments {
			t.Fatalf("%+v, and more than filled %+v", c, over)
		}
	})
}

func TestOffenders(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := texts.Draw(t, "text")
		c := sms.Measure(text)
		if (c.Encoding == sms.UCS2) != (len(c.Offenders) > 0) {
			t.Fatalf("%+v", c)
		}
		for i, o := range c.Offenders {
			if !strings.Contains(text, o) || sms.Measure(o).Encoding != sms.UCS2 || slices.Contains(c.Offenders[:i], o) {
				t.Fatalf("%q is no offender", o)
			}
		}
	})
}

func FuzzMeasure(f *testing.F) {
	for _, seed := range []string{"", "STOP", " yes\u200b", "€uro 😀", "👨‍👩‍👧‍👦", "\xff\xfe", "please take me off your list", "+90000000A00000AA", strings.Repeat("a\u0301", 90)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		c := sms.Measure(text)
		if parts := sms.Split(text); len(parts) != c.Segments || strings.Join(parts, "") != text {
			t.Errorf("Split gives %d segments, Measure %d", len(parts), c.Segments)
		}
		if c.Left < 0 || c.Left > c.PerSegment {
			t.Errorf("%+v", c)
		}
		if k := sms.KeywordOf(text); k != sms.None && sms.SoundsLikeOptOut(text) {
			t.Errorf("%q is %q, and sounds like an opt-out", text, k)
		}
		if e164, fault := sms.Parse(text, "US"); fault == nil {
			if again, ok := sms.Number(e164, ""); !ok || again != e164 {
				t.Errorf("%q is read as %q, and that as %q", text, e164, again)
			}
		}
	})
}

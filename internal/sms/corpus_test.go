package sms_test

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"parley/internal/parley"
	"parley/internal/sms"
)

// corpus finds the peers' cases, which are read in place: by PARLEY_CORPORA, else in
// shared/corpora beside the checkout.
func corpus(t *testing.T, file string, into any) {
	t.Helper()
	root := os.Getenv("PARLEY_CORPORA")
	for dir, err := os.Getwd(); root == "" && err == nil && dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		if at := filepath.Join(dir, "shared", "corpora"); exists(at) {
			root = at
		}
	}
	if root == "" || !exists(filepath.Join(root, "sms")) {
		t.Skip("no peer corpora: set PARLEY_CORPORA or put shared/corpora beside the checkout")
	}
	text, err := os.ReadFile(filepath.Join(root, "sms", file))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, into); err != nil {
		t.Fatal(err)
	}
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

func figure(t *testing.T, what string, good, all int) {
	t.Helper()
	if all == 0 {
		t.Fatal("the corpus is empty")
	}
	t.Logf("figure | sms | %s | %d of %d | %.1f %% | at least 100 %%", what, good, all, 100*float64(good)/float64(all))
}

// segmentCase is one of split-sms and of twilio-calculator.
type segmentCase struct {
	ID     string
	Body   string
	Expect struct {
		Encoding    string
		Segments    int
		Parts       []string
		Lengths     []int `json:"part_lengths"`
		Characters  *int
		Scalars     *int `json:"unicode_scalars"`
		Length      *int `json:"total_length"`
		Bytes       *int `json:"total_bytes"`
		MessageBits *int `json:"message_bits"`
		TotalBits   *int `json:"total_bits"`
	}
}

// otherwise are cases that we decide in another way on purpose, and why.
var otherwise = map[string]string{
	"split-sms/GSM-7-08":                          "told to send GSM at any price, the peer puts a space for each ☃; we change no text",
	"libphonenumber-js/isValidPhoneNumber_011":    "a number pasted with a blank before it is that number",
	"libphonenumber-js/isPossiblePhoneNumber_018": "a number pasted with a blank before it is that number",
}

func (c segmentCase) check(t *testing.T) bool {
	t.Helper()
	count := sms.Measure(c.Body)
	name, bits := map[sms.Encoding]string{sms.GSM: "GSM-7", sms.UCS2: "UCS-2"}[count.Encoding], 16
	if count.Encoding == sms.GSM {
		bits = 7
	}
	header := 0
	if count.Segments > 1 {
		header = 48 * count.Segments
	}
	parts := sms.Split(c.Body)
	var lengths []int
	for _, part := range parts {
		lengths = append(lengths, utf8.RuneCountInString(part))
	}
	units := count.Units
	if count.Encoding == sms.UCS2 {
		units *= 2
	}
	same := func(want *int, got int) bool { return want == nil || *want == got }
	return name == c.Expect.Encoding && count.Segments == c.Expect.Segments && len(parts) == count.Segments &&
		(c.Expect.Parts == nil || cmp.Equal(parts, c.Expect.Parts) && cmp.Equal(lengths, c.Expect.Lengths)) &&
		same(c.Expect.Bytes, units) && same(c.Expect.Length, utf8.RuneCountInString(c.Body)) &&
		same(c.Expect.MessageBits, count.Units*bits) && same(c.Expect.TotalBits, count.Units*bits+header) &&
		same(c.Expect.Scalars, utf8.RuneCountInString(c.Body))
}

func TestCorpusSegments(t *testing.T) {
	t.Parallel()
	good, all := 0, 0
	for _, file := range []string{"split-sms.json", "twilio-calculator.json"} {
		var set struct{ Cases []segmentCase }
		corpus(t, file, &set)
		for _, c := range set.Cases {
			if why := otherwise[c.ID]; why != "" {
				t.Logf("%s: decided otherwise: %s", c.ID, why)
				continue
			}
			all++
			if c.check(t) {
				good++
			} else {
				t.Errorf("%s: %+v in %q", c.ID, sms.Measure(c.Body), sms.Split(c.Body))
			}
		}
	}
	figure(t, "encoding, segments and where they are cut (1 decided otherwise)", good, all)
}

func TestCorpusKeywords(t *testing.T) {
	t.Parallel()
	var set struct {
		Stop  []string `json:"stop_twilio_default"`
		Start []string
		Help  []string
		Cases []struct{ Body, Expect string }
	}
	corpus(t, "keywords.json", &set)
	type row struct {
		body string
		want sms.Keyword
	}
	var rows []row
	add := func(want sms.Keyword, bodies ...string) {
		for _, body := range bodies {
			rows = append(rows, row{body, want}, row{strings.ToLower(body), want}, row{" " + body + "\n", want})
		}
	}
	add(sms.Stop, set.Stop...)
	add(sms.Start, set.Start...)
	add(sms.Help, set.Help...)
	for _, c := range set.Cases {
		switch c.Expect {
		case "debatable":
		case "none":
			rows = append(rows, row{c.Body, sms.None})
		default:
			rows = append(rows, row{c.Body, sms.Keyword(c.Expect)})
		}
	}
	good := 0
	for _, r := range rows {
		if got := sms.KeywordOf(r.body); got != r.want {
			t.Errorf("KeywordOf(%q) = %q, want %q", r.body, got, r.want)
			continue
		}
		good++
	}
	figure(t, "keywords", good, len(rows))
}

// faultOf is our word for the peer's.
var faultOf = map[string]string{
	"ErrNotANumber":         "phone.not_a_number",
	"ErrNumTooLong":         "phone.too_long",
	"ErrTooShortAfterIDD":   "phone.too_short",
	"ErrTooShortNSN":        "phone.too_short",
	"ErrInvalidCountryCode": "phone.needs_country",
}

type numberCase struct {
	ID     string
	Input  string
	Region string
	Expect map[string]any
}

func (c numberCase) check(t *testing.T) bool {
	t.Helper()
	e164, fault := sms.Parse(c.Input, c.Region)
	number, ok := sms.Number(c.Input, c.Region)
	for name, want := range c.Expect {
		switch name {
		case "error":
			e, is := errors.AsType[*parley.Error](fault)
			if !is || e.Key != faultOf[want.(string)] || ok {
				return false
			}
		case "valid", "possible":
			if (fault == nil) != want.(bool) || ok != want.(bool) {
				return false
			}
		case "parse":
			if fault == nil || ok {
				return false
			}
		case "national":
			if !strings.HasSuffix(e164, want.(string)) || number != e164 {
				return false
			}
		default:
			t.Errorf("%s: unknown expectation %s", c.ID, name)
		}
	}
	return true
}

func TestCorpusNumbers(t *testing.T) {
	t.Parallel()
	good, all := 0, 0
	for _, file := range []string{"libphonenumber-js.json", "nyaruka-errors.json"} {
		var set struct{ Cases []numberCase }
		corpus(t, file, &set)
		for _, c := range set.Cases {
			if why := otherwise[c.ID]; why != "" {
				t.Logf("%s: decided otherwise: %s", c.ID, why)
				continue
			}
			all++
			if c.check(t) {
				good++
				continue
			}
			e164, fault := sms.Parse(c.Input, c.Region)
			t.Errorf("%s: Parse(%q, %q) = %q, %v, want %v", c.ID, c.Input, c.Region, e164, fault, c.Expect)
		}
	}
	figure(t, "numbers, and the faults of others (2 decided otherwise)", good, all)
}

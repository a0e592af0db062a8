package mime

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/internal/parley"
)

// vectors reads corpora/header-vectors/NAME.json and runs a test for each case
// but those that we decide otherwise, with the reason.
func vectors(t *testing.T, name string, otherwise map[string]string, check func(t *testing.T, header string, expect json.RawMessage)) {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(corpora(t, "header-vectors"), name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Cases []struct {
			ID, Header, Input string
			Expect            json.RawMessage
		}
	}
	if err := json.Unmarshal(b, &file); err != nil {
		t.Fatal(err)
	}
	var wrong atomic.Int64
	t.Cleanup(func() {
		all := len(file.Cases) - len(otherwise)
		figure(t, "header-vectors", fmt.Sprintf("%s (%d decided otherwise)", name, len(otherwise)), all-int(wrong.Load()), all, 100)
	})
	for _, c := range file.Cases {
		t.Run(c.ID, func(t *testing.T) {
			t.Parallel()
			defer func() {
				if t.Failed() {
					wrong.Add(1)
				}
			}()
			_, number, _ := strings.Cut(c.ID, "/")
			if why, ok := otherwise[number]; ok {
				t.Skip("decided otherwise: " + why)
			}
			check(t, c.Header+c.Input, c.Expect)
		})
	}
}

func TestCorpusAddressVectors(t *testing.T) {
	t.Parallel()
	vectors(t, "stalwart-address", map[string]string{
		"010": "a comment is no part of a name that stands before the address",
		"011": "who has no address is not listed",
		"013": "RFC 5322 4.4: the route goes, white space around dots too",
	}, func(t *testing.T, header string, expect json.RawMessage) {
		type address struct{ Name, Address string }
		var want struct {
			List  []address
			Group []struct{ Addresses []address }
		}
		if err := json.Unmarshal(expect, &want); err != nil {
			t.Fatal(err)
		}
		for _, g := range want.Group {
			want.List = append(want.List, g.Addresses...)
		}
		header, _, _ = strings.Cut(header, "\n\n")
		var got []address
		for _, a := range readAddresses(header, "") {
			got = append(got, address{Name: a.Name, Address: a.Email})
		}
		if diff := cmp.Diff(want.List, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", header, diff)
		}
	})
}

func TestCorpusDateVectors(t *testing.T) {
	t.Parallel()
	vectors(t, "stalwart-date", map[string]string{
		"012": "a row of numbers is no date",
		"014": "RFC 5322 3.2.2: comments nest",
	}, func(t *testing.T, header string, expect json.RawMessage) {
		var want *struct {
			Year, Month, Day, Hour, Minute, Second int
			TZBeforeGMT                            bool `json:"tz_before_gmt"`
			TZHour                                 int  `json:"tz_hour"`
			TZMinute                               int  `json:"tz_minute"`
		}
		if err := json.Unmarshal(expect, &want); err != nil {
			t.Fatal(err)
		}
		var wantTime time.Time
		if want != nil {
			offset := want.TZHour*3600 + want.TZMinute*60
			if want.TZBeforeGMT {
				offset = -offset
			}
			zone := time.FixedZone("", offset)
			wantTime = time.Date(want.Year, time.Month(want.Month), want.Day, want.Hour, want.Minute, want.Second, 0, zone).UTC()
		}
		if got := readDate(header); !got.Equal(wantTime) {
			t.Errorf("%q: got %v, want %v", header, got, wantTime)
		}
	})
}

func TestCorpusContentTypeVectors(t *testing.T) {
	t.Parallel()
	vectors(t, "stalwart-content_type", nil, func(t *testing.T, header string, expect json.RawMessage) {
		var want struct {
			Type       string `json:"c_type"`
			Subtype    string `json:"c_subtype"`
			Attributes [][2]string
		}
		if err := json.Unmarshal(expect, &want); err != nil {
			t.Fatal(err)
		}
		m := readMediaType(header, "")
		major, minor, _ := strings.Cut(m.value, "/")
		if major == "" {
			return // no type: what else is said of it is of no use
		}
		if got := fmt.Sprint(major, " ", minor); !strings.EqualFold(got, want.Type+" "+want.Subtype) {
			t.Errorf("%q: got %s, want %s %s", header, got, want.Type, want.Subtype)
		}
		for _, a := range want.Attributes {
			if got := m.params[a[0]]; got != a[1] && !strings.HasSuffix(a[0], "-language") {
				t.Errorf("%q: %s is %q, want %q", header, a[0], got, a[1])
			}
		}
		if len(want.Attributes) == 0 && len(m.params) > 0 {
			t.Errorf("%q: unexpected %v", header, m.params)
		}
	})
}

// Addresses that are good are read as one, whatever is odd about them; those that
// are not, nobody may send to. Between the two we are free: mail comes from
// addresses that nobody would type.
func TestCorpusMailboxVectors(t *testing.T) {
	t.Parallel()
	for name, otherwise := range map[string]map[string]string{
		"flanker-mailbox_valid":            nil,
		"flanker-mailbox_invalid":          {"088": "what an A-label stands for is the DNS's to know"},
		"flanker-abridged_localpart_valid": nil, "flanker-abridged_localpart_invalid": nil,
	} {
		vectors(t, name, otherwise, func(t *testing.T, input string, expect json.RawMessage) {
			var want struct{ Valid bool }
			if err := json.Unmarshal(expect, &want); err != nil {
				t.Fatal(err)
			}
			if strings.Contains(name, "localpart") {
				input += "@example.com"
			}
			read := readAddresses(input, "")
			if want.Valid && (len(read) != 1 || isLocal(read[0])) {
				t.Errorf("%q is read as %v", input, read)
			}
			if !want.Valid && (parley.Address{Email: input}).Valid() {
				t.Errorf("%q may be sent to", input)
			}
		})
	}
}

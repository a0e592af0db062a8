package thread

import (
	"crypto/sha256"
	"encoding/json"
	"net/mail"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// corpora finds the peer corpora; the test is skipped where they are absent.
func corpora(t *testing.T, kind string) string {
	t.Helper()
	dir := os.Getenv("PARLEY_CORPORA")
	if dir == "" {
		wd, err := os.Getwd()
		if err != nil {
			t.Fatal(err)
		}
		for up := wd; dir == "" && up != filepath.Dir(up); up = filepath.Dir(up) {
			if at := filepath.Join(up, "shared", "corpora"); isDir(at) {
				dir = at
			}
		}
	}
	if dir = filepath.Join(dir, kind); !isDir(dir) {
		t.Skipf("no peer corpora (%s): set PARLEY_CORPORA or put shared/corpora beside the checkout", kind)
	}
	return dir
}

func isDir(path string) bool {
	fi, err := os.Stat(path)
	return err == nil && fi.IsDir()
}

var angled = regexp.MustCompile(`<([^<>]+)>`)

// readMail takes the headers that threading needs from a mail; package mime reads the rest.
func readMail(t *testing.T, raw []byte) Incoming {
	t.Helper()
	m, err := mail.ReadMessage(strings.NewReader(string(raw)))
	if err != nil {
		t.Fatalf("read mail: %v", err)
	}
	ids := func(name string) (out []string) {
		for _, v := range m.Header[name] {
			for _, id := range angled.FindAllStringSubmatch(v, -1) {
				out = append(out, id[1])
			}
		}
		return out
	}
	hash := sha256.Sum256(raw)
	in := Incoming{
		InReplyTo: ids("In-Reply-To"), References: ids("References"), Subject: m.Header.Get("Subject"),
		ContentHash: hash[:], From: "writer@x.test", Recipients: []string{"support@ours.test"},
	}
	if own := ids("Message-Id"); len(own) > 0 {
		in.InternetID = own[0]
	} else {
		in.InternetID = strings.TrimSpace(m.Header.Get("Message-Id"))
	}
	return in
}

type threadSet struct {
	Threads []struct {
		MessageIDs  []string   `json:"message_ids"`
		Cases       []string   `json:"cases"`
		Joined      bool       `json:"joined_only_through_missing_parent"`
		StrictParts [][]string `json:"strict_parts"`
	} `json:"threads"`
}

// TestCorpusThreads files every peer archive in both orders, and wants exactly
// the threads in it. The sets that hang together only through a mail nobody has
// may by their rules also be kept apart; rule e joins them, so ours must be one.
func TestCorpusThreads(t *testing.T) {
	t.Parallel()
	dir := corpora(t, "threading")
	sets, err := filepath.Glob(filepath.Join(dir, "*", "THREADS.json"))
	if err != nil || len(sets) == 0 {
		t.Fatalf("no sets in the threading corpus: %v", err)
	}
	for _, file := range sets {
		name := filepath.Base(filepath.Dir(file))
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var set threadSet
		if err := json.Unmarshal(raw, &set); err != nil {
			t.Fatal(err)
		}
		var want [][]string
		var cases []string
		for _, th := range set.Threads {
			want = append(want, slices.Sorted(slices.Values(th.MessageIDs)))
			cases = append(cases, th.Cases...)
		}
		slices.SortFunc(want, slices.Compare)
		slices.Sort(cases)
		mails := make([]Incoming, len(cases))
		for i, c := range cases {
			raw, err := os.ReadFile(filepath.Join(dir, c+".eml"))
			if err != nil {
				t.Fatal(err)
			}
			mails[i] = readMail(t, raw)
		}
		bothOrders(t, name, mails, want, func(i int) string {
			if mails[i].InternetID == "" {
				return "nomid:" + cases[i]
			}
			return strings.ToLower(mails[i].InternetID)
		})
	}
}

func TestCorpusScenarios(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile(filepath.Join(corpora(t, "threading"), "scenarios.json"))
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Cases []struct {
			Name     string   `json:"name"`
			Messages []string `json:"messages"`
			Threads  [][]int  `json:"threads"`
		} `json:"cases"`
	}
	if err := json.Unmarshal(raw, &file); err != nil {
		t.Fatal(err)
	}
	for _, c := range file.Cases {
		label := func(i int) string { return string(rune('a' + i)) }
		var mails []Incoming
		for _, m := range c.Messages {
			mails = append(mails, readMail(t, []byte(m)))
		}
		var want [][]string
		for _, th := range c.Threads {
			var labels []string
			for _, i := range th {
				labels = append(labels, label(i))
			}
			want = append(want, labels)
		}
		bothOrders(t, c.Name, mails, want, label)
	}
}

func bothOrders(t *testing.T, name string, mails []Incoming, want [][]string, label func(int) string) {
	t.Helper()
	for _, order := range []string{"file order", "reverse"} {
		t.Run(name+"/"+order, func(t *testing.T) {
			t.Parallel()
			s := newModel()
			for i := range mails {
				if order == "reverse" {
					i = len(mails) - 1 - i
				}
				s.file(t, mails[i], label(i))
			}
			if diff := cmp.Diff(want, s.partition()); diff != "" {
				t.Errorf("threads (-want +got):\n%s", diff)
			}
		})
	}
}

package thread

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/internal/mime"
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

// readMail takes from a mail what intake takes.
func readMail(raw []byte) Incoming {
	m := mime.Read(raw)
	in := Incoming{
		InternetID: m.InternetID, InReplyTo: m.InReplyTo, References: m.References, From: m.From.Email,
		Recipients: m.DeliveredTo, Subject: m.Subject, ContentHash: m.ContentHash, AutoReply: m.AutoReply,
	}
	for _, a := range slices.Concat(m.To, m.Cc) {
		in.Recipients = append(in.Recipients, a.Email)
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
			mails[i] = readMail(raw)
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
			mails = append(mails, readMail([]byte(m)))
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

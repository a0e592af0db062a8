package intake_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/internal/mime"
	"parley/internal/parley"
)

// corpora finds the peer corpora; the test is skipped where they are absent.
func corpora(t testing.TB, kind string) string {
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

func readFile(t testing.TB, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

type threadSet struct {
	Threads []struct {
		MessageIDs []string `json:"message_ids"`
		Cases      []string `json:"cases"`
	} `json:"threads"`
}

// TestCorpusThreads sends every peer archive through the whole way in, in both
// orders: the conversations must be exactly its threads, and each must be read
// with every parent before its children.
func TestCorpusThreads(t *testing.T) {
	t.Parallel()
	dir := corpora(t, "threading")
	sets, err := filepath.Glob(filepath.Join(dir, "*", "THREADS.json"))
	if err != nil || len(sets) == 0 {
		t.Fatalf("no sets in the threading corpus: %v", err)
	}
	for _, file := range sets {
		var set threadSet
		if err := json.Unmarshal(readFile(t, file), &set); err != nil {
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
		var mails [][]byte
		var labels []string
		for _, c := range cases {
			raw := readFile(t, filepath.Join(dir, c+".eml"))
			label := strings.ToLower(mime.Read(raw).InternetID)
			if label == "" {
				label = "nomid:" + c
			}
			mails, labels = append(mails, raw), append(labels, label)
		}
		bothOrders(t, filepath.Base(filepath.Dir(file)), mails, labels, want)
	}
}

func TestCorpusScenarios(t *testing.T) {
	t.Parallel()
	var file struct {
		Cases []struct {
			Name     string   `json:"name"`
			Messages []string `json:"messages"`
			Threads  [][]int  `json:"threads"`
		} `json:"cases"`
	}
	if err := json.Unmarshal(readFile(t, filepath.Join(corpora(t, "threading"), "scenarios.json")), &file); err != nil {
		t.Fatal(err)
	}
	for _, c := range file.Cases {
		label := func(i int) string { return string(rune('a' + i)) }
		var mails [][]byte
		var labels []string
		for i, m := range c.Messages {
			mails, labels = append(mails, []byte(m)), append(labels, label(i))
		}
		var want [][]string
		for _, th := range c.Threads {
			var one []string
			for _, i := range th {
				one = append(one, label(i))
			}
			want = append(want, one)
		}
		bothOrders(t, c.Name, mails, labels, want)
	}
}

func bothOrders(t *testing.T, name string, mails [][]byte, labels []string, want [][]string) {
	t.Helper()
	for _, order := range []string{"file order", "reverse"} {
		t.Run(name+"/"+order, func(t *testing.T) {
			t.Parallel()
			o := newOffice(t)
			for i := range mails {
				if order == "reverse" {
					i = len(mails) - 1 - i
				}
				o.deliverBytes(mails[i])
			}
			groups := map[parley.ConversationID][]string{}
			entries := o.entries()
			slices.Reverse(entries)
			for i, e := range entries {
				if order == "reverse" {
					i = len(mails) - 1 - i
				}
				id := o.message(e.MessageID).ConversationID
				groups[id] = append(groups[id], labels[i])
			}
			var got [][]string
			for id, g := range groups {
				slices.Sort(g)
				got = append(got, slices.Compact(g))
				o.checkCausal(id)
			}
			slices.SortFunc(got, slices.Compare)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("threads (-want +got):\n%s", diff)
			}
		})
	}
}

func (o *office) deliverBytes(mail []byte) {
	o.t.Helper()
	raw := o.raw(o.support, "")
	raw.Body = mail
	o.accept(raw)
	o.file()
}

// checkCausal wants no message before one that it names, unless they name each other.
func (o *office) checkCausal(id parley.ConversationID) {
	o.t.Helper()
	all := o.messages(id)
	names := func(m, n parley.Message) bool {
		return n.InternetID != "" && (slices.Contains(m.References, n.InternetID) || m.InReplyTo == n.InternetID)
	}
	for i, m := range all {
		for _, later := range all[i+1:] {
			if names(m, later) && !names(later, m) && m.InternetID != later.InternetID {
				o.t.Errorf("%s stands before %s, which it answers", m.InternetID, later.InternetID)
			}
		}
	}
}

// TestCorpusArrives: every mail of the peers, the hostile ones too, is filed,
// none fails, none is lost, and no parser panics.
func TestCorpusArrives(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join(filepath.Dir(corpora(t, "threading")), "*", "*", "*.eml"))
	if err != nil || len(files) < 1000 {
		t.Fatalf("%d mails: %v", len(files), err)
	}
	o := newOffice(t)
	for _, f := range files {
		raw := o.raw(o.support, "")
		raw.Body = readFile(t, f)
		o.accept(raw)
	}
	o.file()
	if got, n := o.totals(), int64(len(files)); got != (parley.IntakeTotals{Accepted: n, Filed: n}) {
		t.Errorf("%d mails: %+v", n, got)
	}
	if o.log.Len() > 0 {
		t.Errorf("the log says: %s", o.log)
	}
	outcomes := map[parley.IntakeOutcome]int{}
	for page, before := o.entryPage(0); len(page) > 0; page, before = o.entryPage(before) {
		for _, e := range page {
			outcomes[e.Outcome]++
			if e.State != parley.IntakeFiled || e.MessageID == 0 || e.Blob == "" {
				t.Errorf("%s: %+v", files[int(e.ID)-1], e)
			}
		}
		if before == 0 {
			break
		}
	}
	t.Logf("%d mails: %v", len(files), outcomes)
	filed := 0
	for _, n := range outcomes {
		filed += n
	}
	t.Logf("figure | all mails | mails that arrive | %d of %d | %.1f %% | at least 100 %%", filed, len(files), 100*float64(filed)/float64(len(files)))
	if filed != len(files) {
		t.Errorf("%d of %d mails arrive", filed, len(files))
	}
}

func (o *office) entryPage(before parley.IntakeID) ([]parley.Intake, parley.IntakeID) {
	o.t.Helper()
	page, next, err := o.intake.Entries(o.t.Context(), o.owner, "", before, 100)
	if err != nil {
		o.t.Fatal(err)
	}
	return page, next
}

package endure

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"parley/internal/app/apptest"
	"parley/internal/channel/channeltest"
	"parley/internal/store/storetest"
)

var (
	long = flag.Bool("long", false, "the long form: 200 kills, outages of a minute")
	seed = flag.Uint64("seed", 0, "repeats a run; 0 is another one each time")
)

// TestMain builds the program where PARLEY_TEST_BINARY names none.
func TestMain(m *testing.M) {
	flag.Parse()
	dir, err := os.MkdirTemp("", "parley-endure-")
	if err != nil {
		log.Fatal(err)
	}
	if os.Getenv("PARLEY_TEST_BINARY") == "" && !testing.Short() {
		path := filepath.Join(dir, "parley")
		if out, err := exec.Command("go", "build", "-o", path, "parley/cmd/parley").CombinedOutput(); err != nil {
			log.Fatalf("build the program: %v\n%s", err, out)
		}
		if err := os.Setenv("PARLEY_TEST_BINARY", path); err != nil {
			log.Fatal(err)
		}
	}
	code := m.Run()
	_ = os.RemoveAll(dir) // a temporary folder
	os.Exit(code)
}

// trial is an installation with an account that takes mail, and the relay that
// its own mail leaves through.
type trial struct {
	*testing.T
	*apptest.Site
	apptest.Office
	relay *channeltest.MailServer
	seed  uint64
}

// newTrial prepares one; it goes away with the test.
func newTrial(t *testing.T, o channeltest.SMTPOptions, env ...string) *trial {
	t.Helper()
	if testing.Short() {
		t.Skip("runs the built program: run it without -short")
	}
	return newTrialAt(t, t.TempDir(), database(t), o, env...)
}

// newTrialAt prepares one in a folder, on a database.
func newTrialAt(t *testing.T, dir, databaseURL string, o channeltest.SMTPOptions, env ...string) *trial {
	t.Helper()
	s, err := apptest.New(dir, databaseURL)
	if err != nil {
		t.Fatal(err)
	}
	tr := &trial{T: t, Site: s, relay: channeltest.SMTPServer(t, o), seed: *seed}
	if tr.seed == 0 {
		tr.seed = rand.Uint64()
	}
	t.Logf("repeat it with -seed %d", tr.seed)
	s.Env = append(s.Env, "PARLEY_RELAY_URL="+tr.relay.URL())
	s.Env = append(s.Env, env...)
	t.Cleanup(tr.finish)
	if tr.Office, err = s.Begin("Harbour Bikes", "olive@harbour.example", "support@harbour.example"); err != nil {
		t.Fatal(err)
	}
	return tr
}

// database is a fresh one for one test; empty: SQLite in the data folder.
func database(t *testing.T) string {
	if os.Getenv("PARLEY_TEST_DATABASE_URL") == "" {
		return ""
	}
	return storetest.Location(t).URL()
}

func (tr *trial) finish() {
	if err := tr.Site.Close(); err != nil {
		tr.Error(err)
	}
	if !tr.Failed() {
		return
	}
	b, err := os.ReadFile(tr.LogFile())
	if err != nil {
		tr.Error(err)
	}
	tr.Logf("server log:\n%s", b)
}

// random is a source of its own for each part of a trial, so that they run at
// once and still repeat.
func (tr *trial) random(part string) *rand.Rand {
	h := tr.seed
	for _, c := range []byte(part) {
		h = h*1099511628211 + uint64(c)
	}
	return rand.New(rand.NewPCG(tr.seed, h))
}

// eventually waits for what must come true within apptest.Patience.
func (tr *trial) eventually(try func() error) {
	tr.Helper()
	if err := apptest.Eventually(func(context.Context) error { return try() }); err != nil {
		tr.Fatal(err)
	}
}

// within waits as long as it takes a relay to come back.
func (tr *trial) within(d time.Duration, try func() error) {
	tr.Helper()
	if err := apptest.Within(d, func(context.Context) error { return try() }); err != nil {
		tr.Fatal(err)
	}
}

// get reads an answer of the API, which must be one of success.
func get[T any](tr *trial, path string) T {
	tr.Helper()
	v, err := ask[T](tr, path)
	if err != nil {
		tr.Fatal(err)
	}
	return v
}

func ask[T any](tr *trial, path string) (v T, err error) {
	a, err := tr.Ask(tr.Token, http.MethodGet, path, "")
	if err != nil {
		return v, err
	}
	if err := json.Unmarshal(a.Body, &v); err != nil {
		return v, fmt.Errorf("GET %s: %w", path, err)
	}
	return v, nil
}

// page is a part of a list.
type page[T any] struct {
	Items      []T    `json:"items"`
	NextCursor string `json:"next_cursor"`
}

// all reads a list to its end.
func all[T any](tr *trial, path string) (items []T) {
	tr.Helper()
	separator := "?"
	if strings.Contains(path, "?") {
		separator = "&"
	}
	for cursor := ""; ; {
		p := get[page[T]](tr, path+separator+"limit=100&cursor="+cursor)
		items = append(items, p.Items...)
		if cursor = p.NextCursor; cursor == "" {
			return items
		}
	}
}

// totals are the sums of the journal.
type totals struct{ Accepted, Filed, Failed, Pending int }

// drained waits until nothing is left to be filed, and does something else
// meanwhile; it may take long, as long as it moves.
func (tr *trial) drained(meanwhile ...func()) (sums totals) {
	tr.Helper()
	for before := -1; ; before = sums.Pending {
		for _, do := range meanwhile {
			do()
		}
		tr.eventually(func() (err error) {
			if sums, err = ask[totals](tr, "/intake"); err == nil && sums.Pending == before {
				err = fmt.Errorf("%d mails wait", sums.Pending)
			}
			return err
		})
		if sums.Pending == 0 {
			return sums
		}
	}
}

// conversation is one as a list shows it.
type conversation struct {
	ID           int64  `json:"id"`
	Subject      string `json:"subject"`
	MessageCount int    `json:"message_count"`
	AssigneeID   *int64 `json:"assignee_id"`
}

// item is one of a timeline.
type item struct {
	Kind        string          `json:"kind"`
	ID          int64           `json:"id"`
	Text        string          `json:"text"`
	VisibleText string          `json:"visible_text"`
	InternetID  string          `json:"internet_id"`
	Direction   string          `json:"direction"`
	Delivery    string          `json:"delivery"`
	Event       string          `json:"event"`
	Data        json.RawMessage `json:"data"`
	Fault       string          `json:"delivery_error"`
	Tries       int             `json:"tries"`
}

func (tr *trial) conversations() []conversation {
	tr.Helper()
	return all[conversation](tr, "/conversations?view=all_open")
}

func (tr *trial) timeline(conversation int64) []item {
	tr.Helper()
	return all[item](tr, fmt.Sprintf("/conversations/%d/timeline", conversation))
}

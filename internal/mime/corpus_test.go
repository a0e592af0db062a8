package mime

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
	"unicode/utf8"

	"parley/internal/parley"
)

// corpora is the folder of one kind of the peer corpora; a test that needs it is
// skipped where they are not at hand.
func corpora(tb testing.TB, kind string) string {
	tb.Helper()
	dir := filepath.Join(corporaOrNone(), kind)
	if _, err := os.Stat(dir); err != nil {
		tb.Skipf("no peer corpora: set PARLEY_CORPORA to the folder that holds %s", kind)
	}
	return dir
}

// corporaOrNone finds the peer corpora, which are read in place and never
// copied: by PARLEY_CORPORA, else as shared/corpora beside the checkout.
func corporaOrNone() string {
	if root := os.Getenv("PARLEY_CORPORA"); root != "" {
		return root
	}
	dir, err := os.Getwd()
	for err == nil {
		root := filepath.Join(dir, "shared", "corpora")
		if _, err := os.Stat(root); err == nil {
			return root
		}
		if dir == filepath.Dir(dir) {
			break
		}
		dir = filepath.Dir(dir)
	}
	return "none"
}

// mailCase is X.json beside X.eml.
type mailCase struct {
	ID        string                                `json:"id"`
	Expect    expectation                           `json:"expect"`
	Disputed  map[string]map[string]json.RawMessage `json:"disputed"`
	Tells     string                                `json:"detectability"` // where a bounce says that it is one
	Debatable []struct {
		Field         string
		Peer, Derived json.RawMessage
	} `json:"debatable"`
	raw []byte
}

type expectation map[string]json.RawMessage

type wantAttachment struct {
	Filename    *string `json:"filename"`
	ContentType string  `json:"content_type"`
	Size        *int    `json:"size"`
	ContentID   string  `json:"content_id"`
	Optional    bool    `json:"optional"`
}

func mailCases(tb testing.TB, kind string) []mailCase {
	tb.Helper()
	files, err := filepath.Glob(filepath.Join(corpora(tb, kind), "*", "*.json"))
	if err != nil {
		tb.Fatal(err)
	}
	var cases []mailCase
	for _, file := range files {
		var c mailCase
		b, err := os.ReadFile(file)
		if err == nil {
			err = json.Unmarshal(b, &c)
		}
		if err != nil {
			tb.Fatal(err)
		}
		if c.raw, err = os.ReadFile(strings.TrimSuffix(file, ".json") + ".eml"); err != nil {
			continue // THREADS.json and the like describe a set
		}
		cases = append(cases, c)
	}
	if len(cases) == 0 {
		tb.Skipf("no cases of %s", kind)
	}
	return cases
}

// TestCorpus reads the mails of the peers and compares every field they vouch for.
func TestCorpus(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	right, all := map[string]int{}, map[string]int{}
	t.Cleanup(func() {
		figure(t, "mail-parse + mail-hostile", "mails with no wrong field", right["mail-parse"]+right["mail-hostile"], all["mail-parse"]+all["mail-hostile"], 97)
		figure(t, "bounce-auto", "mails with no wrong field", right["bounce-auto"], all["bounce-auto"], 97)
	})
	for kind, floor := range map[string]float64{"mail-parse": 96.5, "mail-hostile": 99, "bounce-auto": 99} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			cases := mailCases(t, kind)
			good := 0
			for _, c := range cases {
				var m Message
				if took := cpuOf(func() { m = Read(c.raw) }); took > 500*time.Millisecond {
					t.Errorf("%s took %v", c.ID, took)
				}
				if wrong := c.compare(m); len(wrong) > 0 {
					t.Logf("%s:\n\t%s", c.ID, strings.Join(wrong, "\n\t"))
					continue
				}
				good++
			}
			mu.Lock()
			right[kind], all[kind] = good, len(cases)
			mu.Unlock()
			score := 100 * float64(good) / float64(len(cases))
			t.Logf("%s: %d of %d right (%.1f %%)", kind, good, len(cases), score)
			if score < floor {
				t.Errorf("%s: %.1f %% right, the floor is %.1f %%", kind, score, floor)
			}
		})
	}
}

// figure says what was measured, for `make corpora`, and holds it to the bar, in per cent.
func figure(t *testing.T, set, what string, good, all int, bar float64) {
	t.Helper()
	if all == 0 {
		return // the corpora are not at hand: the test that asked has skipped
	}
	score := 100 * float64(good) / float64(all)
	t.Logf("figure | %s | %s | %d of %d | %.1f %% | at least %g %%", set, what, good, all, score, bar)
	if score < bar {
		t.Errorf("%s: %s: %.1f %%, the bar is %g %%", set, what, score, bar)
	}
}

// TestCorpusTime takes the time of reading each mail: the best of some runs, for
// whatever else the machine does is not the reader's.
func TestCorpusTime(t *testing.T) {
	var median []time.Duration
	worst, which := time.Duration(0), ""
	for _, kind := range []string{"mail-parse", "mail-hostile", "bounce-auto", "threading"} {
		for _, c := range mailCases(t, kind) {
			best := time.Hour
			for range 3 {
				start := time.Now() // the kernel's account of a thread is too coarse for this
				_, _ = SplitQuote(Read(c.raw).Text)
				best = min(best, time.Since(start))
			}
			if kind == "mail-parse" {
				median = append(median, best)
			}
			if best > worst {
				worst, which = best, c.ID
			}
		}
	}
	slices.Sort(median)
	m := median[len(median)/2]
	t.Logf("figure | mail-parse | time to read the median mail | %d mails | %.2f ms | at most 2 ms", len(median), float64(m.Microseconds())/1000)
	t.Logf("figure | all mails | time to read the worst mail | %s | %.0f ms | at most 500 ms", which, float64(worst.Microseconds())/1000)
	if m > 2*time.Millisecond || worst > 500*time.Millisecond {
		t.Errorf("the median takes %v, %s %v", m, which, worst)
	}
}

// cpuOf is the processor time that f takes, whatever else this machine does;
// where threads aren't counted, it is 0.
func cpuOf(f func()) time.Duration {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	const thread = 1 // RUSAGE_THREAD
	var before, after syscall.Rusage
	errBefore := syscall.Getrusage(thread, &before)
	f()
	if err := errors.Join(errBefore, syscall.Getrusage(thread, &after)); err != nil {
		return 0
	}
	return time.Duration(after.Utime.Nano() + after.Stime.Nano() - before.Utime.Nano() - before.Stime.Nano())
}

// compare lists the fields of m that no accepted value equals.
func (c mailCase) compare(m Message) []string {
	var wrong []string
	got := map[string]any{
		"from_email": orNull(m.From.Email), "from_name": m.From.Name, "to": emails(m.To), "cc": emails(m.Cc),
		"reply_to": emails(m.ReplyTo), "subject": m.Subject, "date": dateText(m.SentAt), "message_id": orNull(m.InternetID),
		"in_reply_to": orNull(strings.Join(m.InReplyTo, " ")), "references": m.References, "html_present": m.HTML != "",
		"is_bounce": m.IsBounce, "auto_submitted": m.AutoSubmitted,
	}
	for field, value := range got {
		if field == "is_bounce" || field == "auto_submitted" {
			continue // TestAutomatic scores them
		}
		if want, ok := c.Expect[field]; ok && !c.accepts(field, want, value) {
			wrong = append(wrong, fmt.Sprintf("%s: got %s, want %s", field, canonical(field, value), want))
		}
	}
	wrong = append(wrong, c.missingText(m)...)
	wrong = append(wrong, c.compareAttachments(m.Parts)...)
	slices.Sort(wrong)
	return wrong
}

func (c mailCase) accepts(field string, want json.RawMessage, got any) bool {
	options := []json.RawMessage{want}
	for _, v := range c.Disputed[field] {
		options = append(options, v)
	}
	for _, d := range c.Debatable {
		if d.Field == field {
			options = append(options, d.Peer, d.Derived)
		}
	}
	have := canonical(field, got)
	return slices.ContainsFunc(options, func(o json.RawMessage) bool {
		var v any
		return json.Unmarshal(o, &v) == nil && matches(canonical(field, v), have)
	})
}

// matches compares; a peer's U+FFFD says only that it could not decode the character.
func matches(want, have string) bool {
	parts := strings.Split(want, "\ufffd")
	for _, part := range parts[:len(parts)-1] {
		rest, ok := strings.CutPrefix(have, part)
		if !ok || rest == "" {
			return false
		}
		_, size := utf8.DecodeRuneInString(rest)
		have = rest[size:]
	}
	return have == parts[len(parts)-1]
}

// canonical forgives what the cases don't assert: case of addresses, white space, addresses without a domain.
func canonical(field string, v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		v = strings.Join(strings.Fields(v), " ")
		if field == "from_email" {
			if v = strings.ToLower(v); !strings.Contains(v, "@") {
				return ""
			}
		}
		return v
	case []string:
		list := make([]any, len(v))
		for i := range v {
			list[i] = v[i]
		}
		return canonical(field, list)
	case []any:
		var list []string
		for _, e := range v {
			s, _ := e.(string)
			if field != "references" {
				if s = strings.ToLower(s); !strings.Contains(s, "@") {
					continue
				}
			}
			list = append(list, s)
		}
		return strings.Join(list, " ")
	}
	return fmt.Sprint(v)
}

func (c mailCase) missingText(m Message) []string {
	var lines []string
	if raw, ok := c.Expect["text_contains"]; ok {
		_ = json.Unmarshal(raw, &lines)
	}
	squeeze := func(s string) string {
		s = strings.ReplaceAll(s, "\x00", "")      // PostgreSQL can't store it
		return strings.Join(strings.Fields(s), "") // where a tag stood, peers differ about a space
	}
	text := squeeze(m.Text)
	fromHTML := squeeze(TextFromHTML(m.HTML))
	var wrong []string
	for _, line := range lines {
		if line = squeeze(line); !strings.Contains(text, line) && !strings.Contains(fromHTML, line) {
			wrong = append(wrong, fmt.Sprintf("text lacks %q", line))
		}
	}
	return wrong
}

// compareAttachments matches the expected with the found ones: by name, type and size as far as they are given.
func (c mailCase) compareAttachments(parts []Part) []string {
	raw, ok := c.Expect["attachments"]
	if !ok {
		return nil
	}
	var want []wantAttachment
	if err := json.Unmarshal(raw, &want); err != nil {
		return []string{err.Error()}
	}
	if c.attachmentsDisputed(parts) {
		return nil
	}
	var wrong []string
	left := slices.Clone(parts)
	for _, optional := range []bool{false, true} {
		for _, w := range want {
			if w.Optional != optional {
				continue
			}
			i := slices.IndexFunc(left, w.matches)
			if i >= 0 {
				left = slices.Delete(left, i, i+1)
			} else if !optional {
				wrong = append(wrong, "attachment missing: "+w.String())
			}
		}
	}
	opened := slices.ContainsFunc(want, func(w wantAttachment) bool { return strings.HasSuffix(w.ContentType, "ms-tnef") })
	for _, p := range left {
		if opened {
			continue // the cases know a winmail.dat as one file; we show what is in it
		}
		wrong = append(wrong, fmt.Sprintf("attachment not expected: %q %s %d", p.Filename, p.ContentType, len(p.Body)))
	}
	return wrong
}

func (c mailCase) attachmentsDisputed(parts []Part) bool {
	got := make([]string, len(parts))
	for i, p := range parts {
		got[i] = p.Filename
	}
	slices.Sort(got)
	for _, v := range c.Disputed["attachment_filenames"] {
		var names []string
		if json.Unmarshal(v, &names) == nil && slices.Equal(names, got) {
			return true
		}
	}
	for _, d := range c.Debatable {
		if d.Field == "attachments.count" && (string(d.Peer) == fmt.Sprint(len(parts)) || string(d.Derived) == fmt.Sprint(len(parts))) {
			return true
		}
	}
	if _, names := c.Disputed["attachment_filenames"]; names {
		return false
	}
	for _, v := range c.Disputed["attachment_count"] {
		if string(v) == fmt.Sprint(len(parts)) {
			return true
		}
	}
	return false
}

func (w wantAttachment) matches(p Part) bool {
	return (w.Filename == nil || *w.Filename == "" || matches(*w.Filename, p.Filename) || w.Optional && p.Filename == "") &&
		(w.ContentType == "" || strings.EqualFold(w.ContentType, p.ContentType)) &&
		(w.Size == nil || *w.Size == len(p.Body) || w.Optional) && // returned mail was counted after re-writing it
		(w.ContentID == "" || strings.Trim(w.ContentID, "<>") == p.ContentID)
}

func (w wantAttachment) String() string {
	b, _ := json.Marshal(w)
	return string(b)
}

func emails(list parley.Addresses) []string {
	out := []string{}
	for _, a := range list {
		out = append(out, a.Email)
	}
	return out
}

func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func dateText(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.Format("2006-01-02T15:04:05Z")
}

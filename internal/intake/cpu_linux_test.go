package intake

import (
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
	"unsafe"

	"parley/internal/blob"
	"parley/internal/channel/email"
	"parley/internal/parley"
)

// TestCorpusCPU takes the processor time that a mail costs before its transaction:
// it is read, its quotes are found, its HTML is sanitised. Of three runs the best
// counts: what else the machine does to its caches is not ours.
func TestCorpusCPU(t *testing.T) {
	root := corporaRoot(t)
	ch, err := email.Type{}.Open(1, nil)
	if err != nil {
		t.Fatal(err)
	}
	s := &Service{log: slog.New(slog.DiscardHandler)}
	var usual []time.Duration
	worst, which := time.Duration(0), ""
	for _, kind := range []string{"mail-parse", "mail-hostile", "bounce-auto", "threading"} {
		for path, raw := range mailsBelow(t, filepath.Join(root, kind)) {
			best := time.Hour
			for range 3 {
				m := &mail{task: &task{entry: parley.Intake{ID: 1, ChannelID: 1}}, raw: stored{key: blob.KeyOf(raw)}}
				best = min(best, cpuOf(t, func() {
					m.parsed = s.parse(ch, m.entry, raw)
					s.clean(m)
				}))
			}
			if kind == "mail-parse" {
				usual = append(usual, best)
			}
			if best > worst {
				worst, which = best, strings.TrimSuffix(path, ".eml")
			}
		}
	}
	if len(usual) == 0 {
		t.Fatal("there are no mails in the corpora")
	}
	slices.Sort(usual)
	median := usual[len(usual)/2]
	t.Logf("figure | mail-parse | processor time of the median mail, sanitising included | %d mails | %.2f ms | at most 2 ms", len(usual), milliseconds(median))
	t.Logf("figure | all mails | processor time of the worst mail, sanitising included | %s | %.0f ms | at most 500 ms", which, milliseconds(worst))
	if median > 2*time.Millisecond || worst > 500*time.Millisecond {
		t.Errorf("the median costs %v, %s %v", median, which, worst)
	}
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// corporaRoot finds the peer corpora; the test is skipped where they are absent.
func corporaRoot(t *testing.T) string {
	t.Helper()
	if dir := os.Getenv("PARLEY_CORPORA"); dir != "" {
		return dir
	}
	wd, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for up := wd; up != filepath.Dir(up); up = filepath.Dir(up) {
		if dir := filepath.Join(up, "shared", "corpora"); exists(dir) {
			return dir
		}
	}
	t.Skip("no peer corpora: set PARLEY_CORPORA or put shared/corpora beside the checkout")
	return ""
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// mailsBelow reads all mails of a folder, by their paths below it.
func mailsBelow(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	out := map[string][]byte{}
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || filepath.Ext(path) != ".eml" {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err == nil {
			out[name], err = os.ReadFile(path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// cpuOf is the processor time that f takes on its thread, to the nanosecond: what
// getrusage tells moves in steps of the scheduler.
func cpuOf(t *testing.T, f func()) time.Duration {
	t.Helper()
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	before := threadTime(t)
	f()
	return threadTime(t) - before
}

func threadTime(t *testing.T) time.Duration {
	t.Helper()
	const thread = 3 // CLOCK_THREAD_CPUTIME_ID
	var at syscall.Timespec
	if _, _, errno := syscall.Syscall(syscall.SYS_CLOCK_GETTIME, thread, uintptr(unsafe.Pointer(&at)), 0); errno != 0 { //nolint:gosec // the kernel writes a timespec there
		t.Skipf("the processor time of a thread is not told here: %v", errno)
	}
	return time.Duration(at.Nano())
}

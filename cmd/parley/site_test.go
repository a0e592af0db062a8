package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"
)

// patience is how long a test waits for what must come true.
const patience = 20 * time.Second

// site is one installation as its administrator has it: a data folder, a
// database, the server's process, and the relay through which it sends. All is
// reached from outside only: command line, HTTP and SMTP.
type site struct {
	dir    string
	env    []string // of every process
	http   string   // host:port
	smtp   string
	relay  *relay
	server *exec.Cmd
	ended  chan error // what the server's process ended with
}

// newSite prepares an installation in dir; databaseURL is empty for SQLite.
func newSite(dir, databaseURL string) (*site, error) {
	r, err := newRelay()
	if err != nil {
		return nil, err
	}
	s := &site{dir: dir, relay: r}
	for _, addr := range []*string{&s.http, &s.smtp} {
		if *addr, err = freeAddress(); err != nil {
			return nil, err
		}
	}
	s.env = []string{
		"PATH=" + filepath.Dir(binary()) + string(filepath.ListSeparator) + os.Getenv("PATH"), "HOME=" + dir, "TMPDIR=" + os.TempDir(),
		"PARLEY_DATA=" + filepath.Join(dir, "data"), "PARLEY_DATABASE_URL=" + databaseURL,
		"PARLEY_HTTP=" + s.http, "PARLEY_SMTP=" + s.smtp, "PARLEY_METRICS=", "PARLEY_MAIL_DOMAIN=in.harbour.example",
		"PARLEY_RELAY_URL=smtp://" + r.addr, "PARLEY_OWNER_PASSWORD=" + ownerPassword,
		"GORACE=atexit_sleep_ms=10", // else a program with the race detector takes a second to end
	}
	return s, nil
}

// freeAddress finds a port below those that the system gives to outgoing
// connections, so that it is still free when the server takes it, also after a restart.
func freeAddress() (string, error) {
	for range 100 {
		addr := fmt.Sprintf("127.0.0.1:%d", 20_000+rand.IntN(12_000))
		l, err := net.Listen("tcp", addr)
		if err == nil {
			return addr, l.Close()
		}
	}
	return "", errors.New("no free port")
}

// binary is the program under test: bin/parley where PARLEY_TEST_BINARY names
// it, else this test's own program under the name of parley (see TestMain).
func binary() string {
	if path := os.Getenv("PARLEY_TEST_BINARY"); path != "" {
		return path
	}
	path, err := exec.LookPath("parley")
	if err != nil {
		panic(err) // TestMain has put it there
	}
	return path
}

// run runs one command line to its end and returns what it printed.
func (s *site) run(args ...string) (string, error) {
	var out, faults bytes.Buffer
	cmd := exec.Command(binary(), args...)
	cmd.Env, cmd.Dir, cmd.Stdout, cmd.Stderr = s.env, s.dir, &out, &faults
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("parley %s: %w\n%s", strings.Join(args, " "), err, faults.String())
	}
	return out.String(), nil
}

func (s *site) logFile() string { return filepath.Join(s.dir, "server.log") }

// serve starts the server and waits until it says that it is ready.
func (s *site) serve() error {
	if s.server != nil {
		return errors.New("a server runs already")
	}
	log, err := os.OpenFile(s.logFile(), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer log.Close()
	cmd := exec.Command(binary(), "serve")
	cmd.Env, cmd.Dir, cmd.Stdout, cmd.Stderr = s.env, s.dir, log, log
	cmd.SysProcAttr = endsWithUs()
	s.server, s.ended = cmd, make(chan error, 1)
	started := make(chan error)
	go func() {
		// The kernel watches the thread that starts a process, so it must live as long.
		runtime.LockOSThread()
		err := cmd.Start()
		started <- err
		if err == nil {
			s.ended <- cmd.Wait()
		}
	}()
	if err := <-started; err != nil {
		s.server = nil
		return err
	}
	return s.untilReady()
}

func (s *site) untilReady() error {
	return eventually(func(ctx context.Context) error {
		select {
		case err := <-s.ended:
			s.server = nil
			return stop{fmt.Errorf("the server ended at its start: %w", err)}
		default:
		}
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+s.http+"/readyz", nil)
		if err != nil {
			return stop{err}
		}
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			return err
		}
		defer res.Body.Close()
		if res.StatusCode != http.StatusOK {
			return fmt.Errorf("/readyz answers %s", res.Status)
		}
		return nil
	})
}

// kill ends the server as a power cut would.
func (s *site) kill() error {
	if s.server == nil {
		return errors.New("no server runs")
	}
	if err := s.server.Process.Kill(); err != nil {
		return err
	}
	if err := <-s.ended; err == nil {
		return errors.New("the server ended by itself")
	}
	s.server = nil
	return nil
}

// stop ends the server as an administrator would; it must go in good order.
func (s *site) stop() error {
	if s.server == nil {
		return nil
	}
	if err := s.server.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	select {
	case err := <-s.ended:
		s.server = nil
		return err
	case <-time.After(patience):
		return errors.Join(errors.New("the server does not stop"), s.kill())
	}
}

// close stops everything, and reports what the server's log holds against it.
func (s *site) close() error {
	err := errors.Join(s.stop(), s.relay.close())
	log, readErr := os.ReadFile(s.logFile())
	if readErr != nil && !errors.Is(readErr, os.ErrNotExist) {
		err = errors.Join(err, readErr)
	}
	for _, bad := range []string{"DATA RACE", "level=ERROR", "panic: "} {
		if bytes.Contains(log, []byte(bad)) {
			err = errors.Join(err, fmt.Errorf("the server's log has %q", bad))
		}
	}
	return err
}

// stop is a fault that waiting will not mend.
type stop struct{ error }

func (s stop) Unwrap() error { return s.error }

// eventually tries until it works or patience ends; then it tells the last fault.
func eventually(try func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	var last error
	for {
		err := try(ctx)
		if err == nil {
			return nil
		}
		if final, ok := errors.AsType[stop](err); ok {
			return final.error
		}
		if last == nil || ctx.Err() == nil {
			last = err
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("not within %s: %w", patience, last)
		case <-tick.C:
		}
	}
}

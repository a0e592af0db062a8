// Package apptest drives the built program from outside, as those who use it do:
// an installation with its data folder and relay, its process started, stopped
// and killed, its command line, its API and its SMTP listener.
//
// It refuses to know the program's insides: it imports none of its rooms.
package apptest

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

// OwnerPassword is of every owner that a test makes.
const OwnerPassword = "a long and quiet afternoon"

// Patience is how long a test waits for what must come true.
const Patience = 20 * time.Second

// Site is one installation as its administrator has it: a data folder, a
// database, the server's process, and the relay through which it sends. All is
// reached from outside only: command line, HTTP and SMTP.
type Site struct {
	Dir   string
	Env   []string // of every process
	HTTP  string   // host:port
	SMTP  string
	Relay *Relay
	// Troubled has Close overlook errors in the server's log: the test made them.
	Troubled bool

	server *exec.Cmd
	ended  chan error // what the server's process ended with
}

// New prepares an installation in dir; databaseURL is empty for SQLite.
func New(dir, databaseURL string) (*Site, error) {
	r, err := newRelay()
	if err != nil {
		return nil, err
	}
	s := &Site{Dir: dir, Relay: r}
	for _, addr := range []*string{&s.HTTP, &s.SMTP} {
		if *addr, err = FreeAddress(); err != nil {
			return nil, err
		}
	}
	s.Env = []string{
		"PATH=" + filepath.Dir(Binary()) + string(filepath.ListSeparator) + os.Getenv("PATH"), "HOME=" + dir, "TMPDIR=" + os.TempDir(),
		"PARLEY_DATA=" + filepath.Join(dir, "data"), "PARLEY_DATABASE_URL=" + databaseURL,
		"PARLEY_HTTP=" + s.HTTP, "PARLEY_SMTP=" + s.SMTP, "PARLEY_METRICS=", "PARLEY_DNS=off", "PARLEY_MAIL_DOMAIN=in.harbour.example",
		"PARLEY_RELAY_URL=smtp://" + r.addr, "PARLEY_OWNER_PASSWORD=" + OwnerPassword,
		"GORACE=atexit_sleep_ms=10", // else a program with the race detector takes a second to end
	}
	return s, nil
}

// FreeAddress finds a port below those that the system gives to outgoing
// connections, so that it is still free when the server takes it, also after a restart.
func FreeAddress() (string, error) {
	for range 100 {
		addr := fmt.Sprintf("127.0.0.1:%d", 20_000+rand.IntN(12_000))
		l, err := new(net.ListenConfig).Listen(context.Background(), "tcp", addr)
		if err == nil {
			return addr, l.Close()
		}
	}
	return "", errors.New("no free port")
}

// Binary is the program under test: bin/parley where PARLEY_TEST_BINARY names
// it, else the parley that the TestMain of the test has put into PATH.
func Binary() string {
	if path := os.Getenv("PARLEY_TEST_BINARY"); path != "" {
		return path
	}
	path, err := exec.LookPath("parley")
	if err != nil {
		panic(err)
	}
	return path
}

// Run runs one command line to its end and returns what it printed.
func (s *Site) Run(args ...string) (string, error) {
	var out, faults bytes.Buffer
	cmd := exec.CommandContext(context.Background(), Binary(), args...)
	cmd.Env, cmd.Dir, cmd.Stdout, cmd.Stderr = s.Env, s.Dir, &out, &faults
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("parley %s: %w\n%s", strings.Join(args, " "), err, faults.String())
	}
	return out.String(), nil
}

// LogFile is where the server logs.
func (s *Site) LogFile() string { return filepath.Join(s.Dir, "server.log") }

// Serve starts the server and waits until it says that it is ready.
func (s *Site) Serve() error {
	if err := s.Start(); err != nil {
		return err
	}
	return s.Ready()
}

// Start starts the server and waits for nothing.
func (s *Site) Start() error {
	if s.server != nil {
		return errors.New("a server runs already")
	}
	log, err := os.OpenFile(s.LogFile(), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer log.Close()
	cmd := exec.CommandContext(context.Background(), Binary(), "serve") // Kill and Stop end it
	cmd.Env, cmd.Dir, cmd.Stdout, cmd.Stderr = s.Env, s.Dir, log, log
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
	return nil
}

// Ready waits until the server says that it is ready.
func (s *Site) Ready() error {
	return Eventually(func(ctx context.Context) error {
		select {
		case err := <-s.ended:
			s.server = nil
			return Final(fmt.Errorf("the server ended at its start: %w", err))
		default:
		}
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+s.HTTP+"/readyz", nil)
		if err != nil {
			return Final(err)
		}
		res, err := client.Do(req)
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

// Kill ends the server as a power cut would.
func (s *Site) Kill() error {
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

// Stop ends the server as an administrator would; it must go in good order.
func (s *Site) Stop() error {
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
	case <-time.After(Patience):
		return errors.Join(errors.New("the server does not stop"), s.Kill())
	}
}

// Close stops everything, and reports what the server's log holds against it.
func (s *Site) Close() error {
	err := errors.Join(s.Stop(), s.Relay.close())
	log, readErr := os.ReadFile(s.LogFile())
	if readErr != nil && !errors.Is(readErr, os.ErrNotExist) {
		err = errors.Join(err, readErr)
	}
	for _, bad := range []string{"DATA RACE", "level=ERROR", "panic: "} {
		if s.Troubled && bad == "level=ERROR" {
			continue
		}
		if bytes.Contains(log, []byte(bad)) {
			err = errors.Join(err, fmt.Errorf("the server's log has %q", bad))
		}
	}
	return err
}

// final is a fault that waiting will not mend.
type final struct{ error }

func (f final) Unwrap() error { return f.error }

// Final marks a fault as one that waiting will not mend.
func Final(err error) error { return final{err} }

// Eventually tries until it works or Patience ends; then it tells the last fault.
func Eventually(try func(context.Context) error) error { return Within(Patience, try) }

// Within is Eventually with another patience.
func Within(patience time.Duration, try func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	var last error
	for {
		err := try(ctx)
		if err == nil {
			return nil
		}
		if end, ok := errors.AsType[final](err); ok {
			return end.error
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

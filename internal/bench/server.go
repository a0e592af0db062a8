package bench

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// program is the built binary on one database.
type program struct {
	binary string
	data   string
	url    string // of PostgreSQL; empty: SQLite
	relay  string // where it sends mail
}

func (p program) command(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, p.binary, append(args, "--data", p.data)...)
	cmd.Env = append(os.Environ(), "PARLEY_DATABASE_URL="+p.url, "PARLEY_RELAY_URL="+p.relay, "PARLEY_LOG_LEVEL=warn", "PARLEY_METRICS=", "PARLEY_DNS=off", "PARLEY_SECRET_KEY="+strings.Repeat("measured", 5))
	return cmd
}

// run runs an administrator's command and gives what it prints.
func (p program) run(ctx context.Context, args ...string) (string, error) {
	cmd := p.command(ctx, args...)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, os.Stderr
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("parley %s: %w", args[0], err)
	}
	return strings.TrimSpace(out.String()), nil
}

// server is a running program.
type server struct {
	cmd   *exec.Cmd
	http  string // address
	smtp  string
	begun time.Duration // from its start until it was ready
}

// start starts the server and waits until it is ready.
func (p program) start(ctx context.Context) (*server, error) {
	s := &server{http: freePort(ctx), smtp: freePort(ctx)}
	s.cmd = p.command(ctx, "serve", "--http", s.http, "--smtp", s.smtp)
	s.cmd.Stderr = os.Stderr
	begun := time.Now()
	if err := s.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start the server: %w", err)
	}
	for time.Since(begun) < time.Minute {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+s.http+"/readyz", nil)
		if err != nil {
			return nil, err
		}
		if res, err := http.DefaultClient.Do(req); err == nil {
			_, _ = io.Copy(io.Discard, res.Body)
			_ = res.Body.Close()
			if res.StatusCode == http.StatusOK {
				s.begun = time.Since(begun)
				return s, nil
			}
		}
		pause(ctx, time.Millisecond)
	}
	return nil, errors.Join(errors.New("the server was not ready within a minute"), s.stop())
}

func freePort(ctx context.Context) string {
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "127.0.0.1:0"
	}
	defer func() { _ = l.Close() }() // it was only tried
	return l.Addr().String()
}

func (s *server) stop() error {
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	return s.cmd.Wait()
}

// memory is what the server holds of the machine's, in MB.
func (s *server) memory() float64 {
	kb, _ := strconv.ParseFloat(strings.TrimSuffix(field(fmt.Sprintf("/proc/%d/status", s.cmd.Process.Pid), "VmRSS"), " kB"), 64) // 0: not known
	return kb / 1024
}

// cpu is the processor time that the server has used.
func (s *server) cpu() time.Duration {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", s.cmd.Process.Pid))
	if err != nil {
		return 0
	}
	// The second field, in parentheses, may hold spaces; utime and stime are the 14th and 15th.
	_, rest, _ := strings.Cut(string(b), ") ")
	fields := strings.Fields(rest)
	if len(fields) < 13 {
		return 0
	}
	ticks := 0
	for _, f := range fields[11:13] {
		n, _ := strconv.Atoi(f) // of the kernel's own making
		ticks += n
	}
	return time.Duration(ticks) * time.Second / 100
}

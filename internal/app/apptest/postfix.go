package apptest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// Postfix is a real mail server that stands between ours and the world, as a
// company's own does: it takes mail from this machine and passes it on by domain.
type Postfix struct {
	Dir  string
	Addr string // host:port
	cmd  *exec.Cmd
	done chan error
}

// NewPostfix starts one in a folder of its own, on a free loopback port. routes
// says which host:port the mail of a domain goes to; mail of any other domain is
// refused. It must be root: Postfix changes to users of its own.
func NewPostfix(routes map[string]string) (p *Postfix, err error) {
	master, err := program("master")
	if err != nil || os.Getuid() != 0 {
		return nil, ErrNoServer
	}
	dir, err := serverDir("postfix")
	if err != nil {
		return nil, err
	}
	p = &Postfix{Dir: dir}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.RemoveAll(dir))
		}
	}()
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	p.Addr = fmt.Sprintf("127.0.0.1:%d", port)
	if err := p.configure(routes); err != nil {
		return nil, err
	}
	p.cmd = exec.CommandContext(context.Background(), master, "-d", "-c", filepath.Join(dir, "etc"))
	p.cmd.SysProcAttr = endsWithUs()
	p.cmd.Env = append(os.Environ(), "MAIL_CONFIG="+filepath.Join(dir, "etc"))
	if p.done, err = startServer(p.cmd); err != nil {
		return nil, err
	}
	if err := reached(port, p.done); err != nil {
		return nil, errors.Join(err, errors.New(p.Log()))
	}
	return p, nil
}

// folders makes those that it wants, one of them its own user's.
func (p *Postfix) folders() error {
	etc, data := filepath.Join(p.Dir, "etc"), filepath.Join(p.Dir, "data")
	for _, dir := range []string{etc, data, filepath.Join(p.Dir, "spool")} {
		if err := os.Mkdir(dir, 0o755); err != nil { //nolint:gosec // Postfix's own users read it
			return err
		}
	}
	who, err := user.Lookup("postfix")
	if err != nil {
		return err
	}
	uid, err := strconv.Atoi(who.Uid)
	if err != nil {
		return err
	}
	return os.Chown(data, uid, -1)
}

// configure writes its folders and files.
func (p *Postfix) configure(routes map[string]string) error {
	if err := p.folders(); err != nil {
		return err
	}
	etc := filepath.Join(p.Dir, "etc")
	var domains, transports []string
	for domain, to := range routes {
		host, port, _ := strings.Cut(to, ":")
		domains = append(domains, domain)
		transports = append(transports, fmt.Sprintf("%s smtp:[%s]:%s", domain, host, port))
	}
	slices.Sort(domains)
	files := map[string]string{
		"main.cf":   p.mainCF(domains),
		"master.cf": p.masterCF(),
		"transport": strings.Join(transports, "\n") + "\n",
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(etc, name), []byte(text), 0o644); err != nil { //nolint:gosec // as above
			return err
		}
	}
	if err := run("postfix", "-c", etc, "check"); err != nil {
		return errors.Join(err, errors.New(p.Log()))
	}
	return nil
}

func (p *Postfix) mainCF(domains []string) string {
	return strings.Join([]string{
		"compatibility_level = 3.6",
		"queue_directory = " + filepath.Join(p.Dir, "spool"),
		"data_directory = " + filepath.Join(p.Dir, "data"),
		"maillog_file = " + filepath.Join(p.Dir, "mail.log"),
		"maillog_file_prefixes = " + p.Dir,
		"inet_interfaces = 127.0.0.1",
		"inet_protocols = ipv4",
		"mynetworks = 127.0.0.0/8",
		"myhostname = mx.harbour.example",
		"mydestination =",
		"alias_maps =",
		"relay_domains = " + strings.Join(domains, ", "),
		"relay_transport = error:nobody knows the way",
		"transport_maps = texthash:" + filepath.Join(p.Dir, "etc", "transport"),
		"smtpd_relay_restrictions = reject_unauth_destination",
		"smtp_dns_support_level = disabled",
		"smtp_host_lookup = native",
		"minimal_backoff_time = 1s",
		"queue_run_delay = 1s",
		"message_size_limit = 60000000",
		"",
	}, "\n")
}

// masterCF names its parts; none of them is shut in a folder: that would want the system's files copied there.
func (p *Postfix) masterCF() string {
	_, port, _ := strings.Cut(p.Addr, ":")
	return strings.Join([]string{
		"127.0.0.1:" + port + " inet n - n - - smtpd",
		"pickup unix n - n 60 1 pickup",
		"cleanup unix n - n - 0 cleanup",
		"qmgr unix n - n 1 1 qmgr",
		"tlsmgr unix - - n 1000? 1 tlsmgr",
		"rewrite unix - - n - - trivial-rewrite",
		"bounce unix - - n - 0 bounce",
		"defer unix - - n - 0 bounce",
		"trace unix - - n - 0 bounce",
		"verify unix - - n - 1 verify",
		"proxymap unix - - n - - proxymap",
		"smtp unix - - n - - smtp",
		"error unix - - n - - error",
		"retry unix - - n - - error",
		"discard unix - - n - - discard",
		"anvil unix - - n - 1 anvil",
		"scache unix - - n - 1 scache",
		"showq unix n - n - - showq",
		"postlog unix-dgram n - n - 1 postlogd",
		"",
	}, "\n")
}

func run(name string, args ...string) error {
	path, err := program(name)
	if err != nil {
		return err
	}
	out, err := exec.CommandContext(context.Background(), path, args...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("%s %s: %w\n%s", name, strings.Join(args, " "), err, out)
	}
	return nil
}

// Log is what it has written down.
func (p *Postfix) Log() string {
	text, err := os.ReadFile(filepath.Join(p.Dir, "mail.log"))
	if err != nil {
		return err.Error()
	}
	return string(text)
}

// Close stops it and all that it started.
func (p *Postfix) Close() error {
	return errors.Join(stopServer(p.cmd, p.done), os.RemoveAll(p.Dir))
}

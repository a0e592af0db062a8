package apptest

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Certificate is a self-signed one for 127.0.0.1 and localhost, in files.
type Certificate struct {
	Cert, Key string
	Pool      *x509.CertPool
}

// NewCertificate makes one in dir.
func NewCertificate(dir string) (Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return Certificate{}, err
	}
	now := time.Now()
	template := x509.Certificate{
		SerialNumber: big.NewInt(now.UnixNano()), Subject: pkix.Name{CommonName: "localhost"}, NotBefore: now.Add(-time.Hour), NotAfter: now.Add(24 * time.Hour),
		DNSNames: []string{"localhost"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, &template, &template, &key.PublicKey, key)
	if err != nil {
		return Certificate{}, err
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return Certificate{}, err
	}
	c := Certificate{Cert: filepath.Join(dir, "cert.pem"), Key: filepath.Join(dir, "key.pem"), Pool: x509.NewCertPool()}
	public := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	c.Pool.AppendCertsFromPEM(public)
	return c, errors.Join(os.WriteFile(c.Cert, public, 0o600), os.WriteFile(c.Key, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret}), 0o600))
}

// program finds a server that may stand where not everybody's PATH leads.
func program(name string) (string, error) {
	for _, dir := range []string{"/usr/sbin", "/usr/lib/postfix/sbin"} {
		if path := filepath.Join(dir, name); executable(path) {
			return path, nil
		}
	}
	return exec.LookPath(name)
}

func executable(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode()&0o111 != 0
}

// Dovecot is a real IMAP server with one Maildir for each user.
type Dovecot struct {
	Dir   string
	Cert  Certificate
	Port  int // STARTTLS
	PortS int // TLS from the first byte
	cmd   *exec.Cmd
	done  chan error

	uid, gid int // whose the mail is
}

// DovecotPassword is that of every user.
const DovecotPassword = "a-quiet-harbour"

// ErrNoServer says that the program is not installed: scripts/install-deps does that.
var ErrNoServer = errors.New("this server is not installed")

// NewDovecot starts one in a folder of its own, on free loopback ports. tokenInfo is an address
// that says whose access token it is asked about (RFC 7662); empty: nobody signs in so.
func NewDovecot(tokenInfo string) (d *Dovecot, err error) {
	path, err := program("dovecot")
	if err != nil {
		return nil, ErrNoServer
	}
	dir, err := serverDir("dovecot")
	if err != nil {
		return nil, err
	}
	d = &Dovecot{Dir: dir}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.RemoveAll(dir))
		}
	}()
	if d.Cert, err = NewCertificate(dir); err != nil {
		return nil, err
	}
	for _, port := range []*int{&d.Port, &d.PortS} {
		if *port, err = freePort(); err != nil {
			return nil, err
		}
	}
	as, login, group, err := d.users()
	if err != nil {
		return nil, err
	}
	mail := filepath.Join(dir, "mail")
	if err := errors.Join(os.Mkdir(mail, 0o700), d.own(mail)); err != nil {
		return nil, err
	}
	conf := filepath.Join(dir, "dovecot.conf")
	if err := os.WriteFile(conf, []byte(d.config(tokenInfo, as, login, group)), 0o600); err != nil {
		return nil, err
	}
	d.cmd = exec.CommandContext(context.Background(), path, "-F", "-c", conf)
	d.cmd.SysProcAttr = endsWithUs()
	d.cmd.Dir = dir
	if d.done, err = startServer(d.cmd); err != nil {
		return nil, err
	}
	if err := reached(d.PortS, d.done); err != nil {
		return nil, errors.Join(err, errors.New(d.Log()))
	}
	return d, nil
}

// serverDir makes a folder for a server. Root's own temporary folder may be closed
// to those as whom the server's parts run.
func serverDir(name string) (string, error) {
	base := ""
	if os.Getuid() == 0 {
		base = "/tmp"
	}
	dir, err := os.MkdirTemp(base, "parley-"+name+"-")
	if err != nil {
		return "", err
	}
	return dir, os.Chmod(dir, 0o755) //nolint:gosec // as said: it holds nothing but the test's
}

// users are as whom its parts run: as us, or, where we are root, as those that
// its package has made, for some of them refuse to be root.
func (d *Dovecot) users() (as, login, group string, err error) {
	who, err := user.Current()
	login = "dovenull"
	if err == nil && who.Uid == "0" {
		who, err = user.Lookup("dovecot")
	} else if err == nil {
		login = who.Username
	}
	if err != nil {
		return "", "", "", err
	}
	of, err := user.LookupGroupId(who.Gid)
	if err != nil {
		return "", "", "", err
	}
	var faults [2]error
	d.uid, faults[0] = strconv.Atoi(who.Uid)
	d.gid, faults[1] = strconv.Atoi(who.Gid)
	return who.Username, login, of.Name, errors.Join(faults[:]...)
}

// own gives a file or folder to whom the mail belongs.
func (d *Dovecot) own(path string) error {
	if os.Getuid() != 0 {
		return nil
	}
	return os.Chown(path, d.uid, d.gid)
}

func freePort() (int, error) {
	addr, err := FreeAddress()
	if err != nil {
		return 0, err
	}
	at, err := net.ResolveTCPAddr("tcp", addr)
	if err != nil {
		return 0, err
	}
	return at.Port, nil
}

// reached waits until something listens, or ended tells that it never will.
func reached(port int, ended chan error) error {
	return Eventually(func(ctx context.Context) error {
		select {
		case err := <-ended:
			ended <- err
			return Final(fmt.Errorf("the server ended: %w", err))
		default:
		}
		conn, err := new(net.Dialer).DialContext(ctx, "tcp", fmt.Sprintf("127.0.0.1:%d", port))
		if err != nil {
			return err
		}
		return conn.Close()
	})
}

func (d *Dovecot) config(tokenInfo, as, login, group string) string {
	oauth := ""
	if tokenInfo != "" {
		file := filepath.Join(d.Dir, "oauth.conf")
		_ = os.WriteFile(file, []byte("tokeninfo_url = "+tokenInfo+"\nusername_attribute = email\n"), 0o600) // Dovecot says so if it is not there
		oauth = "passdb {\n driver = oauth2\n mechanisms = xoauth2 oauthbearer\n args = " + file + "\n}\n"
	}
	r := strings.NewReplacer("DIR", d.Dir, "USER", as, "LOGIN", login, "GROUP", group, "UID", fmt.Sprint(d.uid), "GID", fmt.Sprint(d.gid),
		"PORTS", fmt.Sprint(d.PortS), "PORT", fmt.Sprint(d.Port), "PASSWORD", DovecotPassword, "OAUTH", oauth)
	return r.Replace(`base_dir = DIR/run
state_dir = DIR/state
log_path = DIR/dovecot.log
protocols = imap
listen = 127.0.0.1
ssl = required
ssl_cert = <DIR/cert.pem
ssl_key = <DIR/key.pem
mail_location = maildir:DIR/mail/%u
mailbox_list_index = no
first_valid_uid = 0
default_internal_user = USER
default_login_user = LOGIN
default_internal_group = GROUP
auth_mechanisms = plain login xoauth2
auth_failure_delay = 0
OAUTHpassdb {
 driver = static
 mechanisms = plain login
 args = password=PASSWORD
}
userdb {
 driver = static
 args = uid=UID gid=GID home=DIR/home/%u
}
service imap-login {
 chroot =
 inet_listener imap {
  port = PORT
 }
 inet_listener imaps {
  port = PORTS
  ssl = yes
 }
}
service anvil {
 chroot =
}
`)
}

// Deliver puts a mail into a user's INBOX, as a delivery agent does.
func (d *Dovecot) Deliver(user, name string, body []byte) error {
	dir := filepath.Join(d.Dir, "mail", user)
	if _, err := os.Stat(dir); err != nil {
		for _, path := range []string{dir, filepath.Join(dir, "tmp"), filepath.Join(dir, "cur"), filepath.Join(dir, "new")} {
			if err := errors.Join(os.MkdirAll(path, 0o700), d.own(path)); err != nil {
				return err
			}
		}
	}
	tmp := filepath.Join(dir, "tmp", name)
	if err := errors.Join(os.WriteFile(tmp, body, 0o600), d.own(tmp)); err != nil {
		return err
	}
	return os.Rename(tmp, filepath.Join(dir, "new", name))
}

// Date makes a delivered mail as old as if it had come at that time.
func (d *Dovecot) Date(user, name string, at time.Time) error {
	return os.Chtimes(filepath.Join(d.Dir, "mail", user, "new", name), at, at)
}

// Renumber makes a user's mailbox forget its UIDs: UIDVALIDITY changes, as after a
// move to another server.
func (d *Dovecot) Renumber(user string) error {
	dir := filepath.Join(d.Dir, "mail", user)
	entries, err := os.ReadDir(dir)
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), "dovecot") {
			err = errors.Join(err, os.Remove(filepath.Join(dir, e.Name())))
		}
	}
	list := fmt.Sprintf("3 V%d N1 G%032x\n", time.Now().Unix()+int64(len(entries)), time.Now().UnixNano())
	path := filepath.Join(dir, "dovecot-uidlist")
	return errors.Join(err, os.WriteFile(path, []byte(list), 0o600), d.own(path))
}

// Mails are the names of the files in a user's INBOX: a ":2,S" at the end says that one was seen.
func (d *Dovecot) Mails(user string) (names []string, err error) {
	for _, sub := range []string{"new", "cur"} {
		entries, failed := os.ReadDir(filepath.Join(d.Dir, "mail", user, sub))
		err = errors.Join(err, failed)
		for _, e := range entries {
			names = append(names, e.Name())
		}
	}
	return names, err
}

// Log is what it says of itself.
func (d *Dovecot) Log() string {
	log, err := os.ReadFile(filepath.Join(d.Dir, "dovecot.log"))
	if err != nil {
		return err.Error()
	}
	return string(log)
}

// Close stops it and all that it started.
func (d *Dovecot) Close() error {
	return errors.Join(stopServer(d.cmd, d.done), os.RemoveAll(d.Dir))
}

// startServer starts cmd; what it ends with is told.
func startServer(cmd *exec.Cmd) (ended chan error, err error) {
	ended = make(chan error, 1)
	started := make(chan error)
	go func() {
		// The kernel watches the thread that starts a process, so it must live as long.
		runtime.LockOSThread()
		err := cmd.Start()
		started <- err
		if err == nil {
			ended <- cmd.Wait()
		}
	}()
	return ended, <-started
}

func stopServer(cmd *exec.Cmd, done <-chan error) error {
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	select {
	case err := <-done:
		if _, told := errors.AsType[*exec.ExitError](err); !told {
			return err
		}
		return nil // what it says of having been stopped is of no interest
	case <-time.After(Patience):
		return errors.Join(errors.New("the server does not stop"), cmd.Process.Kill())
	}
}

package intake_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"parley/internal/blob"
	"parley/internal/channel/email"
	"parley/internal/conversation"
	"parley/internal/parley"
	"parley/internal/setting"
	"parley/internal/store"
	"parley/internal/store/storetest"
	"parley/internal/thread"
)

const (
	benchSenders = 16
	benchAnswers = 64 // how many mails lie between a mail and the answer to it
)

// mill is an office of a size, with an SMTP listener, at the time that it is.
type mill struct {
	*office
	name string // of this run alone: in all addresses and Message-IDs
	addr string
}

func newMill(b *testing.B) *mill {
	b.Helper()
	place, _ := storetest.BenchPlace(b)
	m := &mill{name: storetest.Unique(), office: &office{
		t: b, clock: &clock{now: time.Now().UTC().Truncate(time.Microsecond)}, doors: &doors{}, log: &strings.Builder{}, signer: thread.Signer{Keys: [][]byte{[]byte("a key for tests")}},
	}}
	m.db = storetest.OpenAt(b, place, func(o *store.Options) { o.Readers = 0 })
	disk, err := blob.Disk(b.TempDir())
	if err != nil {
		b.Fatal(err)
	}
	m.blobs = blob.NewSplit(m.db, disk)
	m.settings = setting.New(setting.Options{DB: m.db, MailDomain: mailDomain, Now: time.Now})
	m.conversations = conversation.New(m.db, m.settings)
	m.owner = storetest.BenchAccount(b, place, m.db)
	m.account.ID = m.owner.AccountID
	m.inbox, err = m.settings.CreateInbox(b.Context(), m.owner, setting.InboxChange{Name: new("Support " + m.name)})
	if err != nil {
		b.Fatal(err)
	}
	m.support = m.channel(m.name + "@harbour.example")
	m.restart()
	m.listen(b)
	return m
}

// Lookup implements channel.Directory.
func (m *mill) Lookup(context.Context, string) (parley.ChannelID, error) { return m.support.ID, nil }

func (m *mill) listen(b *testing.B) {
	b.Helper()
	l, err := email.NewListener(b.Context(), email.ListenerConfig{Addr: "127.0.0.1:0", Directory: m, Sink: m.intake})
	if err != nil {
		b.Fatal(err)
	}
	m.addr = l.Addr().String()
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- l.Serve(ctx) }()
	b.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			b.Error(err)
		}
	})
}

// mail is what business mail looks like: text and HTML, some kilobytes. Every
// second one is a person's first, every other the answer of somebody who wrote before.
func (m *mill) mail(n int) string {
	person, header := n, ""
	if n%2 == 1 && n > benchAnswers {
		person = n - 1 - benchAnswers
		header = fmt.Sprintf("In-Reply-To: <%d.%s@x.test>\nReferences: <%d.%s@x.test>\n", person, m.name, person, m.name)
	}
	text := strings.Repeat(fmt.Sprintf("We would like to know whether the blue one (%d) is still to be had, and when.\n", n), 20)
	html := strings.Repeat("<p style=\"color:#333\">We would like to know whether the <b>blue</b> one is still to be had, and when.</p>\n", 20)
	return fmt.Sprintf("From: Person %d <p%d.%s@x.test>\nTo: %s\nSubject: Question %d\nMessage-ID: <%d.%s@x.test>\nDate: Mon, 2 Mar 2026 08:59:00 +0000\n%sMIME-Version: 1.0\n"+
		"Content-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/plain; charset=utf-8\n\n%s\n--b\nContent-Type: text/html; charset=utf-8\n\n%s\n--b--\n",
		person, person, m.name, m.support.Address, person, n, m.name, header, text, html)
}

// cpu is the processor time that this process has used.
func cpu(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func report(b *testing.B, start time.Time, used time.Duration) {
	b.Helper()
	b.ReportMetric(float64(b.N)/time.Since(start).Seconds(), "mails/s")
	b.ReportMetric(float64((cpu(b)-used).Microseconds())/float64(b.N)/1000, "cpu-ms/mail")
}

// BenchmarkAccept: 16 SMTP connections, each mail durable before its answer.
//
//	go test ./internal/intake -run - -bench Accept -benchtime 3000x
func BenchmarkAccept(b *testing.B) {
	m := newMill(b)
	start, used := time.Now(), cpu(b)
	m.pour(b, b.N)
	report(b, start, used)
}

// BenchmarkMailIn: from the first connection of 16 until the last mail is filed.
// PARLEY_BENCH_DATABASE names a seeded database to do it in.
//
//	go test ./internal/intake -run - -bench MailIn -benchtime 3000x
func BenchmarkMailIn(b *testing.B) {
	m := newMill(b)
	stop := m.run()
	defer stop()
	start, used := time.Now(), cpu(b)
	m.pour(b, b.N)
	m.settled()
	report(b, start, used)
}

// pour sends n mails over so many SMTP connections.
func (m *mill) pour(b *testing.B, n int) {
	b.Helper()
	mails := make([]string, n)
	for i := range mails {
		mails[i] = strings.ReplaceAll(m.mail(i), "\n", "\r\n") + ".\r\n"
	}
	b.ResetTimer()
	var next atomic.Int64
	var wg sync.WaitGroup
	for range benchSenders {
		wg.Go(func() {
			c, err := net.Dial("tcp", m.addr)
			if err != nil {
				b.Error(err)
				return
			}
			defer c.Close()
			r := bufio.NewReader(c)
			say(b, c, r, "", "220")
			say(b, c, r, "EHLO bench.test\r\n", "250")
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				// RFC 2920: the envelope in one go.
				say(b, c, r, "MAIL FROM:<sender@x.test>\r\nRCPT TO:<"+m.support.Address+">\r\nDATA\r\n", "250", "250", "354")
				say(b, c, r, mails[i], "250")
			}
		})
	}
	wg.Wait()
}

// say sends and reads a reply for each code that is expected.
func say(b *testing.B, w io.Writer, r *bufio.Reader, line string, codes ...string) {
	b.Helper()
	if _, err := io.WriteString(w, line); err != nil {
		b.Error(err)
	}
	for _, code := range codes {
		for {
			got, err := r.ReadString('\n')
			if err != nil || !strings.HasPrefix(got, code) {
				b.Errorf("%s, %v; want %s", got, err, code)
				return
			}
			if got[3] != '-' {
				break
			}
		}
	}
}

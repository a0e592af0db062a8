package bench

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"github.com/emersion/go-smtp"
)

const (
	minReply = 1000
	minMail  = 500
	maxCPU   = 2 * time.Millisecond // of one mail
)

// relay takes what the product sends, and keeps nothing.
type relay struct {
	addr   string
	server *smtp.Server
}

func newRelay(ctx context.Context) (*relay, error) {
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return sink{}, nil }))
	s.Domain = "relay.example"
	go func() { _ = s.Serve(l) }() // ends with close
	return &relay{l.Addr().String(), s}, nil
}

func (r *relay) close() error { return r.server.Close() }

type sink struct{}

func (sink) Mail(string, *smtp.MailOptions) error { return nil }
func (sink) Rcpt(string, *smtp.RcptOptions) error { return nil }
func (sink) Data(r io.Reader) error {
	_, err := io.Copy(io.Discard, r)
	return err
}
func (sink) Reset()        {}
func (sink) Logout() error { return nil }

// each sets the rate of a figure whose work was done many times at once.
func each(f Figure, together int) *Figure {
	f.N *= together
	f.Rate *= float64(together)
	return &f
}

func (r *run) replies(ctx context.Context) error {
	body := map[string]any{"kind": "reply", "text": "Thank you for your message. The parts are in stock and the repair is ready on Monday morning; please confirm the date."}
	f, err := r.ours(ctx, func(ctx context.Context, n int) error {
		return r.api.call(ctx, http.MethodPost, fmt.Sprintf("/conversations/%d/messages", r.open[n%len(r.open)]), body, nil)
	})
	if err != nil {
		return err
	}
	if err := r.quiet(ctx); err != nil {
		return err
	}
	together := r.plain.Together(r.Clients)
	plain, err := closed(ctx, r.plain.Writers(r.Clients), r.Span/2, r.plain.Reply(r.open, together))
	if err != nil {
		return fmt.Errorf("in plain SQL: %w", err)
	}
	row := Row{Work: "reply", Ours: &f, Plain: each(plain, together)}
	atLeast(minReply, true)(&row)
	r.add(row)
	return nil
}

// quiet waits until nothing is left to be sent or filed: the server has not
// worked for a while.
func (r *run) quiet(ctx context.Context) error {
	for used := time.Duration(-1); ctx.Err() == nil; {
		now := r.server.cpu()
		if now-used < 50*time.Millisecond && used >= 0 {
			return nil
		}
		used = now
		pause(ctx, time.Second)
	}
	return ctx.Err()
}

var serial atomic.Int64

// letter is a mail of two kilobytes, as mail programs write them.
func letter(to string, n int64) []byte {
	para := "Thank you for the quick answer. The chain arrived on Tuesday and fits, but the brakes still need a look; could the workshop see to it before the weekend?\r\n"
	from := fmt.Sprintf("bench%d@post.example", n%2000)
	return []byte(fmt.Sprintf("From: Bench Writer <%s>\r\nTo: %s\r\nSubject: Repair %d\r\nMessage-ID: <bench-%d-%d@post.example>\r\nDate: %s\r\nMIME-Version: 1.0\r\n"+
		"Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n%s\r\n--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<div><p>%s</p></div>\r\n--b--\r\n",
		from, to, n, time.Now().UnixNano(), n, time.Now().Format(time.RFC1123Z), strings.Repeat(para, 5), strings.Repeat(para, 5)))
}

// write hands one mail over, on a connection of its own client.
func write(c *smtp.Client, to string, raw []byte) error {
	if err := c.Mail("bench@post.example", nil); err != nil {
		return err
	}
	if err := c.Rcpt(to, nil); err != nil {
		return err
	}
	w, err := c.Data()
	if err != nil {
		return err
	}
	if _, err := w.Write(raw); err != nil {
		return err
	}
	return w.Close()
}

// mail measures from the first mail on the wire until the last one stands in its conversation.
func (r *run) mail(ctx context.Context) error {
	clients := make(chan *smtp.Client, r.Clients)
	defer func() {
		for len(clients) > 0 {
			_ = (<-clients).Close() // they have said all
		}
	}()
	for range r.Clients {
		c, err := smtp.Dial(r.server.smtp)
		if err != nil {
			return err
		}
		clients <- c
	}
	before, cpu := serial.Load(), r.server.cpu()
	begun := time.Now()
	accepted, err := closed(ctx, r.Clients, r.Span, func(context.Context, int) error {
		c := <-clients
		defer func() { clients <- c }()
		return write(c, r.channel, letter(r.channel, serial.Add(1)))
	})
	if err != nil {
		return err
	}
	if err := r.filed(ctx); err != nil {
		return err
	}
	n := serial.Load() - before
	end := Figure{N: int(n), Rate: float64(n) / time.Since(begun).Seconds(), P50: accepted.P50, P95: accepted.P95, P99: accepted.P99}
	cost := (r.server.cpu() - cpu) / time.Duration(n)
	together := r.plain.Together(r.Clients)
	plain, err := closed(ctx, r.plain.Writers(r.Clients), r.Span/2, r.plain.Mail(r.open, together, letter(r.channel, 1)))
	if err != nil {
		return fmt.Errorf("in plain SQL: %w", err)
	}
	row := Row{Work: "mail in, until it is filed (times: until it is accepted)", Ours: &end, Plain: each(plain, together)}
	atLeast(minMail, true)(&row)
	r.add(row)
	r.add(limited("processor time of one mail", short(cost), "≤ "+short(maxCPU), float64(cost)/float64(maxCPU)))
	return nil
}

// filed waits until nothing is pending in the journal.
func (r *run) filed(ctx context.Context) error {
	for {
		var sums struct{ Accepted, Filed, Failed, Pending int64 }
		if err := r.api.call(ctx, http.MethodGet, "/intake", nil, &sums); err != nil {
			return err
		}
		switch {
		case sums.Failed > 0:
			return fmt.Errorf("%d mails could not be filed", sums.Failed)
		case sums.Pending == 0:
			return nil
		}
		pause(ctx, 5*time.Millisecond)
	}
}

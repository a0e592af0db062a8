package demo

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/emersion/go-smtp"

	"parley/internal/parley"
)

// CustomerConfig says where the customer's side listens. The zero value is fine
// for tests: free ports of this machine.
type CustomerConfig struct {
	HTTP string           // of the page, host:port [127.0.0.1:0]
	SMTP string           // of the relay that the product sends through [127.0.0.1:0]
	Air  string           // of the carrier that the product's numbers are of [127.0.0.1:0]
	Now  func() time.Time // nil: time.Now
	Log  *slog.Logger     // nil: none
}

// Product is what the customer's side knows of the product: what any sender knows, and
// what the page tells its reader.
type Product struct {
	SMTP     string // host:port where it receives mail
	URL      string // of the web app
	Email    string // with these one signs in
	Password string
	// Addresses are those of the business as they are now.
	Addresses func(context.Context) (Addresses, error)
}

// Addresses are where mail of the business goes.
type Addresses struct {
	Channels []Reachable      // people write to them
	Team     parley.Addresses // the users' own: the product writes to them
	Domains  []string         // whose mail the product receives
	Numbers  []Number         // people text to them
}

// Number is a channel that is a number of this side's carrier.
type Number struct {
	Reachable
	Hook string // what the carrier calls, below the product's address
}

// Reachable is a channel as people see it.
type Reachable struct {
	Name    string `json:"name"`
	Address string `json:"address"`
}

// Customer is the customer's side: mailboxes and phones of invented people, behind a
// page, a mail server and a carrier of their own.
type Customer struct {
	now     func() time.Time
	log     *slog.Logger
	newID   func() string
	box     *postbox
	page    net.Listener
	mail    net.Listener
	air     net.Listener
	phones  *phones
	hosts   sync.Map // see internet
	product Product
}

// NewCustomer binds the addresses, so that they can be told to the product
// before it starts. What comes in waits until Run.
func NewCustomer(ctx context.Context, cfg CustomerConfig) (*Customer, error) {
	c := &Customer{now: cfg.Now, log: cfg.Log, newID: rand.Text, box: newPostbox()}
	if c.now == nil {
		c.now = time.Now
	}
	if c.log == nil {
		c.log = slog.New(slog.DiscardHandler)
	}
	var err error
	if c.page, err = listen(ctx, cfg.HTTP); err != nil {
		return nil, fmt.Errorf("customer's page: %w", err)
	}
	if c.mail, err = listen(ctx, cfg.SMTP); err != nil {
		return nil, errors.Join(fmt.Errorf("customer's mail: %w", err), c.page.Close())
	}
	if c.air, err = listen(ctx, cfg.Air); err != nil {
		return nil, errors.Join(fmt.Errorf("customer's carrier: %w", err), c.page.Close(), c.mail.Close())
	}
	c.phones = newPhones(c.CarrierURL(), c)
	for _, n := range ownNumbers {
		c.phones.carrier.AddNumber(n)
	}
	return c, nil
}

func listen(ctx context.Context, addr string) (net.Listener, error) {
	if addr == "" {
		addr = "127.0.0.1:0"
	}
	var lc net.ListenConfig
	return lc.Listen(ctx, "tcp", addr)
}

// Addr is where the page listens.
func (c *Customer) Addr() net.Addr { return c.page.Addr() }

// URL is the page's address.
func (c *Customer) URL() string { return "http://" + c.page.Addr().String() + "/" }

// RelayURL is the relay that the product is to send through.
func (c *Customer) RelayURL() string { return "smtp://" + c.mail.Addr().String() }

func (c *Customer) server(ctx context.Context, h http.Handler) *http.Server {
	return &http.Server{
		Handler: h, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: time.Minute,
		BaseContext: func(net.Listener) context.Context { return ctx }, // ends the streams
		ErrorLog:    slog.NewLogLogger(c.log.Handler(), slog.LevelWarn),
	}
}

// stopTime is how long requests may go on once the end has come.
const stopTime = time.Second

// Run serves the page and the mail server until ctx ends or one of them gives up.
func (c *Customer) Run(ctx context.Context, p Product) error {
	c.product = p
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	page, air := c.server(ctx, c.handler()), c.server(ctx, c.phones.carrier)
	mails := c.mailServer(ctx)
	var wg sync.WaitGroup
	for what, s := range map[string]func() error{"page": func() error { return page.Serve(c.page) }, "carrier": func() error { return air.Serve(c.air) }} {
		wg.Go(func() {
			if err := s(); !errors.Is(err, http.ErrServerClosed) {
				stop(fmt.Errorf("customer's %s: %w", what, err))
			}
		})
	}
	wg.Go(func() {
		if err := mails.Serve(c.mail); err != nil && !errors.Is(err, smtp.ErrServerClosed) {
			stop(fmt.Errorf("customer's mail: %w", err))
		}
	})
	<-ctx.Done()
	end, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTime)
	defer cancel()
	for _, s := range []*http.Server{page, air} {
		if err := s.Shutdown(end); err != nil {
			_ = s.Close() // what did not end in time is cut off
		}
	}
	c.phones.carrier.Close()
	_ = mails.Close() // connections that the product keeps for the next mail never end by themselves
	_ = c.mail.Close()
	wg.Wait()
	if err := context.Cause(ctx); !errors.Is(err, context.Canceled) {
		return err
	}
	return nil
}

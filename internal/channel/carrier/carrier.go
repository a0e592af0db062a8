// Package carrier is a provider of telephone numbers with the phones at their other
// end, all of it in memory. It speaks Twilio's wire format: the product sends to it
// and is called by it as by Twilio itself. The demo shows its phones, and tests make
// it refuse, dawdle, repeat itself and lose its order.
//
// It owns what a provider owns: the numbers of an account, what phones have got and
// written, who has said STOP, and the pictures. It refuses to know the product: it
// shares no code with what it is to try but the counting of segments, least of all the making of signatures.
package carrier

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// OptOut says who deals with STOP, START and HELP.
type OptOut int

// The ways.
const (
	// OptOutDefault: the carrier remembers and answers, and its calls say nothing of that.
	OptOutDefault OptOut = iota
	// OptOutAdvanced: so it does, and its calls say so (OptOutType).
	OptOutAdvanced
	// OptOutOff: the words mean nothing to the carrier.
	OptOutOff
)

// Config is what a Carrier is made from. Zero values stand for what is in brackets.
type Config struct {
	AccountSID string       // [AC and 32 zeros]
	AuthToken  string       // [token]
	BaseURL    string       // where it is served; pictures lie there; see Locate
	HTTP       *http.Client // makes its calls [http.DefaultClient]
	Log        *slog.Logger // [none]
	Now        func() time.Time
	// After runs f once d is over. Nil: by the clock, until Close. A test that gives
	// a Queue decides itself when something happens.
	After  func(d time.Duration, f func())
	Pace   time.Duration // between two states of a text [200 ms]
	OptOut OptOut
}

// Number is one of the account's.
type Number struct {
	Number   string // E.164
	Name     string
	MMS      bool
	URL      string // called for what comes in; empty: nobody is
	Services []string
}

// Media is a picture or another file of a text.
type Media struct {
	ContentType string
	Body        []byte
}

// Text is one that a phone has written, or was sent.
type Text struct {
	SID       string
	From, To  string
	Body      string
	Media     []Media
	At        time.Time
	Written   bool   // by a phone; else the phone's number was written to
	Taken     bool   // it was written, and the call for it was answered with 2xx
	Status    string // of what was sent: queued, sent, delivered, undelivered, failed
	ErrorCode int

	callback string
	service  string
}

// Carrier is the provider. It is an http.Handler: its API. It is safe for concurrent use.
type Carrier struct {
	cfg Config
	api http.Handler
	ctx context.Context //nolint:containedctx // it ends the calls that are under way when the carrier is closed
	end context.CancelFunc
	wg  sync.WaitGroup // what runs by the clock

	mu      sync.Mutex
	base    string
	closed  bool
	timers  map[*time.Timer]bool
	numbers []Number
	texts   []*Text
	behave  map[string]Behaviour
	stopped map[[2]string]bool // a number or messaging service, and the phone that wants nothing of it
	calls   int
	changed chan struct{} // closed and replaced
	serial  int
}

// New makes a Carrier. Close ends it.
func New(c Config) *Carrier {
	if c.AccountSID == "" {
		c.AccountSID = "AC" + strings.Repeat("0", 32)
	}
	if c.AuthToken == "" {
		c.AuthToken = "token"
	}
	if c.HTTP == nil {
		c.HTTP = http.DefaultClient
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Pace == 0 {
		c.Pace = 200 * time.Millisecond
	}
	x := &Carrier{
		cfg: c, base: strings.TrimRight(c.BaseURL, "/"), timers: map[*time.Timer]bool{}, behave: map[string]Behaviour{},
		stopped: map[[2]string]bool{}, changed: make(chan struct{}),
	}
	x.ctx, x.end = context.WithCancel(context.Background())
	x.api = x.routes()
	return x
}

// ServeHTTP implements http.Handler.
func (c *Carrier) ServeHTTP(w http.ResponseWriter, r *http.Request) { c.api.ServeHTTP(w, r) }

// Locate says where the carrier is served, if that is known only once it is.
func (c *Carrier) Locate(base string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.base = strings.TrimRight(base, "/")
}

// Close ends what waits or is under way, and returns when all of it has.
func (c *Carrier) Close() {
	c.mu.Lock()
	c.closed = true
	for t := range c.timers {
		if t.Stop() {
			c.wg.Done()
		}
	}
	clear(c.timers)
	c.mu.Unlock()
	c.end()
	c.wg.Wait()
}

// after runs f once d is over, unless the carrier is closed by then.
func (c *Carrier) after(d time.Duration, f func()) {
	if c.cfg.After != nil {
		c.cfg.After(d, f)
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return
	}
	c.wg.Add(1)
	var t *time.Timer
	t = time.AfterFunc(d, func() {
		defer c.wg.Done()
		c.mu.Lock() // held until t is set
		delete(c.timers, t)
		c.mu.Unlock()
		f()
	})
	c.timers[t] = true
}

// AddNumber adds a number to the account, or changes one of it.
func (c *Carrier) AddNumber(n Number) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if i := slices.IndexFunc(c.numbers, func(x Number) bool { return x.Number == n.Number }); i >= 0 {
		c.numbers[i] = n
		return
	}
	c.numbers = append(c.numbers, n)
}

// Texts are those that the phone of a number has written or got, oldest first: what
// it shows. Those that never reached it are among them, with their fault.
func (c *Carrier) Texts(phone string) (out []Text) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, t := range c.texts {
		if t.Written && t.From == phone || !t.Written && t.To == phone {
			out = append(out, *t)
		}
	}
	return out
}

// Phones are the numbers that have written or were sent something.
func (c *Carrier) Phones() (out []string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, t := range c.texts {
		phone := t.To
		if t.Written {
			phone = t.From
		}
		if !slices.Contains(out, phone) {
			out = append(out, phone)
		}
	}
	slices.Sort(out)
	return out
}

// TakeOver goes on where another carrier has stopped: with its texts, what it knows
// of phones, and the names that it has given already.
func (c *Carrier) TakeOver(from *Carrier) {
	from.mu.Lock()
	defer from.mu.Unlock()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.texts = append(c.texts, from.texts...)
	c.serial = max(c.serial, from.serial)
	maps.Copy(c.behave, from.behave)
	maps.Copy(c.stopped, from.stopped)
	c.news()
}

// Changed is closed when there is a new text, or another state of one.
func (c *Carrier) Changed() <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.changed
}

// Wait returns the texts of a phone once enough says so, or an error when ctx ends.
func (c *Carrier) Wait(ctx context.Context, phone string, enough func([]Text) bool) ([]Text, error) {
	for {
		changed := c.Changed()
		texts := c.Texts(phone)
		if enough(texts) {
			return texts, nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return texts, ctx.Err()
		}
	}
}

// news tells those who wait. c.mu is held.
func (c *Carrier) news() {
	close(c.changed)
	c.changed = make(chan struct{})
}

// sid names something of the account. c.mu is held.
func (c *Carrier) sid(kind string) string {
	c.serial++
	return fmt.Sprintf("%s%032x", kind, c.serial)
}

// numberOf is the account's number. c.mu is held.
func (c *Carrier) numberOf(number string) (Number, bool) {
	i := slices.IndexFunc(c.numbers, func(n Number) bool { return n.Number == number })
	if i < 0 {
		return Number{}, false
	}
	return c.numbers[i], true
}

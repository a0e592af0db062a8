package demo

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"parley/internal/channel"
	"parley/internal/channel/carrier"
	"parley/internal/channel/sms"
	"parley/internal/parley"
	"parley/internal/setting"
	"parley/internal/store"
)

// wire is what the sample's texts go over: a carrier and the product's numbers, that
// call each other in memory, at the time at which the story is.
type wire struct {
	carrier *carrier.Carrier
	later   carrier.Queue // what the carrier has yet to do
	numbers *sms.Type
	hooks   map[string]http.Handler // what the carrier calls, by its address
}

// wireBase is the product as the carrier of the sample calls it.
const wireBase = "https://parley.example"

func newWire(c *clock, base string) *wire {
	w := &wire{hooks: map[string]http.Handler{}}
	client := &http.Client{Transport: w}
	w.carrier = carrier.New(carrier.Config{
		AccountSID: carrierAccount, AuthToken: carrierToken, BaseURL: base, OptOut: carrier.OptOutOff,
		HTTP: client, Now: c.now, After: w.later.After,
	})
	w.carrier.Behave(grace.number(), carrier.Behaviour{Fail: landline})
	w.numbers = sms.New(sms.Config{HTTP: client, Media: client, BaseURL: wireBase, Now: c.now})
	return w
}

// connect lets the carrier call a number of the product.
func (w *wire) connect(row parley.Channel, hook string, ch channel.Channel, to channel.Sink) error {
	hooked, ok := ch.(channel.Webhooker)
	if !ok {
		return errors.New("a number is called by nobody")
	}
	address := wireBase + "/hooks/" + hook
	w.hooks[address] = hooked.Webhook(to)
	w.carrier.AddNumber(carrier.Number{Number: row.Address, Name: row.Name, MMS: true, URL: address})
	return nil
}

// RoundTrip implements http.RoundTripper: one side is asked, the other answers.
func (w *wire) RoundTrip(r *http.Request) (*http.Response, error) {
	address, _, _ := strings.Cut(r.URL.String(), "?")
	handler, ok := w.hooks[address]
	if !ok {
		handler = w.carrier
	}
	if r.Body == nil {
		r.Body = http.NoBody
	}
	a := &heard{header: http.Header{}, status: http.StatusOK}
	handler.ServeHTTP(a, r)
	return &http.Response{
		Status: http.StatusText(a.status), StatusCode: a.status, Header: a.header, Request: r, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Body: io.NopCloser(&a.body), ContentLength: int64(a.body.Len()),
	}, nil
}

// heard keeps what a handler answers.
type heard struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (a *heard) Header() http.Header         { return a.header }
func (a *heard) WriteHeader(status int)      { a.status = status }
func (a *heard) Write(b []byte) (int, error) { return a.body.Write(b) }

// openText opens a number on the sample's wire.
func (f *filler) openText(row parley.Channel) (channel.Channel, error) {
	conf, err := f.settings.Configured(row)
	if err != nil {
		return nil, fmt.Errorf("open secrets: %w", err)
	}
	settings, err := conf.JSON()
	if err != nil {
		return nil, fmt.Errorf("write settings: %w", err)
	}
	return f.wire.numbers.Open(row.ID, settings)
}

// areas are where the numbers of samples are; 555-0100 to 555-0199 are set aside in each.
var areas = []string{"415", "212", "312", "206", "617", "303", "503", "202", "702", "305"}

// numbersOf are the numbers that an account's sample may have.
func numbersOf(account parley.AccountID) []string {
	n := int(account)
	return []string{"+14155550100", fmt.Sprintf("+1%s55501%02d", areas[n/100%len(areas)], n%100)}
}

// Who the product is to the carrier. With nobody at the other end it is nowhere: the
// name of nobody's leads there (RFC 2606 2).
const (
	elsewhere      = "https://carrier." + mailDomain
	carrierAccount = "AC00000000000000000000000000000000"
	carrierToken   = "token"
)

// landline is Twilio's error for a number that takes no texts.
const landline = 30006

// base is where the carrier's API is found.
func (s *Sample) base() string {
	if s.customer != nil {
		return s.customer.CarrierURL()
	}
	return elsewhere
}

// price of a segment, so that what one writes is seen to cost something.
const textPrice, textCurrency = "0.0079", "USD"

// makeNumber takes another number where another account of the installation has this one.
func (f *filler) makeNumber(ctx context.Context, inbox parley.InboxID) (parley.Channel, error) {
	provider, price, currency, ours := "twilio", textPrice, textCurrency, false
	change := setting.TextChange{
		Provider: &provider, Price: &price, Currency: &currency, ProviderAnswers: &ours,
		Fields: map[string]string{"account_sid": carrierAccount, "auth_token": carrierToken, "api_base": f.s.base()},
	}
	for _, number := range numbersOf(f.account) {
		ch, err := f.settings.CreateChannel(ctx, parley.SystemActor(f.account), setting.NewChannel{
			Type: setting.Text, Name: "Texts", InboxID: inbox, Number: number, Text: change,
		})
		if parley.IsCode(err, parley.Conflict) {
			continue
		}
		if err != nil {
			return ch, err
		}
		if err := f.connect(ctx, ch); err != nil {
			return ch, err
		}
		return ch, f.note(ctx, store.SampleChannel, int64(ch.ID))
	}
	return parley.Channel{}, errors.New("every number is taken")
}

func (f *filler) connect(ctx context.Context, row parley.Channel) error {
	ways, err := f.settings.Ways(ctx, parley.SystemActor(f.account), row)
	if err != nil {
		return fmt.Errorf("find webhook: %w", err)
	}
	ch, err := f.openText(row)
	if err != nil {
		return err
	}
	return f.wire.connect(row, ways[row.ID].HookToken, ch, f.intake)
}

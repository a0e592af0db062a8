package demo

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"parley/internal/channel/carrier"
	"parley/internal/parley"
)

// phones are those of this side, and the carrier that they hang on. It is a provider
// to the product, which sends its texts by that one's API and is called by it.
type phones struct {
	carrier *carrier.Carrier

	mu   sync.Mutex
	seen map[string]int // of a phone: how many texts its owner has seen
}

// pace is how long a text stays in each state on its way.
const pace = 150 * time.Millisecond

func newPhones(base string, c *Customer) *phones {
	return &phones{seen: map[string]int{}, carrier: carrier.New(carrier.Config{
		AccountSID: carrierAccount, AuthToken: carrierToken, BaseURL: base, OptOut: carrier.OptOutOff,
		HTTP: &http.Client{Timeout: submitTime}, Log: c.log, Now: c.now, Pace: pace,
	})}
}

// CarrierURL is where the product finds the carrier's API.
func (c *Customer) CarrierURL() string { return "http://" + c.air.Addr().String() }

// takeOver puts what was texted in former days on the phones. It has been seen.
func (c *Customer) takeOver(from *carrier.Carrier) {
	c.phones.carrier.TakeOver(from)
	for _, phone := range c.phones.carrier.Phones() {
		c.phones.look(phone)
	}
}

// shows are the texts that a phone shows: what it wrote, and what has reached it.
func (p *phones) shows(phone string) []carrier.Text {
	return slices.DeleteFunc(p.carrier.Texts(phone), func(t carrier.Text) bool { return !t.Written && t.Status != "delivered" })
}

func received(texts []carrier.Text) (n int) {
	for _, t := range texts {
		if !t.Written {
			n++
		}
	}
	return n
}

// look notes that the owner of a phone has seen what it shows.
func (p *phones) look(phone string) {
	n := received(p.shows(phone))
	p.mu.Lock()
	defer p.mu.Unlock()
	p.seen[phone] = n
}

func (p *phones) unseen(phone string) int {
	n := received(p.shows(phone))
	p.mu.Lock()
	defer p.mu.Unlock()
	return max(n-p.seen[phone], 0)
}

// number is one of the business that hangs on this carrier.
func (a Addresses) number(address string) (Number, bool) {
	i := slices.IndexFunc(a.Numbers, func(n Number) bool { return n.Address == address })
	if i < 0 {
		return Number{}, false
	}
	return a.Numbers[i], true
}

// connect tells the carrier which numbers the product has now, and where it is to be called.
func (c *Customer) connect(known Addresses) {
	for _, n := range known.Numbers {
		c.phones.carrier.AddNumber(carrier.Number{Number: n.Address, Name: n.Name, MMS: true, URL: strings.TrimSuffix(c.product.URL, "/") + n.Hook})
	}
}

// ownNumbers are those of the carrier account that no channel has yet: the settings offer them.
var ownNumbers = []carrier.Number{
	{Number: "+14155550101", Name: "Harbour Bikes, workshop", MMS: true},
	{Number: "+14155550102", Name: "Harbour Bikes, rentals", MMS: true},
}

// note is a text as somebody has written it on the page.
type note struct {
	From, To string
	Text     string
	Pictures []carrier.Media
}

// Limits of a text: what phones take, and carriers.
const (
	maxTextRunes    = 1600
	maxPictures     = 10
	maxPictureBytes = 5 << 20
)

var (
	phoneNumber  = regexp.MustCompile(`^\+[1-9][0-9]{6,14}$`)
	pictureTypes = []string{"image/png", "image/jpeg", "image/gif", "image/webp"}
)

func (n note) check(known Addresses) error {
	var faults parley.Faults
	if !phoneNumber.MatchString(n.From) {
		faults.Add(parley.Errorf(parley.Invalid, "text.from", "Enter a number with its country, such as +447700900142.").On("from"))
	}
	if _, ok := known.number(n.To); !ok {
		faults.Add(parley.Errorf(parley.Invalid, "text.to", "The business has no such number.").On("to"))
	}
	if strings.TrimSpace(n.Text) == "" && len(n.Pictures) == 0 {
		faults.Add(parley.Errorf(parley.Invalid, "text.empty", "Write something, or choose a picture.").On("text"))
	}
	if len([]rune(n.Text)) > maxTextRunes {
		faults.Add(parley.Errorf(parley.TooLarge, "text.too_long", "A text may have %d characters.", maxTextRunes).On("text"))
	}
	size := 0
	for _, p := range n.Pictures {
		size += len(p.Body)
		if !slices.Contains(pictureTypes, p.ContentType) {
			faults.Add(parley.Errorf(parley.Invalid, "text.no_picture", "Only PNG, JPEG, GIF and WebP pictures can be sent.").On("files"))
		}
	}
	if len(n.Pictures) > maxPictures || size > maxPictureBytes {
		faults.Add(parley.Errorf(parley.TooLarge, "text.pictures", "A text has at most %d pictures, of %d MB together.", maxPictures, maxPictureBytes>>20).On("files"))
	}
	return faults.Err()
}

// text hands a text to the carrier, which calls the product.
func (c *Customer) text(ctx context.Context, n note) (carrier.Text, error) {
	known, err := c.product.Addresses(ctx)
	if err != nil {
		return carrier.Text{}, fmt.Errorf("list addresses: %w", err)
	}
	if err := n.check(known); err != nil {
		return carrier.Text{}, err
	}
	c.connect(known)
	t, err := c.phones.carrier.Text(ctx, n.From, n.To, n.Text, n.Pictures...)
	if refused, ok := errors.AsType[*carrier.StatusError](err); ok {
		return t, parley.Errorf(parley.Conflict, "text.refused", "The product did not take it: it answered the carrier's call with %d.", refused.Status)
	}
	return t, err
}

package setting

import (
	"context"
	"fmt"
	"maps"
	"net"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"parley/internal/parley"
	"parley/internal/sms"
	"parley/internal/store"
)

// Text is the type of channels that are a telephone number.
const Text = "sms"

// TextChange says what to change of how a number sends and receives; nil leaves it.
type TextChange struct {
	Provider *string
	// Fields are values of the provider's fields. A secret that is left out stays, as
	// long as it is for the same server.
	Fields          map[string]string
	Region          *string
	Rate            *float64
	Price           *string
	Currency        *string
	ProviderAnswers *bool
	StopText        *string
	StartText       *string
	HelpText        *string
	QuietFrom       *string
	QuietTo         *string
}

const (
	maxRate       = 1000
	maxAnswer     = 480 // characters of an answer to STOP, START or HELP: three segments
	maxOption     = 8 << 10
	maxTextAmount = 12
)

// whereFields say to whom a secret goes.
var whereFields = []string{"api_base", "url", "host", "port"}

// newText is what a new number is set up with.
func newText(number string, account parley.Account, c TextChange) (Configured, error) {
	conf := Configured{Number: number}
	conf.Text = &parley.TextSettings{Region: account.Region}
	err := c.apply(&conf)
	return conf, err
}

func (c TextChange) apply(conf *Configured) error {
	var faults parley.Faults
	was := *conf.Text
	t := was
	if c.Provider != nil {
		t.Provider = *c.Provider
	}
	p, ok := parley.TextProviderNamed(t.Provider)
	if !ok {
		faults.Add(parley.Errorf(parley.Invalid, "text.provider", "Choose the provider: %s.", strings.Join(providerNames(), ", ")).On("provider"))
		return faults.Err()
	}
	if was.Provider != t.Provider {
		t.Options, t.ProviderAnswers = nil, p.Answers
		conf.Secret.Text = nil
	}
	t.Options, conf.Secret.Text = c.fields(&faults, p, t.Options, conf.Secret.Text)
	c.answers(&faults, &t)
	c.limits(&faults, &t)
	conf.Text = &t
	return faults.Err()
}

func providerNames() (out []string) {
	for _, p := range parley.TextProviders {
		out = append(out, p.Name)
	}
	return out
}

// fields brings the given values in and finds every fault of them.
func (c TextChange) fields(faults *parley.Faults, p parley.TextProvider, open, secret parley.Options) (parley.Options, parley.Options) {
	open, secret = maps.Clone(open), maps.Clone(secret)
	if open == nil {
		open = parley.Options{}
	}
	elsewhere := false
	for _, name := range whereFields {
		if value, given := c.Fields[name]; given && strings.TrimSpace(value) != open[name] {
			elsewhere = true
		}
	}
	if secret == nil || elsewhere {
		secret = parley.Options{}
	}
	for name := range c.Fields {
		if !slices.ContainsFunc(p.Fields, func(f parley.TextField) bool { return f.Name == name }) {
			faults.Add(parley.Errorf(parley.Invalid, "text.field_unknown", "%s does not need this.", p.Name).On("settings." + name))
		}
	}
	for _, f := range p.Fields {
		to := open
		if f.Secret {
			to = secret
		}
		value, given := c.Fields[f.Name]
		if given && (!f.Secret || value != "") {
			to[f.Name] = strings.TrimSpace(value)
		}
		if to[f.Name] == "" {
			delete(to, f.Name)
			if f.Default != "" {
				to[f.Name] = f.Default
			}
		}
		fault := checkField(f, to[f.Name])
		if fault == nil && given { // what was saved before stays
			fault = checkForm(f, to[f.Name])
		}
		if fault != nil {
			faults.Add(fault.On("settings." + f.Name))
		}
	}
	if len(secret) == 0 {
		secret = nil
	}
	return open, secret
}

func checkField(f parley.TextField, value string) *parley.Error {
	switch {
	case value == "" && f.Required:
		return parley.Errorf(parley.Invalid, "text.field_missing", "Enter this: you find it in your account with the provider.")
	case value == "":
		return nil
	case len(value) > maxOption || !utf8.ValidString(value):
		return parley.Errorf(parley.Invalid, "field.too_long", "Enter up to %d characters.", maxOption).With("max", fmt.Sprint(maxOption))
	case !f.Lines && strings.ContainsFunc(value, func(r rune) bool { return r < ' ' || r == 0x7f }):
		return parley.Errorf(parley.Invalid, "field.line", "Enter one line of 1 to %d characters.", maxOption).With("max", fmt.Sprint(maxOption))
	case len(f.Choices) > 0 && !slices.Contains(f.Choices, value):
		return parley.Errorf(parley.Invalid, "text.choice", "Choose one of %s.", strings.Join(f.Choices, ", "))
	case f.Name == "api_base" || f.Name == "url":
		return checkBase(value)
	}
	return nil
}

// checkForm finds values that cannot be right, before the provider is asked.
func checkForm(f parley.TextField, value string) *parley.Error {
	if value == "" || f.Form == nil || f.Form.Match.MatchString(value) {
		return nil
	}
	return parley.Errorf(parley.Invalid, "text.field_form", "This is cut off, or something else: it has to be %s.", f.Form.Words).With("form", f.Form.Words)
}

// checkBase: secrets go to an address only over TLS, unless it is on this machine.
func checkBase(value string) *parley.Error {
	u, err := url.Parse(value)
	wrong := parley.Errorf(parley.Invalid, "text.api_base", "Enter an address that begins with https://.")
	if err != nil || u.Host == "" || u.User != nil {
		return wrong
	}
	ip := net.ParseIP(u.Hostname())
	local := u.Hostname() == "localhost" || ip != nil && ip.IsLoopback()
	if u.Scheme != "https" && (u.Scheme != "http" || !local) {
		return wrong
	}
	return nil
}

func (c TextChange) answers(faults *parley.Faults, t *parley.TextSettings) {
	if c.ProviderAnswers != nil {
		t.ProviderAnswers = *c.ProviderAnswers
	}
	for _, a := range []struct {
		field string
		given *string
		to    *string
	}{{"stop_text", c.StopText, &t.StopText}, {"start_text", c.StartText, &t.StartText}, {"help_text", c.HelpText, &t.HelpText}} {
		if a.given == nil {
			continue
		}
		*a.to = strings.TrimSpace(*a.given)
		if utf8.RuneCountInString(*a.to) > maxAnswer || !utf8.ValidString(*a.to) {
			faults.Add(parley.Errorf(parley.Invalid, "field.too_long", "Enter up to %d characters.", maxAnswer).On(a.field).With("max", fmt.Sprint(maxAnswer)))
		}
	}
}

func (c TextChange) limits(faults *parley.Faults, t *parley.TextSettings) {
	if c.Region != nil {
		t.Region = strings.ToUpper(strings.TrimSpace(*c.Region))
		if !sms.Region(t.Region) {
			faults.Add(parley.Errorf(parley.Invalid, "region.unknown", "Choose a country.").On("region"))
		}
	}
	if c.Rate != nil {
		t.Rate = *c.Rate
		if t.Rate < 0 || t.Rate > maxRate {
			faults.Add(parley.Errorf(parley.Invalid, "text.rate", "Enter from 0 to %d texts a second; 0 is no limit.", maxRate).On("rate"))
		}
	}
	if c.Price != nil {
		t.Price = strings.TrimSpace(*c.Price)
		if !amount(t.Price) {
			faults.Add(parley.Errorf(parley.Invalid, "text.price", "Enter the price of a segment, such as 0.0079.").On("price"))
		}
	}
	if c.Currency != nil {
		t.Currency = strings.ToUpper(strings.TrimSpace(*c.Currency))
		if t.Currency != "" && (len(t.Currency) != 3 || strings.Trim(t.Currency, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "") {
			faults.Add(parley.Errorf(parley.Invalid, "text.currency", "Enter a currency by its three letters, such as USD.").On("currency"))
		}
	}
	if c.QuietFrom != nil {
		t.QuietFrom = strings.TrimSpace(*c.QuietFrom)
	}
	if c.QuietTo != nil {
		t.QuietTo = strings.TrimSpace(*c.QuietTo)
	}
	for field, value := range map[string]string{"quiet_from": t.QuietFrom, "quiet_to": t.QuietTo} {
		if _, err := time.Parse("15:04", value); err != nil && (value != "" || t.QuietFrom != t.QuietTo) {
			faults.Add(parley.Errorf(parley.Invalid, "text.quiet", "Enter a time such as 21:00, both or neither.").On(field))
		}
	}
}

// amount: digits with at most one point; empty is none.
func amount(s string) bool {
	whole, part, _ := strings.Cut(s, ".")
	return len(s) <= maxTextAmount && strings.Trim(whole, "0123456789") == "" && strings.Trim(part, "0123456789") == "" && (s == "" || whole != "")
}

func numberTaken() error {
	return parley.Errorf(parley.Conflict, "channel.number_taken", "This number is in use by a channel already.").On("number")
}

// createText makes a channel of a number, with the address that its provider is to call.
func (s *Service) createText(ctx context.Context, tx *store.Tx, actor parley.Actor, c parley.Channel, in NewChannel) (parley.ChannelID, error) {
	account, err := tx.AccountByID(ctx, actor.AccountID)
	if err != nil {
		return 0, fmt.Errorf("load account: %w", err)
	}
	number, ok := sms.Sender(in.Number, account.Region)
	if !ok {
		return 0, parley.Errorf(parley.Invalid, "phone.invalid", "Enter a number with its country, such as +14155550123, or a short code.").On("number")
	}
	c.Address = number
	conf, err := newText(number, account, in.Text)
	if err != nil {
		return 0, err
	}
	if taken, err := tx.AddressTaken(ctx, Text, number); err != nil {
		return 0, err
	} else if taken {
		return 0, numberTaken()
	}
	c.CreatedAt = tx.Now()
	if err := tx.InsertChannel(ctx, &c); err != nil {
		return 0, err
	}
	w := parley.Ways{AccountID: c.AccountID, ChannelID: c.ID}
	if err := s.wayOfText(conf, &w); err != nil {
		return 0, err
	}
	if err := tx.PutWayIn(ctx, w, true); err != nil {
		return 0, err
	}
	if c, err = s.sealed(c, conf); err != nil { // sealed for its id
		return 0, err
	}
	channelChanged(tx, actor, c)
	return c.ID, tx.SetChannelSettings(ctx, c)
}

// wayOfText: a provider calls an address that nobody guesses, or is held on to.
func (s *Service) wayOfText(conf Configured, w *parley.Ways) (err error) {
	p, _ := parley.TextProviderNamed(conf.Text.Provider)
	w.In = parley.ByWebhook
	if p.Session {
		w.In = parley.BySession
	}
	if w.HookToken == "" {
		w.HookToken, err = s.hookToken()
	}
	return err
}

// changeText changes how a number that is locked sends and receives.
func (s *Service) changeText(ctx context.Context, tx *store.Tx, ch parley.Channel, c TextChange) (parley.Channel, error) {
	conf, err := s.Configured(ch)
	if err != nil && conf.Text == nil { // secrets that cannot be read are entered anew
		return ch, err
	}
	if conf.Text == nil {
		return ch, parley.Errorf(parley.Invalid, "channel.no_text", "Only a channel of texts can be set up so.").On("settings")
	}
	if err := c.apply(&conf); err != nil {
		return ch, err
	}
	w, err := tx.WaysOf(ctx, ch.AccountID, ch.ID)
	if err != nil {
		return ch, err
	}
	if err := s.wayOfText(conf, &w); err != nil {
		return ch, err
	}
	if err := tx.PutWayIn(ctx, w, false); err != nil {
		return ch, err
	}
	if ch, err = s.sealed(ch, conf); err != nil {
		return ch, err
	}
	return ch, tx.SetChannelSettings(ctx, ch)
}

// SecretsOf names the secret fields of a number that have a value, to those who may change them.
func (s *Service) SecretsOf(actor parley.Actor, c parley.Channel) []string {
	if c.Type != Text || !actor.May(parley.Settings, 0) {
		return nil
	}
	conf, err := s.Configured(c)
	if err != nil {
		return nil // sealed with another key: they have to be entered anew
	}
	return slices.Sorted(maps.Keys(conf.Secret.Text))
}

// TryText is a number's settings with a change, unsaved: of a channel, or of none yet (id 0).
func (s *Service) TryText(ctx context.Context, actor parley.Actor, id parley.ChannelID, c TextChange) (Configured, error) {
	if err := actor.Must(parley.Settings, 0); err != nil {
		return Configured{}, err
	}
	conf := Configured{}
	conf.Text = &parley.TextSettings{}
	if id != 0 {
		ch, err := s.Channel(ctx, actor, id)
		if err != nil {
			return conf, err
		}
		if conf, err = s.Configured(ch); err != nil {
			return conf, err
		}
		if conf.Text == nil {
			return conf, parley.Errorf(parley.Invalid, "channel.no_text", "Only a channel of texts can be set up so.").On("channel_id")
		}
	}
	err := c.apply(&conf)
	return conf, err
}

package sms

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"

	"parley/internal/dial"
	"parley/internal/parley"
)

// asker puts questions to a provider that send nothing.
type asker struct {
	http *http.Client
	name string            // of the provider, as people know it
	lost func(cause error) // hears why there was no answer
}

func (c *calledChannel) asker() asker {
	return asker{c.cfg.HTTP, titles[c.about.Name], c.lost}
}

// lost notes why there was no connection, for the operator. What is asked for is left
// out: the address may hold keys.
func (c *numberChannel) lost(cause error) {
	if asked, ok := errors.AsType[*url.Error](cause); ok {
		cause = asked.Err
	}
	c.cfg.Log.Warn("the provider cannot be reached", "channel_id", c.id, "err", cause)
}

var titles = map[string]string{
	"twilio": "Twilio", "telnyx": "Telnyx", "vonage": "Vonage", "messagebird": "MessageBird", "plivo": "Plivo", "http": "The provider", "smpp": "The provider",
}

// ask gets address and reads the answer into out. sign adds what the provider knows us by.
func (a asker) ask(ctx context.Context, address string, sign func(*http.Request), out any) (err error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
	if err != nil {
		return parley.Errorf(parley.Invalid, "provider.address", "The address of the provider's API cannot be read.").On("settings.api_base")
	}
	r.Header.Set("Accept", "application/json")
	sign(r)
	resp, err := a.http.Do(r)
	if err != nil {
		if e, ok := errors.AsType[*parley.Error](err); ok {
			return e
		}
		return a.unreachable(err)
	}
	defer func() { _ = resp.Body.Close() }() // all of it that matters is read
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err != nil {
		return a.unreachable(err)
	}
	switch status := resp.StatusCode; {
	case status == http.StatusUnauthorized || status == http.StatusForbidden:
		return a.refused()
	case status == http.StatusTooManyRequests || status >= 500:
		return a.troubled(status)
	case status/100 != 2:
		return parley.Errorf(parley.Invalid, "provider.answer", "%s does not know what was asked for: it answered %d. Look at the settings again.", a.name, status).On("settings")
	}
	if json.Unmarshal(body, out) != nil {
		return parley.Errorf(parley.Unavailable, "provider.answer", "%s answered in a form that we do not know.", a.name).On("settings")
	}
	return nil
}

func (a asker) refused() error {
	return parley.Errorf(parley.Forbidden, "provider.sign_in", "%s does not know us by these settings. Look at the keys again: each must be whole, and of the same account.", a.name).On("settings")
}

func (a asker) unreachable(err error) error {
	a.lost(err)
	why := dial.Reason(err)
	return parley.Errorf(parley.Unavailable, "provider.unreachable",
		"%s cannot be reached: %s. Check that this server may connect to the internet, and the API address if you have entered one.", a.name, why).With("why", why)
}

func (a asker) troubled(status int) error {
	return parley.Errorf(parley.Unavailable, "provider.trouble", "%s has trouble just now: it answered %d. Try again in a while.", a.name, status).With("status", strconv.Itoa(status))
}

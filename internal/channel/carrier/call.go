package carrier

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// StatusError: the product did not take a call.
type StatusError struct{ Status int }

func (e *StatusError) Error() string { return fmt.Sprintf("the call was answered with %d", e.Status) }

// call posts a signed form.
func (c *Carrier) call(ctx context.Context, address string, form url.Values) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, address, strings.NewReader(form.Encode()))
	if err != nil {
		return fmt.Errorf("call: %w", err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8")
	r.Header.Set("User-Agent", "TwilioProxy/1.1")
	r.Header.Set("X-Twilio-Signature", Signature(c.cfg.AuthToken, address, form))
	c.mu.Lock()
	c.calls++
	c.mu.Unlock()
	resp, err := c.cfg.HTTP.Do(r)
	if err != nil {
		return fmt.Errorf("call: %w", err)
	}
	defer func() { _ = resp.Body.Close() }()                     // nothing of it is wanted
	_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, 1<<20)) // so that the connection can be used again
	if resp.StatusCode/100 != 2 {
		return &StatusError{resp.StatusCode}
	}
	return nil
}

// Calls is how many calls the carrier has made.
func (c *Carrier) Calls() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.calls
}

// states are those that a text goes through.
func states(b Behaviour) []string {
	if b.Fail != 0 {
		return []string{"queued", "sent", "undelivered"}
	}
	return []string{"queued", "sent", "delivered"}
}

// carry takes a text through its states, and tells of each.
func (c *Carrier) carry(t *Text, b Behaviour) {
	pace := b.Pace
	if pace == 0 {
		pace = c.cfg.Pace
	}
	all := states(b)
	for i, state := range all {
		c.after(time.Duration(i)*pace, func() { c.reach(t, state, b.Fail) })
		told := i
		if b.Backwards {
			told = len(all) - 1 - i
		}
		for range 1 + b.Again {
			if t.callback != "" && !b.Silent {
				c.after(time.Duration(i)*pace, func() { c.tell(t, all[told], b.Fail) })
			}
		}
	}
}

func (c *Carrier) reach(t *Text, state string, fault int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	t.Status = state
	if state == "undelivered" {
		t.ErrorCode = fault
	}
	c.news()
}

// tell makes a status callback. Twilio makes no second try either.
func (c *Carrier) tell(t *Text, state string, fault int) {
	form := url.Values{
		"MessageSid": {t.SID}, "SmsSid": {t.SID}, "MessageStatus": {state}, "SmsStatus": {state},
		"To": {t.To}, "From": {t.From}, "AccountSid": {c.cfg.AccountSID}, "ApiVersion": {apiVersion},
	}
	if t.service != "" {
		form.Set("MessagingServiceSid", t.service)
	}
	if state == "undelivered" {
		form.Set("ErrorCode", strconv.Itoa(fault))
	}
	if err := c.call(c.ctx, t.callback, form); err != nil && c.ctx.Err() == nil {
		c.cfg.Log.Warn("a status callback was not taken", "err", err)
	}
}

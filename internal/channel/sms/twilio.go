package sms

import (
	"context"
	"encoding/json"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"parley/internal/channel"
	"parley/internal/parley"
)

// twilio is api.twilio.com in its version 2010-04-01.
type twilio struct {
	base, account, token, service string
}

const twilioHome = "https://api.twilio.com"

func newTwilio(o options) provider {
	return twilio{base: o.base(twilioHome), account: o["account_sid"], token: o["auth_token"], service: o["messaging_service_sid"]}
}

func (t twilio) address(rest string) string {
	return t.base + "/2010-04-01/Accounts/" + url.PathEscape(t.account) + rest
}

func (t twilio) sign(r *http.Request) { r.SetBasicAuth(t.account, t.token) }

// request: with a messaging service the number is still named, so that the answer
// goes to it and no other number of the service is chosen.
func (t twilio) request(ctx context.Context, m text) (*http.Request, error) {
	form := url.Values{"To": {m.To}, "From": {m.From}}
	if t.service != "" {
		form.Set("MessagingServiceSid", t.service)
	}
	if m.Body != "" {
		form.Set("Body", m.Body)
	}
	for _, image := range m.Images {
		form.Add("MediaUrl", image)
	}
	if m.Callback != "" {
		form.Set("StatusCallback", m.Callback)
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, t.address("/Messages.json"), strings.NewReader(form.Encode()))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	t.sign(r)
	return r, nil
}

func (twilio) answered(status int, body []byte) (string, *channel.SendError) {
	var a struct {
		SID       string `json:"sid"`
		ErrorCode *int   `json:"error_code"`
		Code      int    `json:"code"`
		Message   string `json:"message"`
	}
	err := json.Unmarshal(body, &a)
	if status/100 == 2 {
		if err != nil || a.SID == "" {
			return "", unknownAnswer(body)
		}
		return a.SID, nil
	}
	name := ""
	if a.Code != 0 {
		name = strconv.Itoa(a.Code)
	}
	return "", refusal(status, name, a.Message, twilioCodes)
}

func (t twilio) signed(c call, _ time.Time) error {
	params, err := twilioParams(c)
	if err != nil || t.token == "" || !twilioSigned(t.token, c.url, params, c.body, c.header.Get("X-Twilio-Signature")) {
		return channel.ErrForged
	}
	return nil
}

// twilioParams are those that are signed: of a form that was posted. Others are in the address.
func twilioParams(c call) (url.Values, error) {
	if c.method == http.MethodGet || len(c.body) == 0 {
		return nil, nil
	}
	if kind, _, _ := mime.ParseMediaType(c.contentType); kind != "application/x-www-form-urlencoded" {
		return nil, nil
	}
	return url.ParseQuery(string(c.body))
}

func (t twilio) check(ctx context.Context, ask asker) error {
	var a struct {
		Status string `json:"status"`
	}
	if err := ask.ask(ctx, t.address(".json"), t.sign, &a); err != nil {
		return err
	}
	if a.Status != "" && a.Status != "active" {
		return parley.Errorf(parley.Forbidden, "provider.suspended", "The Twilio account is %s, so it sends nothing. Look at its balance and its notices.", a.Status).On("settings.account_sid")
	}
	return nil
}

// maxPages bounds a list of numbers: 50,000 are enough for any account.
const maxPages = 50

func (t twilio) numbers(ctx context.Context, ask asker) (out []parley.TextNumber, err error) {
	next := t.address("/IncomingPhoneNumbers.json?PageSize=1000")
	for range maxPages {
		var page struct {
			Numbers []struct {
				Number string `json:"phone_number"`
				Name   string `json:"friendly_name"`
				Can    struct {
					SMS bool `json:"sms"`
					MMS bool `json:"mms"`
				} `json:"capabilities"`
			} `json:"incoming_phone_numbers"`
			Next string `json:"next_page_uri"`
		}
		if err := ask.ask(ctx, next, t.sign, &page); err != nil {
			return nil, err
		}
		for _, n := range page.Numbers {
			out = append(out, parley.TextNumber{Number: n.Number, Name: n.Name, SMS: n.Can.SMS, MMS: n.Can.MMS})
		}
		if !strings.HasPrefix(page.Next, "/") {
			return out, nil
		}
		next = t.base + page.Next
	}
	return out, nil
}

// mayFetch: pictures lie with the API, which leads to where they are kept. Only the
// API learns who we are.
func (t twilio) mayFetch(r *http.Request) bool {
	switch {
	case sameOrigin(r.URL, t.base):
		t.sign(r)
		return true
	case r.URL.Scheme == "https" && within(r.URL.Hostname(), "twilio.com"):
		if r.URL.Hostname() == "api.twilio.com" {
			t.sign(r)
		}
		return true
	}
	return r.URL.Scheme == "https" && within(r.URL.Hostname(), "twiliocdn.com")
}

// readTwilio reads Twilio's two calls: a message that came in, and the state of one of ours.
func readTwilio(c call) (event, error) {
	f, err := c.fields()
	if err != nil {
		return event{}, err
	}
	sid := firstOf(f, "MessageSid", "SmsSid", "SmsMessageSid")
	if sid == "" {
		return event{}, fmt.Errorf("%w: no MessageSid", channel.ErrUnreadable)
	}
	state := firstOf(f, "MessageStatus", "SmsStatus")
	if f.Get("MessageStatus") != "" || state != "" && state != "received" && state != "receiving" {
		return twilioReport(c, f, sid, state), nil
	}
	if f.Get("From") == "" || f.Get("To") == "" {
		return event{}, fmt.Errorf("%w: no From or To", channel.ErrUnreadable)
	}
	e := event{id: sid, from: f.Get("From"), to: f.Get("To"), body: f.Get("Body"), answered: f.Get("OptOutType") != ""}
	n, _ := strconv.Atoi(f.Get("NumMedia")) // none: 0
	for i := range min(n, maxMedia) {
		if u := f.Get("MediaUrl" + strconv.Itoa(i)); u != "" {
			e.media = append(e.media, mediaPart(u, f.Get("MediaContentType"+strconv.Itoa(i)), len(e.media)))
		}
	}
	return e, nil
}

// maxMedia bounds the files of one text.
const maxMedia = 30

func twilioReport(c call, f url.Values, sid, state string) event {
	r := channel.Report{InternetID: c.query().Get("ref"), ProviderID: sid, Recipient: f.Get("To")}
	e := event{id: sid, from: f.Get("From"), to: f.Get("To"), state: state}
	return twilioStates.told(e, r, twilioCodes, f.Get("ErrorCode"), f.Get("ErrorMessage"))
}

var twilioStates = states{
	"sent": parley.Sent, "delivered": parley.Delivered, "read": parley.Delivered,
	"undelivered": parley.Bounced, "failed": parley.Bounced, "canceled": parley.Bounced,
}

func firstOf(f url.Values, names ...string) string {
	if i := slices.IndexFunc(names, func(n string) bool { return f.Get(n) != "" }); i >= 0 {
		return f.Get(names[i])
	}
	return ""
}

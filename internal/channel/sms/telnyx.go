package sms

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"parley/internal/channel"
	"parley/internal/parley"
)

// telnyx is version 2 of Telnyx's API.
type telnyx struct {
	base, key, public, profile string
}

const telnyxHome = "https://api.telnyx.com"

func newTelnyx(o options) provider {
	return telnyx{base: o.base(telnyxHome), key: o["api_key"], public: o["public_key"], profile: o["messaging_profile_id"]}
}

func (t telnyx) sign(r *http.Request) { r.Header.Set("Authorization", "Bearer "+t.key) }

// request: the addresses of the profile are left alone, so that news come once.
func (t telnyx) request(ctx context.Context, m text) (*http.Request, error) {
	body := map[string]any{"from": m.From, "to": m.To}
	if m.Body != "" {
		body["text"] = m.Body
	}
	if len(m.Images) > 0 {
		body["media_urls"] = m.Images
	}
	if t.profile != "" {
		body["messaging_profile_id"] = t.profile
	}
	if m.Callback != "" {
		body["webhook_url"], body["use_profile_webhooks"] = m.Callback, false
	}
	r, err := jsonRequest(ctx, t.base+"/v2/messages", body)
	if err != nil {
		return nil, err
	}
	t.sign(r)
	return r, nil
}

// jsonRequest posts a JSON body.
func jsonRequest(ctx context.Context, address string, body any) (*http.Request, error) {
	out, err := json.Marshal(body)
	if err != nil {
		return nil, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(out))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", "application/json")
	return r, nil
}

// telnyxFault is one of the faults that an answer or a call lists.
type telnyxFault struct {
	Code   string `json:"code"`
	Title  string `json:"title"`
	Detail string `json:"detail"`
}

// words are the longer of what it says.
func (f telnyxFault) words() string {
	if f.Detail != "" {
		return f.Detail
	}
	return f.Title
}

func (telnyx) answered(status int, body []byte) (string, *channel.SendError) {
	var a struct {
		Data struct {
			ID string `json:"id"`
		} `json:"data"`
		Errors []telnyxFault `json:"errors"`
	}
	err := json.Unmarshal(body, &a)
	if status/100 == 2 {
		if err != nil || a.Data.ID == "" {
			return "", unknownAnswer(body)
		}
		return a.Data.ID, nil
	}
	var f telnyxFault
	if len(a.Errors) > 0 {
		f = a.Errors[0]
	}
	return "", refusal(status, f.Code, f.words(), telnyxCodes)
}

// telnyxWindow is how old a call may be.
const telnyxWindow = 5 * time.Minute

// signed: an Ed25519 signature (RFC 8032) over the time of the call and its body.
func (t telnyx) signed(c call, now time.Time) error {
	key, err := base64.StdEncoding.DecodeString(t.public)
	if err != nil || len(key) != ed25519.PublicKeySize {
		return fmt.Errorf("%w: the channel has no public key of Telnyx", channel.ErrForged)
	}
	stamp := c.header.Get("Telnyx-Timestamp")
	given, err := base64.StdEncoding.DecodeString(c.header.Get("Telnyx-Signature-Ed25519"))
	if err != nil || !recent(stamp, now, telnyxWindow) {
		return channel.ErrForged
	}
	if !ed25519.Verify(key, append([]byte(stamp+"|"), c.body...), given) {
		return channel.ErrForged
	}
	return nil
}

// recent reports whether a Unix time lies within window of now, before or after.
func recent(stamp string, now time.Time, window time.Duration) bool {
	seconds, err := strconv.ParseInt(stamp, 10, 64)
	return err == nil && now.Sub(time.Unix(seconds, 0)).Abs() <= window
}

func (t telnyx) check(ctx context.Context, ask asker) error {
	var a struct{}
	if t.profile != "" {
		return ask.ask(ctx, t.base+"/v2/messaging_profiles/"+url.PathEscape(t.profile), t.sign, &a)
	}
	return ask.ask(ctx, t.base+"/v2/phone_numbers/messaging?page%5Bsize%5D=1", t.sign, &a)
}

func (t telnyx) numbers(ctx context.Context, ask asker) (out []parley.TextNumber, err error) {
	for page := 1; page <= maxPages; page++ {
		var a struct {
			Data []struct {
				Number   string `json:"phone_number"`
				Features struct {
					SMS *struct{} `json:"sms"`
					MMS *struct{} `json:"mms"`
				} `json:"features"`
			} `json:"data"`
			Meta struct {
				Pages int `json:"total_pages"`
			} `json:"meta"`
		}
		if err := ask.ask(ctx, t.base+"/v2/phone_numbers/messaging?page%5Bsize%5D=250&page%5Bnumber%5D="+strconv.Itoa(page), t.sign, &a); err != nil {
			return nil, err
		}
		for _, n := range a.Data {
			out = append(out, parley.TextNumber{Number: phone(n.Number), SMS: n.Features.SMS != nil, MMS: n.Features.MMS != nil})
		}
		if page >= a.Meta.Pages {
			break
		}
	}
	return out, nil
}

// mayFetch: Telnyx keeps what comes in at addresses that are hard to guess.
func (t telnyx) mayFetch(r *http.Request) bool {
	host := r.URL.Hostname()
	return r.URL.Scheme == "https" && (within(host, "telnyx.com") || within(host, "amazonaws.com")) || sameOrigin(r.URL, t.base)
}

// telnyxCall is an event of messaging, in version 2 of Telnyx's webhooks.
type telnyxCall struct {
	Data struct {
		Type    string `json:"event_type"`
		Payload struct {
			ID   string `json:"id"`
			Text string `json:"text"`
			From struct {
				Number string `json:"phone_number"`
			} `json:"from"`
			To []struct {
				Number string `json:"phone_number"`
				Status string `json:"status"`
			} `json:"to"`
			Media []struct {
				URL  string `json:"url"`
				Type string `json:"content_type"`
			} `json:"media"`
			Errors     []telnyxFault `json:"errors"`
			ReceivedAt time.Time     `json:"received_at"`
		} `json:"payload"`
	} `json:"data"`
}

func readTelnyx(c call) (event, error) {
	var in telnyxCall
	if err := json.Unmarshal(c.body, &in); err != nil {
		return event{}, fmt.Errorf("%w: %w", channel.ErrUnreadable, err)
	}
	p := in.Data.Payload
	if in.Data.Type != "message.received" && in.Data.Type != "message.sent" && in.Data.Type != "message.finalized" {
		return event{idle: true}, nil
	}
	if p.ID == "" || len(p.To) == 0 || p.To[0].Number == "" {
		return event{}, fmt.Errorf("%w: no id or number", channel.ErrUnreadable)
	}
	e := event{id: p.ID, from: p.From.Number, to: p.To[0].Number, body: p.Text, sentAt: p.ReceivedAt}
	if in.Data.Type == "message.received" {
		if e.from == "" {
			return event{}, fmt.Errorf("%w: no sender", channel.ErrUnreadable)
		}
		for i, m := range p.Media[:min(len(p.Media), maxMedia)] {
			e.media = append(e.media, mediaPart(m.URL, m.Type, i))
		}
		return e, nil
	}
	e.state = p.To[0].Status
	r := channel.Report{InternetID: c.query().Get("ref"), ProviderID: p.ID, Recipient: e.to}
	var f telnyxFault
	if len(p.Errors) > 0 {
		f = p.Errors[0]
	}
	return telnyxStates.told(e, r, telnyxCodes, f.Code, f.words()), nil
}

var telnyxStates = states{
	"sent": parley.Sent, "delivery_unconfirmed": parley.Sent, "delivered": parley.Delivered,
	"sending_failed": parley.Bounced, "delivery_failed": parley.Bounced, expired: parley.Bounced,
}

// telnyxCodes are those of Telnyx's list of errors that a text can meet.
var telnyxCodes = codes{
	"10001": {reason: parley.ReasonPolicy, words: "The channel's number is not active."},
	"10002": {reason: parley.ReasonNoSuchNumber, words: "This is no telephone number."},
	"10009": {reason: parley.ReasonAuthFailure, words: "Telnyx does not know this API key."},
	"10010": {reason: parley.ReasonAuthFailure, words: "This API key may not send texts."},
	"10011": {reason: parley.ReasonNetwork, words: "Telnyx is asked too much at once.", later: true},
	"10016": {reason: parley.ReasonNoSuchNumber, words: "This is no telephone number."},
	"20006": {reason: parley.ReasonBalance, words: "The Telnyx account has no money left."},
	"20012": {reason: parley.ReasonPolicy, words: "The Telnyx account is not active."},
	"20100": {reason: parley.ReasonBalance, words: "The Telnyx account has no money left."},
	"40001": {reason: parley.ReasonNotMobile, words: "This is a landline, or a number that takes no texts."},
	"40002": {reason: parley.ReasonFiltered, words: "The carrier took the text for spam."},
	"40003": {reason: parley.ReasonFiltered, words: "The carrier blocks texts from the channel's number."},
	"40004": {reason: parley.ReasonFiltered, words: "The recipient's carrier refused the text, and does not say why."},
	"40005": {reason: parley.ReasonExpired, words: "The text was not delivered before its time was over."},
	"40006": {reason: parley.ReasonUnreachable, words: "The recipient's carrier does not answer for the moment."},
	"40007": {reason: parley.ReasonFiltered, words: "Two machines answer each other, so the text was stopped."},
	"40008": {reason: parley.ReasonOther, words: "The carrier did not take the text, and does not say why."},
	"40009": {reason: parley.ReasonPolicy, words: "The carrier does not take what the text says."},
	"40010": {reason: parley.ReasonFiltered, words: "The channel's number is not registered for texts from businesses (10DLC). Register it at Telnyx."},
	"40011": {reason: parley.ReasonNetwork, words: "The channel's number sends faster than the carrier allows."},
	"40012": {reason: parley.ReasonNoSuchNumber, words: "The carrier does not know the number."},
	"40013": {reason: parley.ReasonPolicy, words: "The carrier does not take texts from the channel's number."},
	"40014": {reason: parley.ReasonExpired, words: "The text was not sent before its time was over."},
	"40015": {reason: parley.ReasonFiltered, words: "Telnyx took the text for spam."},
	"40300": {reason: parley.ReasonOptedOut, words: "The recipient has opted out by writing STOP."},
	"40301": {reason: parley.ReasonTooLarge, words: "The text or its pictures cannot be sent as they are."},
	"40302": {reason: parley.ReasonTooLarge, words: "The text is longer than Telnyx takes."},
	"40305": {reason: parley.ReasonPolicy, words: "The channel's number is not of this Telnyx account, or has no messaging profile."},
	"40310": {reason: parley.ReasonNoSuchNumber, words: "This is no number that texts can be sent to."},
	"40318": {reason: parley.ReasonNetwork, words: "Too many texts of this number wait at Telnyx.", later: true},
	expired: {reason: parley.ReasonExpired, words: "The text was not delivered before its time was over."},
}

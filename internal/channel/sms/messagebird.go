package sms

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"parley/internal/channel"
	"parley/internal/parley"
)

// messagebird is MessageBird's REST API, which Bird goes on with.
type messagebird struct {
	base, numbersBase, key, signing string
}

const (
	messagebirdHome    = "https://rest.messagebird.com"
	messagebirdNumbers = "https://numbers.messagebird.com"
)

func newMessageBird(o options) provider {
	return messagebird{base: o.base(messagebirdHome), numbersBase: o.base(messagebirdNumbers), key: o["access_key"], signing: o["signing_key"]}
}

func (m messagebird) sign(r *http.Request) { r.Header.Set("Authorization", "AccessKey "+m.key) }

// request: pictures go by a call of their own, which takes no address for news: those
// come to the address that is set for the account, with our reference.
func (m messagebird) request(ctx context.Context, t text) (*http.Request, error) {
	body := map[string]any{"originator": strings.TrimPrefix(t.From, "+"), "body": t.Body, "reference": t.Ref}
	address := m.base + "/messages"
	if len(t.Images) > 0 {
		address = m.base + "/mms"
		body["recipients"], body["mediaUrls"] = strings.TrimPrefix(t.To, "+"), t.Images
	} else {
		body["recipients"], body["datacoding"] = []string{strings.TrimPrefix(t.To, "+")}, "auto"
		if t.Callback != "" {
			body["reportUrl"] = t.Callback
		}
	}
	r, err := jsonRequest(ctx, address, body)
	if err != nil {
		return nil, err
	}
	m.sign(r)
	return r, nil
}

func (messagebird) answered(status int, body []byte) (string, *channel.SendError) {
	var a struct {
		ID     string `json:"id"`
		Errors []struct {
			Code        int    `json:"code"`
			Description string `json:"description"`
			Parameter   string `json:"parameter"`
		} `json:"errors"`
	}
	err := json.Unmarshal(body, &a)
	if status/100 == 2 {
		if err != nil || a.ID == "" {
			return "", unknownAnswer(body)
		}
		return a.ID, nil
	}
	if len(a.Errors) == 0 {
		return "", refusal(status, "", "", messagebirdCodes)
	}
	fault := refusal(status, strconv.Itoa(a.Errors[0].Code), a.Errors[0].Description, messagebirdCodes)
	if a.Errors[0].Parameter == "recipients" && fault.Kind == channel.Permanent {
		fault.Reason = parley.ReasonNoSuchNumber
	}
	return "", fault
}

func (m messagebird) signed(c call, now time.Time) error {
	_, err := messagebirdClaims(m.signing, c, now)
	return err
}

func (m messagebird) check(ctx context.Context, ask asker) error {
	var a struct{}
	return ask.ask(ctx, m.base+"/balance", m.sign, &a)
}

func (m messagebird) numbers(ctx context.Context, ask asker) (out []parley.TextNumber, err error) {
	const limit = 100
	for page := range maxPages {
		var a struct {
			Total int `json:"totalCount"`
			Items []struct {
				Number   string   `json:"number"`
				Features []string `json:"features"`
			} `json:"items"`
		}
		q := url.Values{"limit": {strconv.Itoa(limit)}, "offset": {strconv.Itoa(page * limit)}}
		if err := ask.ask(ctx, m.numbersBase+"/v1/phone-numbers?"+q.Encode(), m.sign, &a); err != nil {
			return nil, err
		}
		for _, n := range a.Items {
			out = append(out, parley.TextNumber{Number: phone(n.Number), SMS: has(n.Features, "sms"), MMS: has(n.Features, "mms")})
		}
		if len(a.Items) < limit || len(out) >= a.Total {
			break
		}
	}
	return out, nil
}

func (m messagebird) mayFetch(r *http.Request) bool {
	if sameOrigin(r.URL, m.base) || r.URL.Scheme == "https" && within(r.URL.Hostname(), "messagebird.com") {
		m.sign(r)
		return true
	}
	return false
}

// readMessageBird reads what a flow or a webhook of a number brings, and status
// reports: by GET, as a form, or as JSON. The same thing has several names.
func readMessageBird(c call) (event, error) {
	f, err := c.fields()
	if err != nil {
		return event{}, err
	}
	if f.Get("status") != "" && f.Get("recipient") != "" {
		return messagebirdReport(c, f), nil
	}
	e := event{
		id: firstOf(f, "message_id", "messageId", "id"), from: firstOf(f, "originator", "sender"), to: firstOf(f, "recipient", "receiver"),
		body: firstOf(f, "payload", "body", "incomingMessage", "message"),
	}
	if e.from == "" || e.to == "" {
		return event{}, fmt.Errorf("%w: no originator or recipient", channel.ErrUnreadable)
	}
	e.sentAt, _ = time.Parse(time.RFC3339, f.Get("createdDatetime")) // none: zero
	for _, u := range messagebirdMedia(c, f) {
		if len(e.media) < maxMedia && u != "" {
			e.media = append(e.media, mediaPart(u, "", len(e.media)))
		}
	}
	return e, nil
}

// messagebirdMedia are the addresses of what an MMS shows: a list in JSON, or fields
// that are called mediaUrls, mediaUrls[] or mediaUrls[0].
func messagebirdMedia(c call, f url.Values) (out []string) {
	var list struct {
		MediaURLs []string `json:"mediaUrls"`
	}
	if json.Unmarshal(c.body, &list) == nil && len(list.MediaURLs) > 0 {
		return list.MediaURLs
	}
	out = append(append(out, f["mediaUrls"]...), f["mediaUrls[]"]...)
	for i := range maxMedia {
		out = append(out, f.Get("mediaUrls["+strconv.Itoa(i)+"]"))
	}
	return out
}

func messagebirdReport(c call, f url.Values) event {
	r := channel.Report{InternetID: cmp.Or(f.Get("reference"), c.query().Get("ref")), ProviderID: f.Get("id"), Recipient: f.Get("recipient")}
	e := event{id: r.ProviderID, from: f.Get("originator"), to: r.Recipient, state: f.Get("status")}
	return messagebirdStates.told(e, r, messagebirdReceipts, f.Get("statusErrorCode"), f.Get("statusReason"))
}

var messagebirdStates = states{
	"sent": parley.Sent, "delivered": parley.Delivered, "delivery_failed": parley.Bounced, expired: parley.Bounced,
}

// messagebirdCodes are those of an answer: developers.messagebird.com/api/#api-errors
var messagebirdCodes = codes{
	"2":  {reason: parley.ReasonAuthFailure, words: "MessageBird does not know this access key."},
	"9":  {reason: parley.ReasonPolicy, words: "Something is missing from the text."},
	"10": {reason: parley.ReasonPolicy, words: "MessageBird does not take something of the text: its number, or what it says."},
	"20": {reason: parley.ReasonPolicy, words: "MessageBird does not know the channel's number."},
	"21": {reason: parley.ReasonPolicy, words: "MessageBird does not take the text."},
	"25": {reason: parley.ReasonBalance, words: "The MessageBird account has no money left."},
	"98": {reason: parley.ReasonPolicy, words: "MessageBird has no such API at this address."},
	"99": {reason: parley.ReasonNetwork, words: "Something went wrong at MessageBird."},
}

// messagebirdReceipts are the error codes of status reports: docs.bird.com/api, "SMS
// platform extended error codes", which are the mobile network's (3GPP TS 29.002 17.6.7).
var messagebirdReceipts = codes{
	"1":     {reason: parley.ReasonNoSuchNumber, words: "The number is unknown or no longer in service."},
	"5":     {reason: parley.ReasonNoSuchNumber, words: "The number is unknown or no longer in service."},
	"6":     {reason: parley.ReasonUnreachable, words: "The phone could not be reached: it is switched off or has no coverage."},
	"9":     {reason: parley.ReasonNoSuchNumber, words: "The number is not allowed in its network."},
	"10":    {reason: parley.ReasonNotMobile, words: "The number takes no texts."},
	"11":    {reason: parley.ReasonNotMobile, words: "The number takes no texts."},
	"12":    {reason: parley.ReasonUnreachable, words: "The phone is barred in its network."},
	"13":    {reason: parley.ReasonFiltered, words: "The recipient's carrier bars texts to this number."},
	"21":    {reason: parley.ReasonNetwork, words: "The recipient's network carries no texts."},
	"27":    {reason: parley.ReasonUnreachable, words: "The phone could not be reached: it is switched off or has no coverage."},
	"28":    {reason: parley.ReasonOther, words: "The recipient's phone cannot take a text like this one."},
	"29":    {reason: parley.ReasonUnreachable, words: "The phone could not be reached: it is switched off or has no coverage."},
	"31":    {reason: parley.ReasonUnreachable, words: "The phone was busy."},
	"32":    {reason: parley.ReasonUnreachable, words: "The phone did not take the text: its memory may be full."},
	"33":    {reason: parley.ReasonUnreachable, words: "Too many texts wait for this phone already."},
	"34":    {reason: parley.ReasonNetwork, words: "The recipient's network failed."},
	"35":    {reason: parley.ReasonNetwork, words: "The recipient's network failed."},
	"36":    {reason: parley.ReasonNetwork, words: "The recipient's network failed."},
	"71":    {reason: parley.ReasonPolicy, words: "The recipient's network does not know the alphabet of the text."},
	expired: {reason: parley.ReasonExpired, words: "The text was not delivered before its time was over."},
}

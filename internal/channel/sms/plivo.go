package sms

import (
	"cmp"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"parley/internal/channel"
	"parley/internal/parley"
)

// plivo is version 1 of Plivo's API.
type plivo struct {
	base, id, token string
}

const plivoHome = "https://api.plivo.com"

func newPlivo(o options) provider {
	return plivo{base: o.base(plivoHome), id: o["auth_id"], token: o["auth_token"]}
}

func (p plivo) address(rest string) string {
	return p.base + "/v1/Account/" + url.PathEscape(p.id) + rest
}

func (p plivo) sign(r *http.Request) { r.SetBasicAuth(p.id, p.token) }

func (p plivo) request(ctx context.Context, m text) (*http.Request, error) {
	body := map[string]any{"src": m.From, "dst": m.To, "text": m.Body, "type": "sms"}
	if len(m.Images) > 0 {
		body["type"], body["media_urls"] = "mms", m.Images
	}
	if m.Callback != "" {
		body["url"], body["method"] = m.Callback, http.MethodPost
	}
	r, err := jsonRequest(ctx, p.address("/Message/"), body)
	if err != nil {
		return nil, err
	}
	p.sign(r)
	return r, nil
}

func (plivo) answered(status int, body []byte) (string, *channel.SendError) {
	var a struct {
		IDs   []string `json:"message_uuid"`
		Error any      `json:"error"` // words, or an object
	}
	err := json.Unmarshal(body, &a)
	if status/100 == 2 {
		if err != nil || len(a.IDs) == 0 {
			return "", unknownAnswer(body)
		}
		return a.IDs[0], nil
	}
	words, ok := a.Error.(string)
	if !ok && a.Error != nil {
		words = fmt.Sprint(a.Error)
	}
	fault := refusal(status, "", words, plivoCodes)
	if strings.Contains(strings.ToLower(words), "dst") && fault.Kind == channel.Permanent {
		fault.Reason = parley.ReasonNoSuchNumber
	}
	return "", fault
}

// plivoSignatures are the headers that may sign a call. Those with ma are made with
// the token of the main account, the others with that of a subaccount.
var plivoSignatures = []struct {
	nonce  string
	names  []string
	signed func(c call, nonce string) string
}{
	{"X-Plivo-Signature-V3-Nonce", []string{"X-Plivo-Signature-V3", "X-Plivo-Signature-Ma-V3"}, plivoV3},
	{"X-Plivo-Signature-V2-Nonce", []string{"X-Plivo-Signature-V2", "X-Plivo-Signature-Ma-V2"}, plivoV2},
}

// signed: Plivo documents version 2 for texts and sends version 3 as well. Where
// there is version 3, which covers the body, it counts alone.
func (p plivo) signed(c call, _ time.Time) error {
	if p.token == "" {
		return channel.ErrForged
	}
	for _, version := range plivoSignatures {
		nonce := c.header.Get(version.nonce)
		if nonce == "" {
			continue
		}
		mac := hmac.New(sha256.New, []byte(p.token))
		_, _ = mac.Write([]byte(version.signed(c, nonce))) // a hash never fails to write
		right := mac.Sum(nil)
		for _, name := range version.names {
			for given := range strings.SplitSeq(c.header.Get(name), ",") {
				if b, err := base64.StdEncoding.DecodeString(strings.TrimSpace(given)); err == nil && hmac.Equal(b, right) {
					return nil
				}
			}
		}
		return channel.ErrForged
	}
	return channel.ErrForged
}

// plivoV2 is the address without its query, and the nonce.
func plivoV2(c call, nonce string) string {
	address, _, _ := strings.Cut(c.url, "?")
	return address + nonce
}

// plivoV3 is the address with its parameters in order, those of the body, and the nonce.
func plivoV3(c call, nonce string) string {
	address, _, _ := strings.Cut(c.url, "?")
	var query, body strings.Builder
	q := c.query()
	for _, name := range slices.Sorted(maps.Keys(q)) {
		for _, value := range slices.Sorted(slices.Values(q[name])) {
			query.WriteString("&" + name + "=" + value)
		}
	}
	if f, err := c.fields(); err == nil && c.method != http.MethodGet && len(c.body) > 0 {
		for _, name := range slices.Sorted(maps.Keys(f)) {
			for _, value := range slices.Sorted(slices.Values(f[name])) {
				body.WriteString(name + value)
			}
		}
	}
	out := address
	if query.Len() > 0 || body.Len() > 0 {
		out += "?"
	}
	out += strings.TrimPrefix(query.String(), "&")
	if query.Len() > 0 && body.Len() > 0 {
		out += "."
	}
	return out + body.String() + "." + nonce
}

func (p plivo) check(ctx context.Context, ask asker) error {
	var a struct{}
	return ask.ask(ctx, p.address("/"), p.sign, &a)
}

func (p plivo) numbers(ctx context.Context, ask asker) (out []parley.TextNumber, err error) {
	const limit = 20 // more are not given at once
	for page := range 50 * maxPages {
		var a struct {
			Objects []struct {
				Number string `json:"number"`
				Alias  string `json:"alias"`
				SMS    bool   `json:"sms_enabled"`
				MMS    bool   `json:"mms_enabled"`
			} `json:"objects"`
			Meta struct {
				Total int `json:"total_count"`
			} `json:"meta"`
		}
		q := url.Values{"limit": {strconv.Itoa(limit)}, "offset": {strconv.Itoa(page * limit)}}
		if err := ask.ask(ctx, p.address("/Number/?"+q.Encode()), p.sign, &a); err != nil {
			return nil, err
		}
		for _, n := range a.Objects {
			out = append(out, parley.TextNumber{Number: phone(n.Number), Name: n.Alias, SMS: n.SMS, MMS: n.MMS})
		}
		if len(a.Objects) < limit || len(out) >= a.Meta.Total {
			break
		}
	}
	return out, nil
}

func (p plivo) mayFetch(r *http.Request) bool {
	if sameOrigin(r.URL, p.base) || r.URL.Scheme == "https" && within(r.URL.Hostname(), "plivo.com") {
		p.sign(r)
		return true
	}
	return false
}

// readPlivo reads an incoming message or a status.
func readPlivo(c call) (event, error) {
	f, err := c.fields()
	if err != nil {
		return event{}, err
	}
	id := f.Get("MessageUUID")
	if id == "" || f.Get("From") == "" || f.Get("To") == "" {
		return event{}, fmt.Errorf("%w: no MessageUUID, From or To", channel.ErrUnreadable)
	}
	e := event{id: id, from: f.Get("From"), to: f.Get("To"), state: strings.ToLower(f.Get("Status"))}
	if e.state != "" && e.state != "received" {
		return plivoReport(c, f, e), nil
	}
	e.state, e.body = "", firstOf(f, "Text", "Body")
	e.answered = f.Get("MessageIntent") != ""
	for i := range maxMedia {
		if u := f.Get("Media" + strconv.Itoa(i)); u != "" {
			e.media = append(e.media, mediaPart(u, "", len(e.media)))
		}
	}
	return e, nil
}

// plivoReport: the segments of a text have ids of their own, and that of the first is
// the one that we were told.
func plivoReport(c call, f url.Values, e event) event {
	r := channel.Report{InternetID: c.query().Get("ref"), ProviderID: cmp.Or(f.Get("ParentMessageUUID"), e.id), Recipient: e.to}
	code := f.Get("ErrorCode")
	if code == "000" { // none
		code = ""
	}
	told := plivoStates.told(e, r, plivoCodes, code, "")
	told.state += ":" + e.id
	return told
}

var plivoStates = states{
	"sent": parley.Sent, "delivered": parley.Delivered, "read": parley.Delivered,
	"failed": parley.Bounced, "undelivered": parley.Bounced, "rejected": parley.Bounced,
}

// plivoCodes are the error codes of reports: plivo.com/docs/messaging/troubleshooting/error-codes
var plivoCodes = codes{
	"10":   {reason: parley.ReasonPolicy, words: "The carrier does not take what the text says."},
	"20":   {reason: parley.ReasonNetwork, words: "The carrier's network failed."},
	"30":   {reason: parley.ReasonFiltered, words: "The carrier took the text for spam and did not deliver it."},
	"40":   {reason: parley.ReasonPolicy, words: "The channel's number is not of this Plivo account, or cannot send texts."},
	"50":   {reason: parley.ReasonNoSuchNumber, words: "This is no number that texts can be sent to."},
	"60":   {reason: parley.ReasonFiltered, words: "Two machines answer each other, so the text was stopped."},
	"70":   {reason: parley.ReasonNoSuchNumber, words: "The number is no longer in service."},
	"80":   {reason: parley.ReasonUnreachable, words: "The phone could not be reached: it is switched off or has no coverage."},
	"90":   {reason: parley.ReasonNetwork, words: "No carrier has a route to this number at the moment."},
	"100":  {reason: parley.ReasonPolicy, words: "The recipient's carrier does not take the text; its network may carry none."},
	"110":  {reason: parley.ReasonTooLarge, words: "The text is longer than Plivo takes."},
	"200":  {reason: parley.ReasonOptedOut, words: "The recipient has opted out by writing STOP."},
	"201":  {reason: parley.ReasonPolicy, words: "A toll-free number of the United States cannot text one in Canada."},
	"300":  {reason: parley.ReasonNetwork, words: "Plivo could not hand the text over."},
	"420":  {reason: parley.ReasonExpired, words: "The text was not delivered before its time was over."},
	"900":  {reason: parley.ReasonBalance, words: "The Plivo account has no money left."},
	"910":  {reason: parley.ReasonAuthFailure, words: "The Plivo account is disabled."},
	"1000": {reason: parley.ReasonOther, words: "The carrier did not deliver the text, and does not say why."},
}

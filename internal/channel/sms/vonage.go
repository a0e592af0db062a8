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
	"parley/internal/sms"
)

// vonage is Vonage's SMS API, once Nexmo's.
type vonage struct {
	base, key, secret, signature, method string
}

const vonageHome = "https://rest.nexmo.com"

func newVonage(o options) provider {
	return vonage{base: o.base(vonageHome), key: o["api_key"], secret: o["api_secret"], signature: o["signature_secret"], method: o["signature_method"]}
}

func (v vonage) sign(r *http.Request) { r.SetBasicAuth(v.key, v.secret) }

// maxVonageRef is how long a reference may be.
const maxVonageRef = 100

// request: the reference travels as one of its own, so that the address for news has
// no parameters that would be signed or not.
func (v vonage) request(ctx context.Context, m text) (*http.Request, error) {
	form := url.Values{
		"api_key": {v.key}, "api_secret": {v.secret}, "from": {strings.TrimPrefix(m.From, "+")}, "to": {strings.TrimPrefix(m.To, "+")},
		"text": {m.Body}, "type": {"text"},
	}
	if sms.Measure(m.Body).Encoding != sms.GSM {
		form.Set("type", "unicode")
	}
	if len(m.Ref) <= maxVonageRef && m.Ref != "" {
		form.Set("client-ref", m.Ref)
	}
	if m.Callback != "" {
		address, _, _ := strings.Cut(m.Callback, "?")
		form.Set("callback", address)
		form.Set("status-report-req", "1")
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, v.base+"/sms/json", strings.NewReader(form.Encode()))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return r, nil
}

// vonagePart is what is said of one segment of a text.
type vonagePart struct {
	ID     string `json:"message-id"`
	Status string `json:"status"`
	Error  string `json:"error-text"`
}

// answered: Vonage answers 200 whatever it thinks of the text, and says what it
// thinks of each segment. Some that were taken are some that may arrive.
func (vonage) answered(status int, body []byte) (string, *channel.SendError) {
	var a struct {
		Messages []vonagePart `json:"messages"`
	}
	if err := json.Unmarshal(body, &a); status/100 != 2 {
		return "", refusal(status, "", "", vonageCodes)
	} else if err != nil || len(a.Messages) == 0 {
		return "", unknownAnswer(body)
	}
	var ids []string
	var refused *vonagePart
	for _, p := range a.Messages {
		if p.Status == "0" {
			ids = append(ids, p.ID)
		} else if refused == nil {
			refused = &p
		}
	}
	if refused == nil {
		return strings.Join(ids, ","), nil
	}
	fault := refusal(http.StatusBadRequest, refused.Status, refused.Error, vonageCodes)
	if len(ids) > 0 {
		fault.Kind = channel.Uncertain
	}
	return "", fault
}

// vonageWindow is how old a call may be: Vonage tries for a day to make one.
const vonageWindow = 25 * time.Hour

func (v vonage) signed(c call, now time.Time) error {
	f, err := c.fields()
	if err != nil || v.signature == "" {
		return channel.ErrForged
	}
	if !vonageSigned(v.method, v.signature, f) || !recent(f.Get("timestamp"), now, vonageWindow) {
		return channel.ErrForged
	}
	return nil
}

func (v vonage) check(ctx context.Context, ask asker) error {
	var a struct{}
	return ask.ask(ctx, v.base+"/account/numbers?size=1", v.sign, &a)
}

func (v vonage) numbers(ctx context.Context, ask asker) (out []parley.TextNumber, err error) {
	const size = 100
	for page := 1; page <= maxPages; page++ {
		var a struct {
			Count   int `json:"count"`
			Numbers []struct {
				Number   string   `json:"msisdn"`
				Features []string `json:"features"`
			} `json:"numbers"`
		}
		if err := ask.ask(ctx, v.base+"/account/numbers?size="+strconv.Itoa(size)+"&index="+strconv.Itoa(page), v.sign, &a); err != nil {
			return nil, err
		}
		for _, n := range a.Numbers {
			out = append(out, parley.TextNumber{Number: phone(n.Number), SMS: has(n.Features, "sms"), MMS: has(n.Features, "mms")})
		}
		if len(a.Numbers) < size || len(out) >= a.Count {
			break
		}
	}
	return out, nil
}

func has(features []string, name string) bool {
	for _, f := range features {
		if strings.EqualFold(f, name) {
			return true
		}
	}
	return false
}

// readVonage reads an inbound text or a delivery receipt: by GET, as a form, or as JSON.
func readVonage(c call) (event, error) {
	f, err := c.fields()
	if err != nil {
		return event{}, err
	}
	id := f.Get("messageId")
	if id == "" || f.Get("msisdn") == "" {
		return event{}, fmt.Errorf("%w: no messageId or msisdn", channel.ErrUnreadable)
	}
	if f.Get("status") != "" && f.Get("text") == "" {
		return vonageReport(c, f, id), nil
	}
	if f.Get("to") == "" {
		return event{}, fmt.Errorf("%w: no receiver", channel.ErrUnreadable)
	}
	sent, _ := time.Parse(time.DateTime, f.Get("message-timestamp")) // none: zero
	e := event{id: id, from: f.Get("msisdn"), to: f.Get("to"), body: f.Get("text"), sentAt: sent}
	if f.Get("concat") == "true" {
		e.piece = piece{ref: f.Get("concat-ref"), number: number(f.Get("concat-part")), total: number(f.Get("concat-total"))}
	}
	return e, nil
}

// number reads a small positive number; else 0.
func number(s string) int {
	n, err := strconv.ParseUint(s, 10, 8)
	if err != nil {
		return 0
	}
	return int(n)
}

func vonageReport(c call, f url.Values, id string) event {
	r := channel.Report{InternetID: cmp.Or(f.Get("client-ref"), c.query().Get("ref")), ProviderID: id, Recipient: f.Get("msisdn")}
	e := event{id: id, from: f.Get("to"), to: f.Get("msisdn"), state: f.Get("status")}
	return vonageStates.told(e, r, vonageReceipts, f.Get("err-code"), "")
}

var vonageStates = states{
	"accepted": parley.Sent, "delivered": parley.Delivered,
	"failed": parley.Bounced, "rejected": parley.Bounced, expired: parley.Bounced, "deleted": parley.Bounced, "undeliverable": parley.Bounced,
}

// vonageCodes are the status of an answer:
// developer.vonage.com/en/messaging/sms/guides/troubleshooting-sms
var vonageCodes = codes{
	"1":  {reason: parley.ReasonNetwork, words: "Vonage is asked too much at once.", later: true},
	"2":  {reason: parley.ReasonPolicy, words: "Something is missing from the text."},
	"3":  {reason: parley.ReasonPolicy, words: "Vonage does not take something of the text: its number, or what it says."},
	"4":  {reason: parley.ReasonAuthFailure, words: "Vonage does not know this key and secret."},
	"5":  {reason: parley.ReasonNetwork, words: "Something went wrong at Vonage.", later: true},
	"6":  {reason: parley.ReasonNoSuchNumber, words: "Vonage does not know numbers that begin like this one."},
	"7":  {reason: parley.ReasonPolicy, words: "Texts to this number are barred at Vonage."},
	"8":  {reason: parley.ReasonPolicy, words: "The Vonage account is barred."},
	"9":  {reason: parley.ReasonBalance, words: "The Vonage account has no money left."},
	"10": {reason: parley.ReasonNetwork, words: "Vonage is asked too much at once.", later: true},
	"11": {reason: parley.ReasonPolicy, words: "The Vonage account may not send over this API."},
	"12": {reason: parley.ReasonTooLarge, words: "The text is longer than Vonage takes."},
	"14": {reason: parley.ReasonAuthFailure, words: "Vonage asks for a signature on what is sent. Switch that off for this key."},
	"15": {reason: parley.ReasonPolicy, words: "The channel's number may not send to this recipient."},
	"22": {reason: parley.ReasonPolicy, words: "Vonage does not know the network that the text was meant for."},
	"23": {reason: parley.ReasonPolicy, words: "Vonage does not take the address for news of the text."},
	"29": {reason: parley.ReasonPolicy, words: "A trial account of Vonage texts only numbers that were added there."},
	"32": {reason: parley.ReasonAuthFailure, words: "Vonage takes a signature or the secret with this key, not both."},
	"33": {reason: parley.ReasonNoSuchNumber, words: "The number is no longer in service."},
}

// vonageReceipts are the error codes of delivery receipts:
// developer.vonage.com/en/messaging/sms/guides/delivery-receipts
var vonageReceipts = codes{
	"1":     {reason: parley.ReasonOther, words: "The carrier did not deliver the text, and does not say why."},
	"2":     {reason: parley.ReasonUnreachable, words: "The phone could not be reached: it is switched off or has no coverage."},
	"3":     {reason: parley.ReasonNoSuchNumber, words: "The number is no longer in service."},
	"4":     {reason: parley.ReasonNotMobile, words: "The number is barred from receiving texts, which only its owner can have changed."},
	"5":     {reason: parley.ReasonNetwork, words: "The number was ported, and its carrier could not be found."},
	"6":     {reason: parley.ReasonFiltered, words: "The carrier took the text for spam and did not deliver it."},
	"7":     {reason: parley.ReasonUnreachable, words: "The phone was busy."},
	"8":     {reason: parley.ReasonNetwork, words: "The carrier's network failed."},
	"9":     {reason: parley.ReasonOptedOut, words: "The recipient has opted out of texts from this number."},
	"10":    {reason: parley.ReasonPolicy, words: "The carrier does not take the text as it was built, such as its alphabet."},
	"11":    {reason: parley.ReasonNetwork, words: "Vonage has no route to this number."},
	"12":    {reason: parley.ReasonNoSuchNumber, words: "No network leads to this number. It may be a wrong one."},
	"13":    {reason: parley.ReasonFiltered, words: "The carrier blocks texts like this one for the recipient's age."},
	"14":    {reason: parley.ReasonNotMobile, words: "The recipient's plan takes no texts of this kind, which they can ask their carrier to change."},
	"15":    {reason: parley.ReasonUnreachable, words: "The recipient's prepaid card is empty."},
	"16":    {reason: parley.ReasonNetwork, words: "The channel's number sends faster than allowed."},
	"50":    {reason: parley.ReasonFiltered, words: "The sender is not registered in the recipient's country."},
	"51":    {reason: parley.ReasonFiltered, words: "The sender's name is not registered in the recipient's country."},
	"52":    {reason: parley.ReasonFiltered, words: "The text is not registered in the recipient's country."},
	"53":    {reason: parley.ReasonFiltered, words: "The recipient's consent is not registered in their country."},
	"54":    {reason: parley.ReasonPolicy, words: "The rules of the recipient's country do not allow the text."},
	"99":    {reason: parley.ReasonOther, words: "The carrier did not deliver the text, and does not say why."},
	expired: {reason: parley.ReasonExpired, words: "The text was not delivered before its time was over."},
}

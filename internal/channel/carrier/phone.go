package carrier

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"parley/internal/sms"
)

// Text is written by a phone to a number of the account, which is called for it. The
// text is in the log whatever the call comes to; a call that is not answered with 2xx
// is a *StatusError. Twilio makes no second call; Resend does.
func (c *Carrier) Text(ctx context.Context, from, to, body string, media ...Media) (Text, error) {
	c.mu.Lock()
	number, ok := c.numberOf(to)
	if !ok {
		c.mu.Unlock()
		return Text{}, fmt.Errorf("no number %q in the account", to)
	}
	kind := "SM"
	if len(media) > 0 {
		kind = "MM"
	}
	t := &Text{SID: c.sid(kind), From: from, To: to, Body: body, Media: media, At: c.cfg.Now(), Written: true, Status: "received"}
	c.texts = append(c.texts, t)
	said := c.heed(number, from, body)
	c.news()
	kept := *t
	c.mu.Unlock()
	if err := c.bring(ctx, kept, number, said); err != nil {
		return kept, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	t.Taken = true
	c.news()
	return *t, nil
}

// Resend makes the call for a text once more, as a provider does that is not sure
// whether it was heard.
func (c *Carrier) Resend(ctx context.Context, t Text) error {
	c.mu.Lock()
	number, _ := c.numberOf(t.To)
	c.mu.Unlock()
	return c.bring(ctx, t, number, wordOf(t.Body))
}

// bring calls the number's address for a text.
func (c *Carrier) bring(ctx context.Context, t Text, n Number, said string) error {
	if n.URL == "" {
		return nil
	}
	form := url.Values{
		"MessageSid": {t.SID}, "SmsSid": {t.SID}, "SmsMessageSid": {t.SID}, "SmsStatus": {"received"},
		"From": {t.From}, "To": {t.To}, "Body": {t.Body}, "AccountSid": {c.cfg.AccountSID}, "ApiVersion": {apiVersion},
		"NumSegments": {segments(t.Body)}, "NumMedia": {strconv.Itoa(len(t.Media))},
		"FromCountry": {""}, "ToCountry": {""}, "FromCity": {""}, "ToCity": {""}, "FromState": {""}, "ToState": {""}, "FromZip": {""}, "ToZip": {""},
	}
	for i, m := range t.Media {
		form.Set("MediaUrl"+strconv.Itoa(i), c.mediaAddress(t.SID, i))
		form.Set("MediaContentType"+strconv.Itoa(i), m.ContentType)
	}
	if said != "" && c.cfg.OptOut == OptOutAdvanced {
		form.Set("OptOutType", said)
	}
	if len(n.Services) > 0 {
		form.Set("MessagingServiceSid", n.Services[0])
	}
	return c.call(ctx, n.URL, form)
}

// The words that Twilio heeds by default, and what it answers.
var (
	stopWords  = []string{"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"}
	startWords = []string{"START", "YES", "UNSTOP"}
	helpWords  = []string{"HELP", "INFO"}
)

const (
	stopAnswer  = "You have successfully been unsubscribed. You will not receive any more messages from this number. Reply START to resubscribe."
	startAnswer = "You have successfully been re-subscribed to messages from this number. Reply HELP for help. Reply STOP to unsubscribe. Msg&Data Rates May Apply."
	helpAnswer  = "Reply STOP to unsubscribe. Msg&Data Rates May Apply."
)

func wordOf(body string) string {
	word := strings.ToUpper(strings.TrimSpace(body))
	switch {
	case slices.Contains(stopWords, word):
		return "STOP"
	case slices.Contains(startWords, word):
		return "START"
	case slices.Contains(helpWords, word):
		return "HELP"
	}
	return ""
}

// heed does what STOP, START and HELP ask for, and says which of them it was. c.mu is held.
func (c *Carrier) heed(n Number, phone, body string) string {
	said := wordOf(body)
	if said == "" || c.cfg.OptOut == OptOutOff {
		return ""
	}
	answer := helpAnswer
	switch said {
	case "STOP":
		if c.out(n, phone) {
			return said // it has said so before, and hears nothing more
		}
		answer = stopAnswer
		c.setOut(n, phone, true)
	case "START":
		if !c.out(n, phone) && strings.EqualFold(strings.TrimSpace(body), "YES") {
			return "" // an answer like any other
		}
		answer = startAnswer
		c.setOut(n, phone, false)
	}
	c.texts = append(c.texts, &Text{SID: c.sid("SM"), From: n.Number, To: phone, Body: answer, At: c.cfg.Now(), Status: "delivered"})
	return said
}

// out reports whether a phone wants nothing of a number, or of a service that it is of.
func (c *Carrier) out(n Number, phone string) bool {
	return slices.ContainsFunc(append([]string{n.Number}, n.Services...), func(of string) bool { return c.stopped[[2]string{of, phone}] })
}

func (c *Carrier) setOut(n Number, phone string, out bool) {
	for _, of := range append([]string{n.Number}, n.Services...) {
		c.stopped[[2]string{of, phone}] = out
	}
}

// segments is in how many pieces a text travels, as a provider bills them.
func segments(body string) string { return strconv.Itoa(sms.Measure(body).Segments) }

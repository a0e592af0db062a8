package email_test

import (
	"errors"
	"strings"
	"testing"

	"parley/internal/channel"
	"parley/internal/channel/channeltest"
	"parley/internal/channel/email"
	"parley/internal/parley"
)

// TestWhatARefusalMeans: code and words give the reason, and an address counts as
// dead only where the answer is about that one address.
func TestWhatARefusalMeans(t *testing.T) {
	t.Parallel()
	const rcpt, data, dot, mail = channeltest.AtRcpt, channeltest.AtData, channeltest.AtDot, channeltest.AtMail
	one, two := []string{"ann@client.test"}, []string{"ann@client.test", "bo@client.test"}
	for _, c := range []struct {
		at     channeltest.Stage
		to     []string
		reply  string
		status string
		reason parley.Reason
	}{
		{rcpt, one, "550 5.1.1 <ann@client.test>: Recipient address rejected: User unknown in relay recipient table", "5.1.1", parley.ReasonNoSuchUser},
		{rcpt, one, "550 No such user here", "", parley.ReasonNoSuchUser},
		{rcpt, one, "550-5.1.1 The email account that you tried to reach does not exist.\r\n550 5.1.1 Please try again", "5.1.1", parley.ReasonNoSuchUser},
		{rcpt, one, "550 5.1.2 <ann@client.test>: Recipient address rejected: Domain not found", "5.1.2", parley.ReasonHostUnknown},
		{rcpt, one, "550 5.2.1 The account is disabled", "5.2.1", parley.ReasonSuspended},
		{rcpt, one, "556 5.1.10 Recipient address has a null MX", "5.1.10", parley.ReasonHostUnknown},
		{rcpt, one, "552-5.2.2 The recipient's inbox is out of storage space and inactive.\r\n552 5.2.2 .", "5.2.2", parley.ReasonMailboxFull},
		{rcpt, one, "550 no", "", parley.ReasonOther},
		{dot, one, "550 5.1.1 User unknown", "5.1.1", parley.ReasonNoSuchUser},
		{data, one, "550 5.1.1 User unknown", "5.1.1", parley.ReasonNoSuchUser},
		{dot, one, "552 5.2.2 Mailbox full", "5.2.2", parley.ReasonMailboxFull},
		{dot, one, "552 5.3.4 Message too big for system", "5.3.4", parley.ReasonTooLarge},
		{dot, one, "554 5.7.1 Message rejected as spam", "5.7.1", parley.ReasonBlockedAsSpam},
		{dot, one, "550 5.7.26 Unauthenticated email from shop.test is not accepted due to domain's DMARC policy", "5.7.26", parley.ReasonAuthFailure},
		// Nobody can tell which of them it is about.
		{dot, two, "550 5.1.1 User unknown", "5.1.1", parley.ReasonOther},
		{dot, two, "554 5.7.1 Message rejected as spam", "5.7.1", parley.ReasonBlockedAsSpam},
		// What is held against us is nobody's dead address.
		{rcpt, one, "554 5.7.1 <ann@client.test>: Relay access denied", "5.7.1", parley.ReasonPolicy},
		{rcpt, one, "550 5.7.1 Relaying denied, no such user", "5.7.1", parley.ReasonPolicy},
		{rcpt, one, "550 5.1.8 <help@shop.test>: Sender address rejected: Domain not found", "5.1.8", parley.ReasonPolicy},
		{rcpt, one, "450 4.1.8 <help@shop.test>: Sender address rejected: Domain not found", "4.1.8", parley.ReasonPolicy},
		{rcpt, one, "550-Verification failed for <help@shop.test>\r\n550-Unrouteable address: unknown user\r\n550 Sender verify failed", "", parley.ReasonPolicy},
		{rcpt, one, "550 5.5.2 <x>: Helo command rejected: Host not found", "5.5.2", parley.ReasonPolicy},
		{rcpt, one, "550 Client host rejected: host not found, [192.0.2.1]", "", parley.ReasonPolicy},
		{mail, one, "550 5.1.1 Unknown user", "5.1.1", parley.ReasonPolicy},
		{mail, one, "553 Domain not found", "", parley.ReasonPolicy},
	} {
		t.Run(string(c.at)+" "+c.reply, func(t *testing.T) {
			t.Parallel()
			srv := channeltest.SMTPServer(t, channeltest.SMTPOptions{})
			srv.Script(channeltest.Fault{At: c.at, Reply: c.reply})
			m := outgoing
			m.Recipients = c.to
			receipt, err := send(t, relayTo(t, srv.URL()), m)
			fault, ok := errors.AsType[*channel.SendError](err)
			if !ok {
				t.Fatalf("it was taken: %v", err)
			}
			got := channel.Refusal{Text: fault.Text, Status: fault.Status, Reason: fault.Reason}
			for _, all := range []map[string]channel.Refusal{receipt.Refused, receipt.Deferred} {
				if told, ok := all[c.to[0]]; ok {
					got = told
				}
			}
			if got.Status != c.status || got.Reason != c.reason || got.Text == "" {
				t.Errorf("it means %+v, want %s of %q", got, c.reason, c.status)
			}
		})
	}
}

// TestOurOwnFaultHasNoReason: a wrong password, or no relay at all, is nobody's answer to a mail.
func TestOurOwnFaultHasNoReason(t *testing.T) {
	t.Parallel()
	locked := channeltest.SMTPServer(t, channeltest.SMTPOptions{User: "u", Password: "right"})
	for name, ch := range map[string]channel.Channel{
		"a wrong password": open(t, email.Type{Relays: relays(t, strings.Replace(locked.URL(), "right", "wrong", 1))}, `{}`),
		"no relay":         open(t, email.Type{}, `{}`),
	} {
		_, err := ch.Send(t.Context(), outgoing)
		if fault, ok := errors.AsType[*channel.SendError](err); !ok || fault.Reason != "" || fault.Status != "" || fault.Text == "" {
			t.Errorf("%s: %+v", name, fault)
		}
	}
}

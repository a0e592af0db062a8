package email

import (
	"testing"

	"parley/internal/mime"
)

func TestConfirmation(t *testing.T) {
	t.Parallel()
	gmail := "From: Gmail Team <forwarding-noreply@google.com>\r\nSubject: (#123456789) Gmail Forwarding Confirmation - Receive Mail from ann@gmail.com\r\n\r\n" +
		"ann@gmail.com has requested to automatically forward mail to your email address.\r\nConfirmation code: 123456789\r\n\r\nTo allow, click:\r\n\r\n" +
		"https://mail-settings.google.com/mail/vf-%5BANGjdJ8%5D-abc\r\n\r\nTo cancel: https://mail-settings.google.com/mail/uf-%5BANGjdJ8%5D-abc\r\nhttps://support.google.com/mail/bin/answer.py?answer=184973\r\n"
	for name, c := range map[string]struct {
		mail, provider, code, link string
	}{
		"gmail":           {gmail, "google", "123456789", "https://mail-settings.google.com/mail/vf-%5BANGjdJ8%5D-abc"},
		"gmail in german": {"From: <forwarding-noreply@google.com>\r\nSubject: (#987654321) Gmail-Weiterleitung\r\n\r\nhttps://mail.google.com/mail/vf-x\r\n", "google", "987654321", "https://mail.google.com/mail/vf-x"},
		"another":         {"From: no-reply@mail.zoho.eu\r\nSubject: Confirm email forwarding\r\n\r\nVerification code: 48213377\r\nOr open https://accounts.zoho.eu/confirm?d=1.\r\n", "zoho.eu", "48213377", "https://accounts.zoho.eu/confirm?d=1"},
		"foreign link":    {"From: x@y.test\r\nSubject: Confirm forwarding\r\n\r\nhttps://evil.example/confirm?x=1\r\n", "", "", ""},
		"no such mail":    {"From: x@y.test\r\nSubject: Invoice\r\n\r\nPlease confirm. https://y.test/pay?x=1\r\n", "", "", ""},
		"a question":      {"From: x@y.com\r\nSubject: forwarding\r\n\r\nCan you confirm that forwarding works?\r\n", "", "", ""},
	} {
		got := confirmation(mime.Read([]byte(c.mail)))
		if c.provider == "" {
			if got != nil {
				t.Errorf("%s: %+v", name, got)
			}
			continue
		}
		if got == nil || got.Provider != c.provider || got.Code != c.code || got.Link != c.link {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func FuzzConfirmation(f *testing.F) {
	f.Add("a@x.co.uk", "Confirm forwarding (#123456)", "code: 1234 https://x.co.uk/confirm?a=1")
	f.Fuzz(func(t *testing.T, from, subject, text string) {
		m := mime.Message{Subject: subject, Text: text}
		m.From.Email = from
		if c := confirmation(m); c != nil && c.Code == "" && c.Link == "" {
			t.Fatalf("%+v", c)
		}
	})
}

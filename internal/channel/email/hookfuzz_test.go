package email

import (
	"errors"
	"testing"

	"parley/internal/channel"
	"parley/internal/mime"
)

// What a provider sends is read or refused, and what is put together from it is a mail.
func fuzzed(t *testing.T, m brought, err error) {
	t.Helper()
	if err != nil {
		if !errors.Is(err, channel.ErrUnreadable) {
			t.Fatal(err)
		}
		return
	}
	_ = mime.Read(m.mail)
}

func FuzzPostmark(f *testing.F) {
	f.Add([]byte(`{"MessageID":"1","From":"a@x.test","Headers":[{"Name":"X","Value":"y\r\nz"}],"Attachments":[{"Name":"a","Content":"aGk="}]}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		m, err := parsePostmark(body)
		fuzzed(t, m, err)
	})
}

func FuzzForm(f *testing.F) {
	f.Add("multipart/form-data; boundary=x", []byte("--x\r\nContent-Disposition: form-data; name=\"headers\"\r\n\r\nFrom: a@x.test\r\n--x--\r\n"))
	f.Add("application/x-www-form-urlencoded", []byte("token=1&from=a%40x.test&message-headers=[[\"A\",\"b\"]]&content-id-map={}&charsets={\"text\":\"utf-7\"}&text=+AOk-"))
	f.Fuzz(func(t *testing.T, contentType string, body []byte) {
		form, err := readForm(contentType, body)
		if err != nil {
			fuzzed(t, brought{}, err)
			return
		}
		m, err := parseMailgun(form)
		fuzzed(t, m, err)
		m, err = parseSendGrid(form)
		fuzzed(t, m, err)
	})
}

func FuzzSES(f *testing.F) {
	f.Add([]byte(`{"notificationType":"Received","mail":{"messageId":"1"},"receipt":{"action":{"encoding":"BASE64"}},"content":"aGk="}`))
	f.Fuzz(func(t *testing.T, message []byte) {
		all, err := parseSES(message)
		if err != nil || len(all) == 0 {
			fuzzed(t, brought{}, err)
			return
		}
		fuzzed(t, all[0], nil)
	})
}

func FuzzTokenAnswer(f *testing.F) {
	f.Add(200, []byte(`{"access_token":"a","expires_in":3599}`))
	f.Fuzz(func(t *testing.T, status int, body []byte) {
		a, err := readTokenAnswer(status, body)
		if (err == nil) != (a.AccessToken != "" && a.Error == "" && a.ExpiresIn > 0) && err == nil {
			t.Fatalf("%+v", a)
		}
	})
}

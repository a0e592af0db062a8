package sms_test

import (
	"fmt"

	"parley/internal/channel"
	"parley/internal/channel/sms"
)

func Example() {
	typ := sms.New(sms.Config{BaseURL: "https://help.example.test"})
	ch, err := typ.Open(1, []byte(`{"text":{"provider":"twilio","options":{"account_sid":"AC1"}},"secret":{"text":{"auth_token":"t"}},"number":"+14155550100"}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	p, err := ch.Parse(channel.Raw{Body: []byte(`{"version":1,"provider":"twilio","method":"POST","url":"https://help.example.test/hooks/tok","content_type":"application/x-www-form-urlencoded",` +
		`"body":"TWVzc2FnZVNpZD1TTTEmRnJvbT0lMkIxNDE1NTU1MDEyMyZUbz0lMkIxNDE1NTU1MDEwMCZCb2R5PWhp"}`)})
	fmt.Println(p.From.Phone, p.Text, err)
	// Output: +14155550123 hi <nil>
}

package email_test

import (
	"context"
	"fmt"

	"parley/internal/channel"
	"parley/internal/channel/channeltest"
	"parley/internal/channel/email"
	"parley/internal/dial"
)

// A mail goes out through a relay, which happens to be our own listener.
func Example() {
	ctx := context.Background()
	var sink channeltest.Sink
	l, _ := email.NewListener(ctx, email.ListenerConfig{
		Addr: "127.0.0.1:0", Sink: &sink, Directory: channeltest.Directory{"help@shop.test": 1},
	})
	go func() { _ = l.Serve(ctx) }()

	relays, _ := email.NewRelays(email.RelaysConfig{URL: "smtp://" + l.Addr().String(), Dial: dial.Trusted().DialContext})
	ch, _ := email.Type{Relays: relays}.Open(1, nil)
	_, err := ch.Send(ctx, channel.Outgoing{
		MailFrom:   "jane@example.test",
		Recipients: []string{"help@shop.test"},
		Body:       []byte("From: jane@example.test\r\nSubject: Hello\r\n\r\nIs anybody there?\r\n"),
	})
	_ = relays.Close()
	_ = l.Close()

	raw := sink.Accepted()[0]
	parsed, _ := ch.Parse(raw)
	fmt.Println(err, raw.RcptTo, parsed.Subject)
	// Output: <nil> [help@shop.test] Hello
}

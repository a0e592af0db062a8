package sms_test

import (
	"context"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/internal/channel"
	"parley/internal/channel/channeltest"
	"parley/internal/parley"
)

// seen is a line that a message centre of another make says.
type seen struct {
	Port     int    `json:"port"`
	Bound    int    `json:"bound"`
	Unbound  bool   `json:"unbound"`
	Answered *int   `json:"answered"`
	From     string `json:"from"`
	To       string `json:"to"`
	Text     string `json:"text"`
	UDH      string `json:"udh"`
	Receipt  int    `json:"receipt"`
}

func next(c channeltest.MessageCentre) (s seen) {
	c.Next(&s)
	return s
}

// TestSMPPWithAnotherCentre: a session with an implementation that shares nothing
// with ours: texts in both directions, long ones, and receipts.
func TestSMPPWithAnotherCentre(t *testing.T) {
	t.Parallel()
	centre := channeltest.NewMessageCentre(t)
	port := strconv.Itoa(next(centre).Port)
	news := make(chan struct{}, 100)
	sink := &channeltest.Sink{}
	stranger := open(t, config(t), smppSettings(port, "system_id", "other"))
	if err := stranger.(channel.Checker).CheckIncoming(t.Context()); !parley.IsCode(err, parley.Forbidden) {
		t.Errorf("another system id: %v", err)
	}
	ch := open(t, config(t), smppSettings(port))
	end := receiving(t, ch, told{sink, news})
	if s := next(centre); s.Bound != 0x34 {
		t.Errorf("bound as %#x", s.Bound)
	}
	nodeTakes(t, ch, centre, sink, news)
	nodeBrings(t, ch, centre, sink)
	_ = end()
	if s := next(centre); !s.Unbound {
		t.Errorf("it ended with %+v", s)
	}
}

// told tells of what a sink accepts.
type told struct {
	*channeltest.Sink
	news chan<- struct{}
}

func (s told) Accept(ctx context.Context, raw channel.Raw) error {
	err := s.Sink.Accept(ctx, raw)
	s.news <- struct{}{}
	return err
}

func nodeTakes(t *testing.T, ch channel.Channel, centre channeltest.MessageCentre, sink *channeltest.Sink, news <-chan struct{}) {
	t.Helper()
	long := strings.Repeat("Grüße ", 40)
	for _, text := range []string{"Hello {you} @ 5 €", "Привет 🙂", long} {
		l := letter
		l.Text = text
		before := len(sink.Accepted())
		receipt, err := ch.Send(t.Context(), channel.Outgoing{Body: compose(t, ch, l)})
		if err != nil {
			t.Fatal(err)
		}
		ids, got := strings.Split(receipt.ProviderID, ","), ""
		for range ids {
			s := next(centre)
			if s.From != strings.TrimPrefix(office, "+") || s.To != strings.TrimPrefix(phone, "+") || s.Receipt != 1 || (s.UDH != "") != (len(ids) > 1) {
				t.Errorf("%+v", s)
			}
			got += s.Text
			<-news
		}
		if got != text {
			t.Errorf("it read %q, want %q", got, text)
		}
		for i, raw := range sink.Accepted()[before:] {
			r := parsed(t, ch, []channel.Raw{raw}).Reports[0]
			want := channel.Report{ProviderID: ids[i], Recipient: phone, Delivery: parley.Delivered}
			if diff := cmp.Diff(want, r); diff != "" {
				t.Error(diff)
			}
		}
	}
	l := letter
	l.Text, l.To = "hi", parley.Addresses{{Phone: "+14155550199"}}
	if _, err := ch.Send(t.Context(), channel.Outgoing{Body: compose(t, ch, l)}); channel.KindOf(err) != channel.Permanent {
		t.Errorf("%v", err)
	}
}

func nodeBrings(t *testing.T, ch channel.Channel, centre channeltest.MessageCentre, sink *channeltest.Sink) {
	t.Helper()
	from, to := strings.TrimPrefix(phone, "+"), strings.TrimPrefix(office, "+")
	brought := func(what map[string]any) {
		t.Helper()
		what["from"], what["to"] = from, to
		centre.Tell(what)
	}
	before := len(sink.Accepted())
	brought(map[string]any{"text": "5 € [ok]"})
	brought(map[string]any{"text": "Привет 🙂"})
	brought(map[string]any{"text": strings.Repeat("long ", 80), "payload": true})
	brought(map[string]any{"text": "one ", "udh": "0500030a0201"})
	brought(map[string]any{"text": "two", "udh": "0500030a0202"})
	for range 5 {
		if s := next(centre); s.Answered == nil || *s.Answered != 0 {
			t.Errorf("%+v", s)
		}
	}
	var got []string
	for _, raw := range sink.Accepted()[before:] {
		got = append(got, parsed(t, ch, []channel.Raw{raw}).Text)
	}
	if diff := cmp.Diff([]string{"5 € [ok]", "Привет 🙂", strings.Repeat("long ", 80), "one two"}, got); diff != "" {
		t.Error(diff)
	}
}

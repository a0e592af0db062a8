package channeltest_test

import (
	"encoding/json"
	"testing"

	"go.uber.org/goleak"

	"parley/internal/channel"
	"parley/internal/channel/channeltest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// TestFakeKeepsTheContract: a stand-in that behaves otherwise than the real
// thing would prove nothing.
func TestFakeKeepsTheContract(t *testing.T) {
	t.Parallel()
	channeltest.Run(t, channeltest.NewFake(nil), channeltest.Case{
		Settings: json.RawMessage(`{}`),
		Inputs:   []channel.Raw{{ChannelID: 1, Body: []byte("hello")}},
		Outgoing: channel.Outgoing{ChannelID: 1, Recipients: []string{"a@b.test"}, Body: []byte("hello\r\n")},
		FarEnd:   fakeFarEnd,
	})
}

func fakeFarEnd(t *testing.T, how channeltest.Behaviour) channeltest.FarEnd {
	fake := channeltest.NewFake(nil)
	ch, err := fake.Open(1, json.RawMessage(`{}`))
	if err != nil {
		t.Fatal(err)
	}
	fault := func(kind channel.SendErrorKind) *channel.SendError {
		return &channel.SendError{Kind: kind, Text: string(how)}
	}
	reached := make(chan struct{})
	close(reached)
	far := channeltest.FarEnd{Channel: ch, Got: func() (bodies [][]byte) {
		for _, m := range fake.Sent() {
			bodies = append(bodies, m.Body)
		}
		return bodies
	}}
	switch how {
	case channeltest.RefusesNow, channeltest.Unreachable, channeltest.BreaksBefore:
		fake.Script(channeltest.Answer{Err: fault(channel.Temporary)})
	case channeltest.RefusesGood:
		fake.Script(channeltest.Answer{Err: fault(channel.Permanent)})
	case channeltest.BreaksAfter:
		fake.Script(channeltest.Answer{Err: fault(channel.Uncertain), Taken: true})
	case channeltest.HangsBefore:
		fake.Script(channeltest.Answer{Until: make(chan struct{}), Err: fault(channel.Temporary)})
		far.Reached = reached
	case channeltest.HangsAfter:
		fake.Script(channeltest.Answer{Until: make(chan struct{})})
		far.Reached = reached
	}
	return far
}

func TestFakeFollowsItsScript(t *testing.T) {
	t.Parallel()
	fake := channeltest.NewFake(nil)
	ch, err := fake.Open(1, nil)
	if err != nil {
		t.Fatal(err)
	}
	release := make(chan struct{})
	fake.Script(
		channeltest.Answer{Err: &channel.SendError{Kind: channel.Uncertain, Text: "cut"}, Taken: true},
		channeltest.Answer{Err: &channel.SendError{Kind: channel.Permanent, Text: "no"}},
		channeltest.Answer{Until: release, Receipt: channel.Receipt{ProviderID: "third"}},
	)
	for i, want := range []string{"cut", "no"} {
		if _, err := ch.Send(t.Context(), channel.Outgoing{MessageID: 1}); err == nil || err.Error() != want {
			t.Errorf("send %d: %v, want %q", i, err, want)
		}
	}
	go close(release)
	receipt, err := ch.Send(t.Context(), channel.Outgoing{MessageID: 3})
	if err != nil || receipt.ProviderID != "third" {
		t.Errorf("send 3: %+v, %v", receipt, err)
	}
	sent, err := fake.Wait(t.Context(), 2)
	if err != nil || len(sent) != 2 || sent[0].MessageID != 1 || sent[1].MessageID != 3 {
		t.Errorf("sent %+v, %v", sent, err)
	}
}

package channeltest

import (
	"context"
	"encoding/json"
	"slices"
	"sync"

	"parley/internal/channel"
	"parley/internal/parley"
)

// Fake is a channel type whose provider is the test: it records what is sent
// and answers as it is told. It reads settings and input as another type does,
// so that services can be tested with real mail and without a relay.
type Fake struct {
	reads channel.Type

	mu     sync.Mutex
	script []Answer
	sent   []channel.Outgoing
	news   chan struct{} // closed and replaced when sent grows
}

// Answer is what Send gives back once. The zero Answer takes the message.
type Answer struct {
	Until   <-chan struct{}    // waits for this first; a channel that is never closed hangs until the context ends
	Receipt channel.Receipt    // of a message that was taken
	Err     *channel.SendError // with the kind that the service is to cope with
	Taken   bool               // beside Err: the message was taken all the same, and is recorded
}

// NewFake makes a Fake that reads as typ does; nil reads any bytes as plain text.
func NewFake(typ channel.Type) *Fake {
	if typ == nil {
		typ = plainType{}
	}
	return &Fake{reads: typ, news: make(chan struct{})}
}

// Name implements channel.Type.
func (f *Fake) Name() string { return f.reads.Name() }

// Open implements channel.Type.
func (f *Fake) Open(id parley.ChannelID, settings json.RawMessage) (channel.Channel, error) {
	ch, err := f.reads.Open(id, settings)
	if err != nil {
		return nil, err
	}
	return fakeChannel{ch, f}, nil
}

// Script adds answers to the sends to come; after them, everything is taken.
func (f *Fake) Script(answers ...Answer) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.script = append(f.script, answers...)
}

// Sent are the messages that were taken so far.
func (f *Fake) Sent() []channel.Outgoing {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.sent)
}

// Wait returns the messages once n were taken, or an error when ctx ends.
func (f *Fake) Wait(ctx context.Context, n int) ([]channel.Outgoing, error) {
	for {
		f.mu.Lock()
		sent, news := slices.Clone(f.sent), f.news
		f.mu.Unlock()
		if len(sent) >= n {
			return sent, nil
		}
		select {
		case <-news:
		case <-ctx.Done():
			return sent, ctx.Err()
		}
	}
}

func (f *Fake) next() Answer {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.script) == 0 {
		return Answer{Receipt: channel.Receipt{ProviderID: "fake"}}
	}
	a := f.script[0]
	f.script = f.script[1:]
	return a
}

func (f *Fake) record(m channel.Outgoing) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.sent = append(f.sent, m)
	close(f.news)
	f.news = make(chan struct{})
}

// fakeChannel reads as a real channel and sends to the test.
type fakeChannel struct {
	channel.Channel
	fake *Fake
}

// Send implements channel.Channel.
func (c fakeChannel) Send(ctx context.Context, m channel.Outgoing) (channel.Receipt, error) {
	if err := ctx.Err(); err != nil {
		return channel.Receipt{}, &channel.SendError{Kind: channel.Temporary, Text: "cancelled before it was sent", Err: err}
	}
	a := c.fake.next()
	if a.Taken || a.Err == nil {
		defer c.fake.record(m)
	}
	if a.Until != nil {
		select {
		case <-a.Until:
		case <-ctx.Done():
			if a.Err == nil {
				a.Err = &channel.SendError{Kind: channel.Uncertain, Text: "cancelled while it was being sent", Err: ctx.Err()}
			}
		}
	}
	if a.Err != nil {
		return a.Receipt, a.Err
	}
	return a.Receipt, nil
}

// plainType reads any bytes as plain text.
type plainType struct{}

// Name implements channel.Type.
func (plainType) Name() string { return "fake" }

// Open implements channel.Type.
func (plainType) Open(_ parley.ChannelID, settings json.RawMessage) (channel.Channel, error) {
	var s struct{}
	if err := json.Unmarshal(settings, &s); len(settings) > 0 && err != nil {
		return nil, parley.Errorf(parley.Invalid, "channel.settings", "The settings of the channel cannot be read.").On("settings")
	}
	return plainChannel{}, nil
}

type plainChannel struct{}

// Parse implements channel.Channel.
func (plainChannel) Parse(raw channel.Raw) (channel.Parsed, error) {
	return channel.Parsed{Text: string(raw.Body), VisibleText: string(raw.Body), QuoteAt: -1}, nil
}

// Send implements channel.Channel: it is never called, the Fake sends.
// Compose writes the text alone.
func (plainChannel) Compose(l channel.Letter) ([]byte, error) { return []byte(l.Text), nil }

func (plainChannel) Send(context.Context, channel.Outgoing) (channel.Receipt, error) {
	return channel.Receipt{}, nil
}

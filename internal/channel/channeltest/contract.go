package channeltest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"parley/internal/channel"
	"parley/internal/parley"
)

// Behaviour is what the far end of a channel does with one message.
type Behaviour string

// The behaviours, and what Send must make of them.
const (
	Takes        Behaviour = "takes it"                            // no fault
	RefusesNow   Behaviour = "refuses it for now"                  // Temporary
	RefusesGood  Behaviour = "refuses it for good"                 // Permanent
	Unreachable  Behaviour = "cannot be reached"                   // Temporary
	BreaksBefore Behaviour = "breaks off before it has the whole"  // Temporary
	BreaksAfter  Behaviour = "breaks off before it has answered"   // Uncertain
	HangsBefore  Behaviour = "hangs before it has anything"        // Temporary, when the context ends
	HangsAfter   Behaviour = "hangs when it has the whole message" // Uncertain, when the context ends
)

var wantKind = map[Behaviour]channel.SendErrorKind{
	RefusesNow: channel.Temporary, RefusesGood: channel.Permanent, Unreachable: channel.Temporary,
	BreaksBefore: channel.Temporary, BreaksAfter: channel.Uncertain,
	HangsBefore: channel.Temporary, HangsAfter: channel.Uncertain,
}

// FarEnd is a provider under the test's control.
type FarEnd struct {
	Channel channel.Channel   // sends to it
	Got     func() [][]byte   // the bodies that it took
	Reached <-chan struct{}   // of a far end that hangs: closed when it has come so far
	Message *channel.Outgoing // to send in place of Case.Outgoing, if this far end needs another
}

// Case is what Run needs to know of a type.
type Case struct {
	Settings    json.RawMessage   // that Open takes
	BadSettings []json.RawMessage // that Open refuses; text that is no JSON is tried anyway
	Inputs      []channel.Raw     // samples of what the wire brings
	Outgoing    channel.Outgoing  // a message that can be sent
	// FarEnd starts a provider that behaves so towards the first message.
	FarEnd func(t *testing.T, how Behaviour) FarEnd
}

// Run holds typ to the contract of package channel.
func Run(t *testing.T, typ channel.Type, c Case) {
	t.Run("name", func(t *testing.T) {
		if !regexp.MustCompile(`^[a-z][a-z0-9_]*$`).MatchString(typ.Name()) {
			t.Errorf("the name %q cannot be a key", typ.Name())
		}
	})
	t.Run("open", func(t *testing.T) { runOpen(t, typ, c) })
	t.Run("parse", func(t *testing.T) { runParse(t, typ, c) })
	for _, how := range []Behaviour{
		Takes, RefusesNow, RefusesGood, Unreachable, BreaksBefore, BreaksAfter, HangsBefore, HangsAfter,
	} {
		t.Run("far end "+string(how), func(t *testing.T) { runSend(t, c, how) })
	}
	t.Run("send after the end", func(t *testing.T) { runSendCancelled(t, c) })
}

func runOpen(t *testing.T, typ channel.Type, c Case) {
	if _, err := typ.Open(1, c.Settings); err != nil {
		t.Errorf("good settings: %v", err)
	}
	for _, bad := range append(slices.Clone(c.BadSettings), json.RawMessage(`{`), json.RawMessage(`[]`)) {
		if _, err := typ.Open(1, bad); !parley.IsCode(err, parley.Invalid) {
			t.Errorf("settings %s: %v, want a parley.Error of code invalid", bad, err)
		}
	}
}

// runParse: reading is pure, takes anything, and is safe from many goroutines.
func runParse(t *testing.T, typ channel.Type, c Case) {
	ch, err := typ.Open(1, c.Settings)
	if err != nil {
		t.Fatal(err)
	}
	inputs := slices.Clone(c.Inputs)
	for _, in := range c.Inputs {
		for _, cut := range []int{0, 1, len(in.Body) / 2, max(len(in.Body)-1, 0)} {
			part := in
			part.Body = in.Body[:min(cut, len(in.Body))]
			inputs = append(inputs, part)
		}
	}
	for _, garbage := range []string{"", "\x00", "\xff\xfe\xfd", strings.Repeat("(", 4096), strings.Repeat("\r\n", 4096)} {
		inputs = append(inputs, channel.Raw{ChannelID: 1, Body: []byte(garbage)})
	}
	var wg sync.WaitGroup
	for _, in := range inputs {
		wg.Go(func() { parseTwice(t, ch, in) })
	}
	wg.Wait()
}

func parseTwice(t *testing.T, ch channel.Channel, in channel.Raw) {
	before := bytes.Clone(in.Body)
	first, err := ch.Parse(in)
	if err != nil {
		t.Errorf("Parse of %.40q: %v, want no error: what can't be read is Broken", in.Body, err)
	}
	if !bytes.Equal(before, in.Body) {
		t.Errorf("Parse of %.40q changed its input", before)
	}
	second, _ := ch.Parse(in)
	if diff := cmp.Diff(first, second, cmpopts.EquateErrors()); diff != "" {
		t.Errorf("Parse of %.40q differs the second time:\n%s", in.Body, diff)
	}
}

// waitLimit ends a test that waits for what never comes.
const waitLimit = 20 * time.Second

func runSend(t *testing.T, c Case, how Behaviour) {
	far := c.FarEnd(t, how)
	m := c.Outgoing
	if far.Message != nil {
		m = *far.Message
	}
	ctx, cancel := context.WithTimeout(t.Context(), waitLimit)
	defer cancel()
	if far.Reached != nil {
		go func() {
			select {
			case <-far.Reached:
			case <-ctx.Done():
			}
			cancel()
		}()
	}
	_, err := far.Channel.Send(ctx, m)
	checkKind(t, err, wantKind[how])
	if how == Takes {
		if diff := cmp.Diff([][]byte{m.Body}, far.Got()); diff != "" {
			t.Errorf("the far end got something else (-sent +got):\n%s", diff)
		}
	}
}

// runSendCancelled: nothing leaves when the context is over before it begins.
func runSendCancelled(t *testing.T, c Case) {
	far := c.FarEnd(t, Takes)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := far.Channel.Send(ctx, c.Outgoing)
	checkKind(t, err, channel.Temporary)
	if got := far.Got(); len(got) > 0 {
		t.Errorf("%d messages were sent", len(got))
	}
}

// checkKind: want 0 means no fault.
func checkKind(t *testing.T, err error, want channel.SendErrorKind) {
	t.Helper()
	if want == 0 {
		if err != nil {
			t.Errorf("Send: %v", err)
		}
		return
	}
	fault, ok := errors.AsType[*channel.SendError](err)
	if !ok {
		t.Fatalf("Send: %v (%T), want a *channel.SendError", err, err)
	}
	if fault.Kind != want {
		t.Errorf("Send: kind %d (%s), want %d", fault.Kind, fault.Text, want)
	}
	if strings.TrimSpace(fault.Text) == "" {
		t.Error("Send: the fault has no text for a person to read")
	}
}

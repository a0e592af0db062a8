package sms_test

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/internal/channel"
	"parley/internal/channel/channeltest"
	"parley/internal/parley"
)

// node is a message centre of another make.
type node struct {
	t     *testing.T
	says  *bufio.Scanner
	tells io.WriteCloser
}

// seen is a line that it says.
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

func (n node) next() (s seen) {
	n.t.Helper()
	if !n.says.Scan() {
		n.t.Fatalf("the message centre says nothing more: %v", n.says.Err())
	}
	if err := json.Unmarshal(n.says.Bytes(), &s); err != nil {
		n.t.Fatal(err)
	}
	return s
}

func (n node) tell(what map[string]any) {
	n.t.Helper()
	line, _ := json.Marshal(what)
	if _, err := n.tells.Write(append(line, '\n')); err != nil {
		n.t.Fatal(err)
	}
}

// nodeCentre starts node-smpp, if it is installed.
func nodeCentre(t *testing.T) node {
	t.Helper()
	program, err := exec.LookPath("node")
	if err != nil {
		t.Skip("no node: nothing but our own message centre can be tried")
	}
	modules, err := filepath.Abs(filepath.Join("..", "..", "..", "web", "node_modules"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(modules, "smpp")); err != nil {
		t.Skip("node-smpp is not installed: run npm ci in web")
	}
	cmd := exec.CommandContext(t.Context(), program, filepath.Join("testdata", "smsc.cjs"))
	cmd.Env = append(os.Environ(), "NODE_PATH="+modules)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = in.Close()
		_ = cmd.Wait() // it is killed with the test's context, if it has not ended by then
	})
	return node{t, bufio.NewScanner(out), in}
}

// TestSMPPWithAnotherCentre: a session with an implementation that shares nothing
// with ours: texts in both directions, long ones, and receipts.
func TestSMPPWithAnotherCentre(t *testing.T) {
	t.Parallel()
	centre := nodeCentre(t)
	port := strconv.Itoa(centre.next().Port)
	news := make(chan struct{}, 100)
	sink := &channeltest.Sink{}
	stranger := open(t, config(t), smppSettings(port, "system_id", "other"))
	if err := stranger.(channel.Checker).CheckIncoming(t.Context()); !parley.IsCode(err, parley.Forbidden) {
		t.Errorf("another system id: %v", err)
	}
	ch := open(t, config(t), smppSettings(port))
	end := receiving(t, ch, told{sink, news})
	if s := centre.next(); s.Bound != 0x34 {
		t.Errorf("bound as %#x", s.Bound)
	}
	nodeTakes(t, ch, centre, sink, news)
	nodeBrings(t, ch, centre, sink)
	_ = end()
	if s := centre.next(); !s.Unbound {
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

func nodeTakes(t *testing.T, ch channel.Channel, centre node, sink *channeltest.Sink, news <-chan struct{}) {
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
			s := centre.next()
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

func nodeBrings(t *testing.T, ch channel.Channel, centre node, sink *channeltest.Sink) {
	t.Helper()
	from, to := strings.TrimPrefix(phone, "+"), strings.TrimPrefix(office, "+")
	brought := func(what map[string]any) {
		t.Helper()
		what["from"], what["to"] = from, to
		centre.tell(what)
	}
	before := len(sink.Accepted())
	brought(map[string]any{"text": "5 € [ok]"})
	brought(map[string]any{"text": "Привет 🙂"})
	brought(map[string]any{"text": strings.Repeat("long ", 80), "payload": true})
	brought(map[string]any{"text": "one ", "udh": "0500030a0201"})
	brought(map[string]any{"text": "two", "udh": "0500030a0202"})
	for range 5 {
		if s := centre.next(); s.Answered == nil || *s.Answered != 0 {
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

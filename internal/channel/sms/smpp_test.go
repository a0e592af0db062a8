package sms_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/internal/channel"
	"parley/internal/channel/channeltest"
	"parley/internal/channel/sms"
	"parley/internal/parley"
)

func TestSMPPContract(t *testing.T) {
	t.Parallel()
	conf := config(t)
	short := letter
	short.Text, short.Callback = "Hello {you} @ 5 €", ""
	with := smppSettings("2775")
	channeltest.Run(t, sms.New(conf), channeltest.Case{
		Settings: with,
		BadSettings: []json.RawMessage{
			settings("smpp", parley.Options{"host": "x", "port": "no"}, nil), settings("smpp", parley.Options{"host": "x", "port": "70000"}, nil),
		},
		Inputs: []channel.Raw{
			{ChannelID: 1, Body: []byte(`{"version":1,"provider":"smpp","id":"x","body":"AAAAAA=="}`)},
			{ChannelID: 1, Body: keptFrame(mobile("14155550123", "14155550100", 0, 0, []byte("hello")))},
			{ChannelID: 1, Body: keptFrame(mobile("14155550123", "14155550100", 0x40, 8, []byte{5, 0, 3, 1, 2}))},
		},
		Outgoing: channel.Outgoing{ChannelID: 1, Recipients: []string{phone}, Body: compose(t, open(t, conf, with), short)},
		FarEnd: func(t *testing.T, how channeltest.Behaviour) channeltest.FarEnd {
			return smppFarEnd(t, conf, short, how)
		},
	})
}

func smppFarEnd(t *testing.T, conf sms.Config, l channel.Letter, how channeltest.Behaviour) channeltest.FarEnd {
	reached := make(chan struct{})
	var mu sync.Mutex
	var got [][]byte
	var ch channel.Channel
	hang := func(c centre) {
		close(reached)
		_, _ = readPacket(c) // until the other side hangs up
	}
	refuse := func(status uint32) func(centre) {
		return func(c centre) {
			c.takeBind(bindTransmitter)
			p := c.next(submitSM)
			c.write(packet{submitSM | answerTo, status, p.seq, nil})
			c.takeUnbind()
		}
	}
	serve := map[channeltest.Behaviour]func(centre){
		channeltest.Takes: func(c centre) {
			c.takeBind(bindTransmitter)
			p := c.takeSubmit("id1")
			if !bytes.Contains(p.body, []byte("\x01\x0114155550123\x00")) {
				t.Errorf("it is for another: %x", p.body)
			}
			back := l
			_, rest, _ := bytes.Cut(p.body, []byte("0123\x00"))
			const before = 9 // esm_class to sm_default_msg_id, with two empty times
			back.Text = fromGSM(rest[before+1:][:rest[before]])
			sent, err := ch.Compose(back)
			if err != nil {
				t.Error(err)
			}
			mu.Lock()
			got = append(got, sent)
			mu.Unlock()
			c.takeUnbind()
		},
		channeltest.RefusesNow: refuse(0x58), channeltest.RefusesGood: refuse(0x0b),
		channeltest.BreaksBefore: func(centre) {}, channeltest.HangsBefore: func(c centre) { c.next(bindTransmitter); hang(c) },
		channeltest.BreaksAfter: func(c centre) { c.takeBind(bindTransmitter); c.next(submitSM) },
		channeltest.HangsAfter:  func(c centre) { c.takeBind(bindTransmitter); c.next(submitSM); hang(c); _, _ = readPacket(c) },
	}
	port := "1"
	if how != channeltest.Unreachable {
		port = listenSMPP(t, serve[how])
	}
	ch = open(t, conf, smppSettings(port))
	far := channeltest.FarEnd{Channel: ch, Got: func() [][]byte {
		mu.Lock()
		defer mu.Unlock()
		return got
	}}
	if how == channeltest.HangsBefore || how == channeltest.HangsAfter {
		far.Reached = reached
	}
	return far
}

// keptFrame is a deliver_sm as it is stored.
func keptFrame(body []byte) []byte {
	out, err := json.Marshal(map[string]any{"version": 1, "provider": "smpp", "id": "x", "names": map[string]string{"region": "US"}, "body": packet{deliverSM, 0, 1, body}.bytes()})
	if err != nil {
		panic(err)
	}
	return out
}

// fromGSM reads the few characters of the tests that are not ASCII's.
func fromGSM(b []byte) string {
	return strings.NewReplacer("\x1b\x28", "{", "\x1b\x29", "}", "\x00", "@", "\x1b\x65", "€").Replace(string(b))
}

// TestSMPPTranscript holds what we write to the layout of the specification, octet
// for octet (SMPP 3.4 4.1.1 and 4.4.1), and a text in two segments to 3GPP TS 23.040.
func TestSMPPTranscript(t *testing.T) {
	t.Parallel()
	var seen [][]byte
	port := listenSMPP(t, func(c centre) {
		seen = append(seen, c.takeBind(bindTransmitter).body, c.takeSubmit("A1").body, c.takeSubmit("A2").body)
		c.takeUnbind()
	})
	ch := open(t, config(t), smppSettings(port, "system_type", "VMA"))
	l := letter
	l.Text = strings.Repeat("ы", 71)
	receipt, err := ch.Send(t.Context(), channel.Outgoing{Body: compose(t, ch, l)})
	if err != nil || receipt.ProviderID != "A1,A2" {
		t.Fatal(receipt, err)
	}
	bind := "7061726c657900" + "73656372657400" + "564d4100" + "34" + "0000" + "00"
	head := "00" + "0101" + "313431353535353031303000" + "0101" + "313431353535353031323300" + "40" + "0000" + "00" + "00" + "01" + "00" + "08" + "00"
	reference := hex.EncodeToString(seen[1])[len(head)+2+6:][:2]
	want := []string{
		bind, head + "8c" + "050003" + reference + "0201" + strings.Repeat("044b", 67), head + "0e" + "050003" + reference + "0202" + strings.Repeat("044b", 4),
	}
	for i, w := range want {
		if got := hex.EncodeToString(seen[i]); got != w {
			t.Errorf("PDU %d\n got %s\nwant %s", i, got, w)
		}
	}
}

func TestSMPPSendsSomeSegments(t *testing.T) {
	t.Parallel()
	port := listenSMPP(t, func(c centre) {
		c.takeBind(bindTransmitter)
		c.takeSubmit("A1")
		p := c.next(submitSM)
		c.write(packet{submitSM | answerTo, 0x58, p.seq, nil})
		c.takeUnbind()
	})
	ch := open(t, config(t), smppSettings(port))
	l := letter
	l.Text = strings.Repeat("x", 161)
	_, err := ch.Send(t.Context(), channel.Outgoing{Body: compose(t, ch, l)})
	if e, ok := errors.AsType[*channel.SendError](err); !ok || e.Kind != channel.Uncertain || e.Status != "0x58" || !strings.Contains(e.Text, "1 of 2") {
		t.Errorf("%+v", err)
	}
}

func TestSMPPAlphabets(t *testing.T) {
	t.Parallel()
	tests := []struct{ alphabet, text, coding, octets string }{
		{"gsm", "é[", "00", "05" + "1b3c"},
		{"latin1", "é[", "00", "e95b"},
		{"latin1", "é€", "08", "00e920ac"},
		{"gsm", "ы", "08", "044b"},
		{"latin1", "ы", "08", "044b"},
	}
	for _, test := range tests {
		var body []byte
		port := listenSMPP(t, func(c centre) {
			c.takeBind(bindTransmitter)
			body = c.takeSubmit("A1").body
			c.takeUnbind()
		})
		ch := open(t, config(t), smppSettings(port, "default_alphabet", test.alphabet))
		l := letter
		l.Text = test.text
		if _, err := ch.Send(t.Context(), channel.Outgoing{Body: compose(t, ch, l)}); err != nil {
			t.Fatal(err)
		}
		n := len(test.octets) / 2
		want := test.coding + "00" + hex.EncodeToString([]byte{byte(n)}) + test.octets
		if got := hex.EncodeToString(body); !strings.HasSuffix(got, want) {
			t.Errorf("%s %q: %s, want %s at its end", test.alphabet, test.text, got, want)
		}
	}
}

func TestSMPPReceives(t *testing.T) {
	t.Parallel()
	sink := &channeltest.Sink{}
	end := make(chan func() error, 1)
	done := make(chan struct{})
	gsm := mobile("14155550123", "14155550100", 0, 0, []byte("5 \x1b\x65 \x00"))
	national := append([]byte{0, 2, 1}, "4155550123\x00\x01\x01"+"14155550100\x00"+"\x00\x00\x00\x00\x00\x00\x00\x08\x00\x02\x04\x4b"...)
	port := listenSMPP(t, func(c centre) {
		defer close(done)
		c.takeBind(bindTransceiver)
		for i, body := range [][]byte{
			gsm, national,
			mobile("12345", "14155550100", 0, 3, []byte("\xe9")),
			append(mobile("14155550123", "14155550100", 0, 8, nil), option(0x0424, "\x04\x4b")...),
			mobile("14155550123", "4155550100", 0, 0xf5, []byte("\xff")), // binary: it is kept all the same
		} {
			if status := c.deliver(uint32(i+1), body); status != 0 {
				t.Errorf("text %d: %#x", i, status)
			}
		}
		if status := c.deliver(9, mobile("14155550123", "19995550000", 0, 0, []byte("x"))); status != 0x0b {
			t.Errorf("a text for nobody: %#x", status)
		}
		c.write(packet{enquireLink, 0, 77, nil})
		if p := c.next(enquireLink | answerTo); p.seq != 77 {
			t.Errorf("the answer is to %d", p.seq)
		}
		c.write(packet{0x103, 0, 78, nil})
		if p := c.next(answerTo); p.status != 3 || p.seq != 78 {
			t.Errorf("data_sm: %#x", p.status)
		}
		go func() { _ = (<-end)() }()
		c.takeUnbind()
	})
	ch := open(t, config(t), smppSettings(port))
	end <- receiving(t, ch, sink)
	<-done
	got := sink.Accepted()
	if len(got) != 5 {
		t.Fatalf("%d were kept", len(got))
	}
	keys := map[string]bool{}
	for i, want := range []struct{ from, text string }{{phone, "5 € @"}, {phone, "ы"}, {"12345", "é"}, {phone, "ы"}} {
		p := parsed(t, ch, got[i:i+1])
		if p.From.Phone != want.from || p.Text != want.text || p.To[0].Phone != office || p.InternetID == "" || got[i].RcptTo[0] != office || got[i].Source != parley.FromSession {
			t.Errorf("%d: %+v of %q", i, p, got[i].Source)
		}
		keys[got[i].Key] = true
	}
	if p, err := ch.Parse(got[4]); err != nil || p.Broken == nil {
		t.Errorf("%+v %v", p, err)
	}
	if len(keys) != 4 {
		t.Errorf("keys %v", keys)
	}
}

func TestSMPPReceipts(t *testing.T) {
	t.Parallel()
	text := func(stat, err string) []byte {
		return []byte("id:A1 sub:001 dlvrd:001 submit date:2601050900 done date:2601050901 stat:" + stat + " err:" + err + " text:Hello")
	}
	from := func(octets []byte, options ...byte) []byte {
		return mobile("14155550123", "14155550100", 0x04, 0, octets, options...)
	}
	report := channel.Report{ProviderID: "A1", Recipient: phone}
	tests := []struct {
		body     []byte
		delivery parley.Delivery
		status   string
		reason   parley.Reason
	}{
		{from(text("DELIVRD", "000")), parley.Delivered, "", ""},
		{from(text("UNDELIV", "027")), parley.Bounced, "UNDELIV 027", parley.ReasonOther},
		{from(text("EXPIRED", "0")), parley.Bounced, "EXPIRED", parley.ReasonExpired},
		{from(text("REJECTD", "")), parley.Bounced, "REJECTD", parley.ReasonFiltered},
		{from(nil, append(option(0x1e, "A1\x00"), option(0x427, "\x02")...)...), parley.Delivered, "", ""},
		{from(text("ENROUTE", "0"), append(option(0x1e, "A1\x00"), option(0x427, "\x05")...)...), parley.Bounced, "UNDELIV", parley.ReasonOther},
		{mobile("14155550123", "14155550100", 0, 0, nil, append(option(0x1e, "A1\x00"), option(0x427, "\x02")...)...), parley.Delivered, "", ""},
		{from(text("ACCEPTD", "0")), "", "", ""},
		{from([]byte("nonsense")), "", "", ""},
	}
	sink := &channeltest.Sink{}
	finish := make(chan func() error, 1)
	done := make(chan struct{})
	port := listenSMPP(t, func(c centre) {
		defer close(done)
		c.takeBind(bindTransceiver)
		for i, test := range tests {
			if status := c.deliver(uint32(i+1), test.body); status != 0 {
				t.Errorf("receipt %d: %#x", i, status)
			}
		}
		go func() { _ = (<-finish)() }()
		c.takeUnbind()
	})
	ch := open(t, config(t), smppSettings(port))
	finish <- receiving(t, ch, sink)
	<-done
	got := sink.Accepted()
	for _, test := range tests {
		if test.delivery == "" {
			continue
		}
		if len(got) == 0 {
			t.Fatal("a receipt is missing")
		}
		r := parsed(t, ch, got[:1]).Reports[0]
		want := report
		want.Delivery, want.Status, want.Reason, want.Text = test.delivery, test.status, test.reason, r.Text
		if diff := cmp.Diff(want, r); diff != "" || test.delivery == parley.Bounced && r.Text == "" {
			t.Errorf("%s: %s", test.body, diff)
		}
		got = got[1:]
	}
	if len(got) != 0 {
		t.Errorf("%d too many were kept", len(got))
	}
}

// piped is a channel whose message centre is at the other end of a pipe, so that
// time can be the test's.
func piped(t *testing.T, conf sms.Config, serve func(centre), more ...string) channel.Channel {
	var wg sync.WaitGroup
	t.Cleanup(wg.Wait)
	conf.Dial = func(context.Context, string, string) (net.Conn, error) {
		ours, theirs := net.Pipe()
		wg.Go(func() {
			defer theirs.Close()
			serve(centre{theirs, t})
		})
		return ours, nil
	}
	return open(t, conf, smppSettings("2775", more...))
}

func TestSMPPLongTexts(t *testing.T) {
	t.Parallel()
	conf := config(t)
	udh := func(ref, total, number byte, octets string) []byte {
		return mobile("14155550123", "14155550100", 0x40, 8, append([]byte{5, 0, 3, ref, total, number}, octets...))
	}
	sar := func(number byte, octets string) []byte {
		options := append(option(0x20c, "\x00\x07"), append(option(0x20e, "\x02"), option(0x20f, string([]byte{number}))...)...)
		return mobile("14155550123", "14155550100", 0, 0, []byte(octets), options...)
	}
	tests := []struct {
		name  string
		parts [][]byte
		want  []string
	}{
		{"in order", [][]byte{udh(1, 2, 1, "\x00a"), udh(1, 2, 2, "\x00b")}, []string{"ab"}},
		{"backwards, and one twice", [][]byte{udh(1, 3, 3, "\x00c"), udh(1, 3, 2, "\x00b"), udh(1, 3, 2, "\x00b"), udh(1, 3, 1, "\x00a")}, []string{"abc"}},
		{"an emoji that is torn", [][]byte{udh(1, 2, 1, "\xd8\x3d"), udh(1, 2, 2, "\xde\x42")}, []string{"🙂"}},
		{"by options", [][]byte{sar(1, "a"), sar(2, "b")}, []string{"ab"}},
		{"two at once", [][]byte{udh(1, 2, 1, "\x00a"), udh(2, 2, 1, "\x00c"), udh(2, 2, 2, "\x00d"), udh(1, 2, 2, "\x00b")}, []string{"cd", "ab"}},
		{"one that does not come", [][]byte{udh(1, 3, 1, "\x00a"), udh(1, 3, 3, "\x00c")}, []string{"a", "c"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				sink, over := &channeltest.Sink{}, make(chan struct{})
				ch := piped(t, conf, func(c centre) {
					c.takeBind(bindTransceiver)
					for i, part := range test.parts {
						c.write(packet{deliverSM, 0, uint32(i + 1), part})
					}
					answered := map[uint32]bool{}
					for range test.parts {
						p := c.next(deliverSM | answerTo)
						answered[p.seq] = p.status == 0
					}
					if len(answered) != len(test.parts) {
						t.Errorf("answered %v", answered)
					}
					close(over)
					c.takeUnbind()
				})
				end := receiving(t, ch, sink)
				<-over
				if err := end(); !errors.Is(err, context.Canceled) {
					t.Error(err)
				}
				var got []string
				for _, raw := range sink.Accepted() {
					got = append(got, parsed(t, ch, []channel.Raw{raw}).Text)
				}
				if diff := cmp.Diff(test.want, got); diff != "" {
					t.Error(diff)
				}
			})
		})
	}
}

// TestSMPPOneAtATime: a centre that waits for each answer gets the parts of a text
// through, and waits for the first alone.
func TestSMPPOneAtATime(t *testing.T) {
	t.Parallel()
	conf := config(t)
	synctest.Test(t, func(t *testing.T) {
		sink, over := &channeltest.Sink{}, make(chan struct{})
		ch := piped(t, conf, func(c centre) {
			c.takeBind(bindTransceiver)
			begin := time.Now()
			for i := range byte(3) {
				c.deliver(uint32(i)+1, mobile("14155550123", "14155550100", 0x40, 0, []byte{5, 0, 3, 1, 3, i + 1, 'a' + i}))
			}
			if waited := time.Since(begin); waited > 10*time.Second {
				t.Errorf("it took %s", waited)
			}
			close(over)
			c.takeUnbind()
		})
		end := receiving(t, ch, sink)
		<-over
		_ = end()
		if got := sink.Accepted(); len(got) != 3 {
			t.Errorf("%d were kept", len(got))
		}
	})
}

// TestSMPPTextThatIsNotStored: the centre is told to try again, and then brings it
// under the same name, even over another session.
func TestSMPPTextThatIsNotStored(t *testing.T) {
	t.Parallel()
	var keys []string
	full := true
	sink := &channeltest.Sink{Before: func(_ context.Context, raw channel.Raw) error {
		keys = append(keys, raw.Key)
		if full {
			full = false
			return errors.New("disk full")
		}
		return nil
	}}
	body := mobile("14155550123", "14155550100", 0, 0, []byte("hi"))
	over := make(chan struct{})
	session := func(seq, want uint32) func(centre) {
		return func(c centre) {
			c.takeBind(bindTransceiver)
			if status := c.deliver(seq, body); status != want {
				t.Errorf("%#x, want %#x", status, want)
			}
			over <- struct{}{}
			c.takeUnbind()
		}
	}
	first, again, another := session(1, 0x64), session(5, 0), session(6, 0)
	conf, clock := config(t), now
	conf.Now = func() time.Time {
		clock = clock.Add(time.Second)
		return clock
	}
	ch := open(t, conf, smppSettings(listenSMPP(t, first, again, another)))
	for range 3 {
		end := receiving(t, ch, sink)
		<-over
		_ = end()
	}
	if len(keys) != 3 || keys[0] != keys[1] || keys[1] == keys[2] {
		t.Errorf("keys %v", keys)
	}
}

func TestSMPPKeepsTheSession(t *testing.T) {
	t.Parallel()
	conf := config(t)
	synctest.Test(t, func(t *testing.T) {
		sink, over := &channeltest.Sink{}, make(chan struct{})
		ch := piped(t, conf, func(c centre) {
			c.takeBind(bindTransceiver)
			for range 2 {
				p := c.next(enquireLink)
				c.write(packet{enquireLink | answerTo, 0, p.seq, nil})
			}
			close(over)
			c.next(enquireLink) // and no answer
			_, _ = readPacket(c)
		})
		at := newPlace()
		begin := time.Now()
		err := ch.(channel.Receiver).Receive(t.Context(), at, sink)
		<-over
		if !parley.IsCode(err, parley.Unavailable) || at.fares != 3 {
			t.Errorf("%v, %d", err, at.fares)
		}
		if took := time.Since(begin); took < 90*time.Second || took > 110*time.Second {
			t.Errorf("it took %s", took)
		}
	})
}

func TestSMPPEnds(t *testing.T) {
	t.Parallel()
	conf := config(t)
	for name, serve := range map[string]func(centre){
		"unbind": func(c centre) {
			c.takeBind(bindTransceiver)
			c.write(packet{unbind, 0, 3, nil})
			c.next(unbind | answerTo)
		},
		"hangs up": func(c centre) { c.takeBind(bindTransceiver) },
		"nonsense": func(c centre) { c.takeBind(bindTransceiver); _, _ = c.Write([]byte("GET / HTTP/1.1\r\n\r\n")) },
	} {
		ch := open(t, conf, smppSettings(listenSMPP(t, serve)))
		if err := ch.(channel.Receiver).Receive(t.Context(), newPlace(), &channeltest.Sink{}); !parley.IsCode(err, parley.Unavailable) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestSMPPBindRefused(t *testing.T) {
	t.Parallel()
	refuse := func(status uint32) func(centre) {
		return func(c centre) {
			p, _ := readPacket(c)
			c.write(packet{p.command | answerTo, status, p.seq, nil})
			_, _ = readPacket(c)
		}
	}
	for status, want := range map[uint32]parley.Code{0x0e: parley.Forbidden, 0x0f: parley.Forbidden, 0x05: parley.Unavailable} {
		ch := open(t, config(t), smppSettings(listenSMPP(t, slices.Repeat([]func(centre){refuse(status)}, 4)...)))
		if err := ch.(channel.Checker).CheckOutgoing(t.Context()); !parley.IsCode(err, want) {
			t.Errorf("%#x: %v", status, err)
		}
		if err := ch.(channel.Checker).CheckIncoming(t.Context()); !parley.IsCode(err, want) {
			t.Errorf("%#x: %v", status, err)
		}
		if err := ch.(channel.Receiver).Receive(t.Context(), newPlace(), &channeltest.Sink{}); !parley.IsCode(err, want) {
			t.Errorf("%#x: %v", status, err)
		}
		kind := channel.Permanent
		if want == parley.Unavailable {
			kind = channel.Temporary
		}
		if _, err := ch.Send(t.Context(), channel.Outgoing{Body: compose(t, ch, letter)}); channel.KindOf(err) != kind {
			t.Errorf("%#x: %v", status, err)
		}
	}
}

// TestSMPPSendsBySession: while a session stands, texts leave by it, and a check
// opens no other.
func TestSMPPSendsBySession(t *testing.T) {
	t.Parallel()
	for bind, kinds := range map[string][]uint32{"transceiver": {bindTransceiver}, "pair": {bindReceiver, bindTransmitter}} {
		var serve []func(centre)
		for i, kind := range kinds {
			serve = append(serve, func(c centre) {
				c.takeBind(kind)
				if i == len(kinds)-1 {
					c.takeSubmit("A1")
				}
				c.takeUnbind()
			})
		}
		ch := open(t, config(t), smppSettings(listenSMPP(t, serve...), "bind", bind))
		end := receiving(t, ch, &channeltest.Sink{})
		l := letter
		l.Text = "hi"
		receipt, err := ch.Send(t.Context(), channel.Outgoing{Body: compose(t, ch, l)})
		if err != nil || receipt.ProviderID != "A1" {
			t.Errorf("%s: %+v %v", bind, receipt, err)
		}
		if err := ch.(channel.Checker).CheckOutgoing(t.Context()); err != nil {
			t.Errorf("%s: %v", bind, err)
		}
		if err := end(); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", bind, err)
		}
	}
}

// TestSMPPTwoNumbers: a centre may hand a text to any session of the account.
func TestSMPPTwoNumbers(t *testing.T) {
	t.Parallel()
	const second = "+14155550101"
	sink := &channeltest.Sink{}
	over := make(chan struct{})
	port := listenSMPP(t, func(c centre) {
		c.takeBind(bindTransceiver)
		c.takeUnbind()
	}, func(c centre) {
		c.takeBind(bindTransceiver)
		if status := c.deliver(1, mobile("14155550123", "14155550100", 0, 0, []byte("hi"))); status != 0 {
			t.Errorf("%#x", status)
		}
		close(over)
		c.takeUnbind()
	})
	typ := sms.New(config(t))
	first, err := typ.Open(1, smppSettings(port))
	if err != nil {
		t.Fatal(err)
	}
	other, err := typ.Open(2, json.RawMessage(bytes.ReplaceAll(smppSettings(port), []byte(office), []byte(second))))
	if err != nil {
		t.Fatal(err)
	}
	endFirst := receiving(t, first, sink)
	endOther := receiving(t, other, sink)
	<-over
	_, _ = endFirst(), endOther()
	if got := sink.Accepted(); len(got) != 1 || got[0].ChannelID != 1 || got[0].RcptTo[0] != office {
		t.Errorf("%+v", got)
	}
}

func TestSMPPWithTLS(t *testing.T) {
	t.Parallel()
	server, trusting := channeltest.TLS(t)
	conf := config(t)
	conf.TLS = trusting.Clone()
	conf.TLS.ServerName = "localhost"
	port := listenSMPP(t, func(c centre) {
		secure := centre{tls.Server(c.Conn, server), t}
		secure.takeBind(bindTransceiver)
		secure.takeUnbind()
	}, func(c centre) { _ = tls.Server(c.Conn, server).HandshakeContext(t.Context()) })
	ch := open(t, conf, smppSettings(port, "tls", "tls"))
	if err := ch.(channel.Checker).CheckOutgoing(t.Context()); err != nil {
		t.Error(err)
	}
	conf.TLS = nil
	stranger := open(t, conf, smppSettings(port, "tls", "tls"))
	if err := stranger.(channel.Checker).CheckOutgoing(t.Context()); !parley.IsCode(err, parley.Unavailable) {
		t.Errorf("%v", err)
	}
}

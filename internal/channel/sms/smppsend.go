package sms

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"slices"
	"strings"
	"unicode/utf16"

	"parley/internal/channel"
	"parley/internal/parley"
	"parley/internal/sms"
)

// Send implements channel.Channel: one submit_sm for each segment, in their order.
func (c *smppChannel) Send(ctx context.Context, m channel.Outgoing) (channel.Receipt, error) {
	if err := ctx.Err(); err != nil {
		return channel.Receipt{}, temporary("Cancelled before the text was sent.", err)
	}
	t, ok := opened(m.Body)
	if !ok {
		return channel.Receipt{}, &channel.SendError{Kind: channel.Permanent, Text: "The text as it was kept cannot be read. Write it again."}
	}
	segments, err := c.segments(t)
	if err != nil {
		return channel.Receipt{}, &channel.SendError{Kind: channel.Permanent, Text: "The text cannot be cut into segments.", Err: err}
	}
	w, done, err := c.sender(ctx)
	if err != nil {
		return channel.Receipt{}, notBound(err)
	}
	defer done()
	var ids []string
	for i, s := range segments {
		id, fault := submit(ctx, w, t, s)
		if fault != nil && i > 0 {
			fault.Kind = channel.Uncertain
			fault.Text = fmt.Sprintf("Only %d of %d segments were taken. %s", i, len(segments), fault.Text)
		}
		if fault != nil {
			return channel.Receipt{}, fault
		}
		if id != "" {
			ids = append(ids, id)
		}
	}
	return channel.Receipt{ProviderID: strings.Join(ids, ",")}, nil
}

// sender is a connection to send by: that of the session which stands on this node,
// or one of its own, for nodes that have none.
func (c *smppChannel) sender(ctx context.Context) (w *wire, done func(), err error) {
	if s := c.sessions.of(c.id); s != nil && s.link == c.link && s.sends.alive() {
		return s.sends, func() {}, nil
	}
	w, err = c.bind(ctx, bindTransmitter)
	if err != nil {
		return nil, nil, err
	}
	return w, w.close, nil
}

// notBound: there was nobody to send to.
func notBound(err error) *channel.SendError {
	fault := &channel.SendError{Kind: channel.Temporary, Text: clean(err.Error()), Reason: parley.ReasonNetwork, Err: err}
	if e, ok := errors.AsType[*parley.Error](err); ok {
		fault.Text = e.Text
		if e.Code == parley.Forbidden {
			fault.Kind, fault.Reason = channel.Permanent, parley.ReasonAuthFailure
		}
		if e.Code == parley.Invalid { // an address that is not to be reached
			fault.Kind, fault.Reason = channel.Permanent, parley.ReasonPolicy
		}
	}
	return fault
}

// submit hands one segment over (SMPP 3.4 4.4).
func submit(ctx context.Context, w *wire, t text, s sms.Segment) (id string, fault *channel.SendError) {
	p, err := submitFrame(t.From, t.To, s)
	if err != nil {
		return "", &channel.SendError{Kind: channel.Permanent, Text: "The text cannot be written by SMPP: " + clean(err.Error()) + ".", Err: err}
	}
	answer, sent, err := w.ask(ctx, p)
	switch {
	case err != nil && sent:
		return "", uncertain(err)
	case err != nil:
		return "", temporary("The connection to the message centre broke off.", err)
	case answer.status() == 0 && answer.command() == submitSM|answerBit:
		return clean(answer.body()), nil
	}
	code := smppStatus(answer.status())
	about := smppCodes[code]
	fault = &channel.SendError{Kind: channel.Permanent, Text: about.words, Status: code, Reason: about.reason}
	if about.later {
		fault.Kind = channel.Temporary
	}
	if fault.Text == "" {
		fault.Text, fault.Reason = "The message centre refused the text.", parley.ReasonOther
	}
	fault.Text += " (" + code + ")"
	return "", fault
}

// segments are those of a text, in an alphabet that the centre knows.
func (c *smppChannel) segments(t text) ([]sms.Segment, error) {
	h := fnv.New32a()
	_, _ = h.Write([]byte(t.Ref + t.To)) // a hash never fails to write
	reference := byte(h.Sum32())         // of a second try it is the same
	segments, err := sms.Encode(t.Body, reference)
	if err != nil || c.link.alphabet != "latin1" || segments[0].DataCoding != sms.CodingGSM {
		return segments, err
	}
	// Data coding 0 is Latin-1 there. What Latin-1 does not have goes as UCS-2.
	if strings.ContainsFunc(t.Body, func(r rune) bool { return r > 0xff }) {
		return wideSegments(t.Body, reference), nil
	}
	for i, part := range sms.Split(t.Body) {
		segments[i].Body = latin1(part)
	}
	return segments, nil
}

func latin1(s string) []byte {
	out := make([]byte, 0, len(s))
	for _, r := range s {
		out = append(out, byte(r)) //nolint:gosec // the caller has looked
	}
	return out
}

// wideSegments writes in UCS-2 what would fit into seven bits.
func wideSegments(body string, reference byte) []sms.Segment {
	const whole, part = 70, 67 // UTF-16 units, 3GPP TS 23.040 9.2.3.24.1
	units := utf16.Encode([]rune(body))
	size := part
	if len(units) <= whole {
		size = whole
	}
	var out []sms.Segment
	for chunk := range slices.Chunk(units, size) { // the GSM alphabet has no pairs of units to tear
		s := sms.Segment{DataCoding: sms.CodingUCS2}
		for _, u := range chunk {
			s.Body = append(s.Body, byte(u>>8), byte(u))
		}
		out = append(out, s)
	}
	for i := range out {
		if len(out) > 1 {
			out[i].UDH = []byte{5, 0, 3, reference, byte(len(out)), byte(i + 1)}
		}
	}
	return out
}

// smppCodes are command statuses (SMPP 3.4 5.1.3).
var smppCodes = codes{
	"0x01": {reason: parley.ReasonTooLarge, words: "The message centre takes no text of this length."},
	"0x08": {reason: parley.ReasonNetwork, words: "Something went wrong at the message centre.", later: true},
	"0x0A": {reason: parley.ReasonPolicy, words: "The message centre does not let us send from the channel's number."},
	"0x0B": {reason: parley.ReasonNoSuchNumber, words: "This is no number that texts can be sent to."},
	"0x14": {reason: parley.ReasonNetwork, words: "Too many texts wait at the message centre.", later: true},
	"0x45": {reason: parley.ReasonOther, words: "The message centre could not take the text."},
	"0x48": {reason: parley.ReasonPolicy, words: "The message centre does not take the kind of the channel's number."},
	"0x49": {reason: parley.ReasonPolicy, words: "The message centre does not take the kind of the channel's number."},
	"0x50": {reason: parley.ReasonNoSuchNumber, words: "The message centre does not take the kind of the recipient's number."},
	"0x51": {reason: parley.ReasonNoSuchNumber, words: "The message centre does not take the kind of the recipient's number."},
	"0x58": {reason: parley.ReasonNetwork, words: "The message centre is asked too much at once.", later: true},
	"0x59": {reason: parley.ReasonPolicy, words: "The account may not send this text."},
	"0x64": {reason: parley.ReasonNetwork, words: "The message centre cannot take the text for the moment.", later: true},
	"0x65": {reason: parley.ReasonOther, words: "The message centre refused the text for good."},
	"0x66": {reason: parley.ReasonFiltered, words: "The message centre refused the text."},
	"0xFF": {reason: parley.ReasonOther, words: "The message centre refused the text, and does not say why."},
}

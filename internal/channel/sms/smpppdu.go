package sms

import (
	"bytes"
	"encoding/binary"
	"errors"
	"strings"

	"parley/internal/sms"
)

// Commands (SMPP 3.4 5.1.2.1). An answer has the command of its request and answerBit.
const (
	bindReceiver    = 0x01
	bindTransmitter = 0x02
	submitSM        = 0x04
	deliverSM       = 0x05
	unbind          = 0x06
	bindTransceiver = 0x09
	enquireLink     = 0x15
	answerBit       = 0x80000000
	genericNack     = answerBit
)

// Options (SMPP 3.4 5.3.2).
const (
	tagReceiptedID  = 0x001e
	tagSARReference = 0x020c
	tagSARTotal     = 0x020e
	tagSARNumber    = 0x020f
	tagPayload      = 0x0424
	tagMessageState = 0x0427
)

const (
	headerSize = 16
	maxFrame   = 64 << 10
	// hasHeader of esm_class: a user data header stands before the text (5.2.12).
	hasHeader = 0x40
	// maxShortMessage is how long short_message may be (5.2.21).
	maxShortMessage = 254
)

// frame is a PDU, whole (SMPP 3.4 3.2).
type frame []byte

// newFrame makes one; its number in the session comes later.
func newFrame(command, status uint32, body []byte) frame {
	f := make(frame, 0, headerSize+len(body))
	for _, v := range []uint32{uint32(headerSize + len(body)), command, status, 0} { //nolint:gosec // short
		f = binary.BigEndian.AppendUint32(f, v)
	}
	return append(f, body...)
}

func (f frame) command() uint32      { return binary.BigEndian.Uint32(f[4:]) }
func (f frame) status() uint32       { return binary.BigEndian.Uint32(f[8:]) }
func (f frame) sequence() uint32     { return binary.BigEndian.Uint32(f[12:]) }
func (f frame) setSequence(n uint32) { binary.BigEndian.PutUint32(f[12:], n) }

// body is the C-Octet String that an answer begins with.
func (f frame) body() string {
	s, _, _ := strings.Cut(string(f[headerSize:]), "\x00")
	return s
}

// cString writes a C-Octet String (SMPP 3.4 3.1).
func cString(out []byte, s string) []byte {
	s, _, _ = strings.Cut(s, "\x00")
	return append(append(out, s...), 0)
}

// bindFrame asks for a session (SMPP 3.4 4.1). It names no numbers: the account has them.
func bindFrame(command uint32, systemID, password, systemType string) frame {
	body := cString(cString(cString(nil, systemID), password), systemType)
	return newFrame(command, 0, append(body, 0x34, 0, 0, 0)) // version 3.4, and no address range
}

var errSegment = errors.New("the segment is longer than SMPP takes")

// submitFrame hands a segment over (SMPP 3.4 4.4), and asks for a receipt.
func submitFrame(from, to string, s sms.Segment) (frame, error) {
	size := len(s.UDH) + len(s.Body)
	if size > maxShortMessage {
		return nil, errSegment
	}
	body := address(address([]byte{0}, from), to) // of the default service
	class := byte(0)
	if len(s.UDH) > 0 {
		class = hasHeader
	}
	// esm_class, protocol_id, priority_flag, schedule_delivery_time, validity_period,
	// registered_delivery, replace_if_present_flag, data_coding, sm_default_msg_id, sm_length
	body = append(body, class, 0, 0, 0, 0, 1, 0, byte(s.DataCoding), 0, byte(size))
	return newFrame(submitSM, 0, append(append(body, s.UDH...), s.Body...)), nil
}

// Types of number and plans (SMPP 3.4 5.2.5, 5.2.6).
const (
	tonInternational = 1
	tonNational      = 2
	tonNetwork       = 3
	tonName          = 5
	npiUnknown       = 0
	npiISDN          = 1
)

// address writes a number with its country, a short code, or a name.
func address(out []byte, number string) []byte {
	bare, international := strings.CutPrefix(number, "+")
	switch {
	case international:
		return cString(append(out, tonInternational, npiISDN), bare)
	case strings.Trim(number, "0123456789") == "":
		return cString(append(out, tonNetwork, npiUnknown), number)
	}
	return cString(append(out, tonName, npiUnknown), number)
}

// octetReader reads until something is missing.
type octetReader struct {
	rest  []byte
	short bool
}

func (r *octetReader) take(n int) []byte {
	if n > len(r.rest) {
		r.short, r.rest = true, nil
		return make([]byte, min(n, 4)) // nobody looks at it
	}
	out := r.rest[:n]
	r.rest = r.rest[n:]
	return out
}

func (r *octetReader) octet() byte { return r.take(1)[0] }

// text reads a C-Octet String.
func (r *octetReader) text() string {
	s, rest, ok := bytes.Cut(r.rest, []byte{0})
	r.short = r.short || !ok
	r.rest = rest
	return string(s)
}

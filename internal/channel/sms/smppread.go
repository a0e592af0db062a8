package sms

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"parley/internal/channel"
	"parley/internal/parley"
	"parley/internal/sms"
)

// delivery is a deliver_sm (SMPP 3.4 4.6), taken apart without judging it: whatever
// data coding and header it has, its text may be told later.
type delivery struct {
	from, to    string
	fromTON     byte
	esm, coding byte
	octets      []byte
	options     map[uint16][]byte
}

// readDelivery reads one; what is cut off is unreadable.
func readDelivery(f frame) (d delivery, err error) {
	if len(f) < headerSize || f.command() != deliverSM {
		return d, fmt.Errorf("%w: no deliver_sm", channel.ErrUnreadable)
	}
	r := octetReader{rest: f[headerSize:]}
	r.text() // service_type
	d.fromTON = r.octet()
	r.octet()
	d.from = r.text()
	r.octet()
	r.octet()
	d.to = r.text()
	d.esm = r.octet()
	r.octet() // protocol_id
	r.octet() // priority_flag
	r.text()  // schedule_delivery_time
	r.text()  // validity_period
	r.octet() // registered_delivery
	r.octet() // replace_if_present_flag
	d.coding = r.octet()
	r.octet() // sm_default_msg_id
	d.octets = r.take(int(r.octet()))
	d.options = map[uint16][]byte{}
	for len(r.rest) >= 4 && !r.short {
		head := r.take(4)
		d.options[binary.BigEndian.Uint16(head)] = r.take(int(binary.BigEndian.Uint16(head[2:])))
	}
	if r.short {
		return d, fmt.Errorf("%w: a deliver_sm that is cut off", channel.ErrUnreadable)
	}
	if payload := d.options[tagPayload]; len(d.octets) == 0 && len(payload) > 0 {
		d.octets = payload
	}
	return d, nil
}

// isReceipt: of esm_class, bits 5 to 2 (SMPP 3.4 5.2.12).
func (d delivery) isReceipt() bool {
	kind := d.esm & 0x3c
	return kind == 0x04 || kind == 0x08 || kind == 0x20 || d.options[tagReceiptedID] != nil
}

// segment is the text with its header, from wherever that came.
func (d delivery) segment(alphabet string) (sms.Segment, piece) {
	s := sms.Segment{DataCoding: sms.DataCoding(d.coding), Body: d.octets}
	if d.coding == 0 && alphabet == "latin1" {
		s.DataCoding = sms.CodingLatin1
	}
	// Some centres write the GSM alphabet and call it ASCII, which has no such controls.
	if s.DataCoding == sms.CodingASCII && d.esm&hasHeader == 0 && bytes.ContainsFunc(d.octets, notASCII) {
		s.DataCoding = sms.CodingGSM
	}
	if d.esm&hasHeader != 0 {
		if cut, err := sms.Cut(s.DataCoding, d.octets); err == nil {
			s = cut
		}
	}
	if part, ok := s.Part(); ok {
		return s, piece{strconv.Itoa(int(part.Reference)), part.Number, part.Total}
	}
	ref, total, number := d.options[tagSARReference], d.options[tagSARTotal], d.options[tagSARNumber]
	if len(ref) == 2 && len(total) == 1 && len(number) == 1 {
		s.UDH = []byte{5, 0, 3, ref[1], total[0], number[0]} // the same in its other form
		return s, piece{"sar" + strconv.Itoa(int(binary.BigEndian.Uint16(ref))), int(number[0]), int(total[0])}
	}
	return s, piece{}
}

func notASCII(r rune) bool { return r < ' ' && r != '\n' && r != '\r' && r != '\t' }

// names are what a stored deliver_sm is read with.
func (c *smppChannel) names() map[string]string {
	return map[string]string{"alphabet": c.link.alphabet, "region": c.region}
}

// readSMPP reads a deliver_sm: a text, or a receipt of one of ours.
func readSMPP(c call) (event, error) {
	d, err := readDelivery(c.body)
	if err != nil {
		return event{}, err
	}
	e := event{from: d.sender(c.names["region"]), to: phone(d.to)}
	s, p := d.segment(c.names["alphabet"])
	body, err := sms.Decode([]sms.Segment{{DataCoding: s.DataCoding, Body: s.Body}})
	if err != nil {
		return event{}, fmt.Errorf("%w: %w", channel.ErrUnreadable, err)
	}
	if d.isReceipt() {
		e.state, e.report = smppReceipt(d, body)
		e.idle = e.report == nil
		if e.report != nil {
			e.report.Recipient = e.from
		}
		return e, nil
	}
	e.body, e.piece, e.segment = body, p, s
	return e, nil
}

// sender is whom a text is from: E.164 where the address says or we can tell.
func (d delivery) sender(region string) string {
	switch d.fromTON {
	case tonName, tonNetwork:
		return d.from
	case tonInternational:
		if e164, ok := sms.Number("+"+strings.TrimPrefix(d.from, "+"), ""); ok {
			return e164
		}
	case tonNational:
		if e164, ok := sms.Number(d.from, region); ok {
			return e164
		}
	}
	return phone(d.from)
}

// receiptField finds the fields of a receipt in its text (SMPP 3.4 appendix B).
var receiptField = regexp.MustCompile(`(?i)\b(id|stat|err):(\S*)`)

// smppStates are those of message_state (SMPP 3.4 5.2.28), as receipts write them.
var smppStates = map[byte]string{1: "ENROUTE", 2: "DELIVRD", 3: "EXPIRED", 4: "DELETED", 5: "UNDELIV", 6: "ACCEPTD", 7: "UNKNOWN", 8: "REJECTD"}

// smppReceipt reads a receipt from its options, else from its text. Nothing is
// reported of states on the way.
func smppReceipt(d delivery, text string) (state string, r *channel.Report) {
	fields := map[string]string{}
	for _, m := range receiptField.FindAllStringSubmatch(text, -1) {
		if name := strings.ToLower(m[1]); fields[name] == "" {
			fields[name] = m[2]
		}
	}
	id := fields["id"]
	if given := d.options[tagReceiptedID]; given != nil {
		id, _, _ = strings.Cut(string(given), "\x00")
	}
	state = strings.ToUpper(fields["stat"])
	if given := d.options[tagMessageState]; len(given) == 1 && smppStates[given[0]] != "" {
		state = smppStates[given[0]]
	}
	report := channel.Report{ProviderID: clean(id)}
	switch {
	case id == "":
		return state, nil
	case state == "DELIVRD":
		report.Delivery = parley.Delivered
		return state, &report
	}
	about, ok := smppReceipts[state]
	if !ok { // on the way, or unknown
		return state, nil
	}
	report.Delivery, report.Status, report.Reason, report.Text = parley.Bounced, state, about.reason, about.words
	if err := fields["err"]; err != "" && strings.Trim(err, "0") != "" {
		report.Status += " " + clean(err)
	}
	return state, &report
}

var smppReceipts = codes{
	"EXPIRED": {reason: parley.ReasonExpired, words: "The text was not delivered before its time was over."},
	"DELETED": {reason: parley.ReasonOther, words: "The text was deleted at the message centre."},
	"UNDELIV": {reason: parley.ReasonOther, words: "The carrier could not deliver the text."},
	"REJECTD": {reason: parley.ReasonFiltered, words: "The carrier refused the text."},
}

package sms

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/text/encoding/charmap"
)

// DataCoding is SMPP's number for the alphabet of a segment (SMPP 3.4 5.2.19); 0x10
// and above are the groups of 3GPP TS 23.038 4, which SMPP passes on.
type DataCoding byte

// The alphabets of text that are sent, or read.
const (
	CodingGSM      DataCoding = 0x00 // as SMPP carries it, a septet an octet
	CodingASCII    DataCoding = 0x01
	CodingLatin1   DataCoding = 0x03
	CodingCyrillic DataCoding = 0x06 // ISO 8859-5
	CodingHebrew   DataCoding = 0x07 // ISO 8859-8
	CodingUCS2     DataCoding = 0x08
)

// Segment is one short message on the wire.
type Segment struct {
	DataCoding DataCoding
	// UDH is the user data header with its length octet; empty where the text is of
	// one segment. Where there is one, SMPP's esm_class has its UDHI bit, 0x40.
	UDH []byte
	// Body is the text as SMPP carries it, below the UDH: a septet an octet, or
	// UTF-16 with the high octet first.
	Body []byte
}

// Part says which segment of a text one is.
type Part struct {
	Reference     uint16 // the same in all segments of a text
	Number, Total int    // Number is 1 for the first
}

// MaxSegments is how many segments a text may have: a header counts them in an octet.
const MaxSegments = 255

const (
	// Information elements, 3GPP TS 23.040 9.2.3.24.1 and 9.2.3.24.8.
	elementConcat     = 0x00
	elementConcatWide = 0x08
)

// Errors of Encode, Cut and Decode.
var (
	ErrTooLong  = errors.New("a text of more than 255 segments")
	ErrHeader   = errors.New("a user data header that does not fit")
	ErrCoding   = errors.New("a data coding that is no text")
	ErrSegments = errors.New("not all segments of one text")
)

// Encode makes the segments of a text, as many as Measure counts. They are joined
// by reference where there are several: it differs from that of other texts to the
// same number in these days.
func Encode(text string, reference uint8) ([]Segment, error) {
	m := meterOf(offendersOf(text) == nil)
	return m.encode(m.split(text, m.part), func(number, total int) []byte {
		return []byte{5, elementConcat, 3, reference, byte(total), byte(number)}
	})
}

// EncodeWide does the same with a reference of 16 bits, which takes another octet
// of each segment: a text may need one more than Measure counts.
func EncodeWide(text string, reference uint16) ([]Segment, error) {
	m := meterOf(offendersOf(text) == nil)
	return m.encode(m.split(text, m.part-1), func(number, total int) []byte {
		return []byte{6, elementConcatWide, 4, byte(reference >> 8), byte(reference), byte(total), byte(number)}
	})
}

func (m meter) encode(parts []string, header func(number, total int) []byte) ([]Segment, error) {
	if len(parts) > MaxSegments {
		return nil, ErrTooLong
	}
	segments := make([]Segment, len(parts))
	for i, part := range parts {
		s := &segments[i]
		if m.encoding == GSM {
			s.DataCoding, s.Body = CodingGSM, appendSeptets(nil, part)
		} else {
			s.DataCoding, s.Body = CodingUCS2, appendUCS2(nil, part)
		}
		if len(parts) > 1 {
			s.UDH = header(i+1, len(parts))
		}
	}
	return segments, nil
}

// Cut takes the header off what came with UDHI set.
func Cut(coding DataCoding, octets []byte) (Segment, error) {
	if len(octets) == 0 || int(octets[0])+1 > len(octets) {
		return Segment{}, ErrHeader
	}
	n := int(octets[0]) + 1
	return Segment{DataCoding: coding, UDH: octets[:n], Body: octets[n:]}, nil
}

// Part reads the header; it is not ok for a segment that is a whole text.
func (s Segment) Part() (part Part, ok bool) {
	if len(s.UDH) == 0 {
		return Part{}, false
	}
	for rest := s.UDH[1:]; len(rest) >= 2 && len(rest) >= 2+int(rest[1]); {
		value := rest[2 : 2+int(rest[1])]
		switch {
		case rest[0] == elementConcat && len(value) == 3:
			part = Part{uint16(value[0]), int(value[2]), int(value[1])}
		case rest[0] == elementConcatWide && len(value) == 4:
			part = Part{uint16(value[0])<<8 | uint16(value[1]), int(value[3]), int(value[2])}
		}
		rest = rest[2+len(value):]
	}
	// 9.2.3.24.1: with a count or number out of range the element is to be ignored.
	return part, part.Number > 0 && part.Number <= part.Total
}

// Decode reads the text of its segments, in whatever order they came; one that came
// twice counts once. What is torn between two segments, as other senders do, is whole again.
func Decode(segments []Segment) (string, error) {
	ordered, err := arrange(segments)
	if err != nil || len(ordered) == 0 {
		return "", err
	}
	var text strings.Builder
	for len(ordered) > 0 {
		// Segments of one alphabet are read as one; a sender may change it between two.
		coding := ordered[0].DataCoding
		var body []byte
		for len(ordered) > 0 && ordered[0].DataCoding == coding {
			body = append(body, ordered[0].Body...)
			ordered = ordered[1:]
		}
		read, err := fromBody(coding, body)
		if err != nil {
			return "", err
		}
		text.WriteString(read)
	}
	return text.String(), nil
}

// arrange puts the segments of one text in their order.
func arrange(segments []Segment) ([]Segment, error) {
	if len(segments) < 2 {
		return segments, nil
	}
	type numbered struct {
		Part
		Segment
	}
	all := make([]numbered, len(segments))
	for i, s := range segments {
		part, ok := s.Part()
		if !ok {
			return nil, fmt.Errorf("segment %d of none: %w", i, ErrSegments)
		}
		all[i] = numbered{part, s}
	}
	slices.SortStableFunc(all, func(a, b numbered) int { return cmp.Compare(a.Number, b.Number) })
	all = slices.CompactFunc(all, func(a, b numbered) bool { return a.Part == b.Part })
	out := make([]Segment, len(all))
	for i, s := range all {
		if s.Number != i+1 || s.Total != len(all) || s.Reference != all[0].Reference {
			return nil, ErrSegments
		}
		out[i] = s.Segment
	}
	return out, nil
}

func fromBody(coding DataCoding, body []byte) (string, error) {
	switch coding.alphabet() {
	case CodingGSM:
		return fromSeptets(body), nil
	case CodingUCS2:
		return fromUCS2(body), nil
	case CodingASCII, CodingLatin1:
		return decodeCharmap(charmap.ISO8859_1, body), nil
	case CodingCyrillic:
		return decodeCharmap(charmap.ISO8859_5, body), nil
	case CodingHebrew:
		return decodeCharmap(charmap.ISO8859_8, body), nil
	}
	return "", fmt.Errorf("data coding %#02x: %w", byte(coding), ErrCoding)
}

func decodeCharmap(from *charmap.Charmap, body []byte) string {
	out := make([]rune, len(body))
	for i, b := range body {
		out[i] = from.DecodeByte(b)
	}
	return string(out)
}

// alphabet reads the groups of 3GPP TS 23.038 4 as the SMPP number of their alphabet.
func (c DataCoding) alphabet() DataCoding {
	switch {
	case c >= 0x10 && c <= 0x1f: // general data coding with a class, not compressed
		switch c & 0x0c {
		case 0x00:
			return CodingGSM
		case 0x08:
			return CodingUCS2
		}
	case c >= 0xc0 && c <= 0xdf: // message waiting, in the default alphabet
		return CodingGSM
	case c >= 0xe0 && c <= 0xef: // message waiting, UCS-2
		return CodingUCS2
	case c >= 0xf0 && c&0x04 == 0: // class, in the default alphabet
		return CodingGSM
	}
	return c
}

// UserData is the segment as it goes over the air: header and body, septets packed
// from the next septet boundary on. Length is that of TP-User-Data-Length: octets,
// or septets with those that the header takes (3GPP TS 23.040 9.2.3.16).
func (s Segment) UserData() (octets []byte, length int) {
	if s.DataCoding.alphabet() != CodingGSM {
		octets = slices.Concat(s.UDH, s.Body)
		return octets, len(octets)
	}
	head, fill := septetsOf(s.UDH)
	return slices.Concat(s.UDH, Pack(s.Body, fill)), head + len(s.Body)
}

// ReadUserData is the way back; header tells whether TP-UDHI is set.
func ReadUserData(coding DataCoding, octets []byte, length int, header bool) (Segment, error) {
	s := Segment{DataCoding: coding, Body: octets}
	if header {
		var err error
		if s, err = Cut(coding, octets); err != nil {
			return Segment{}, err
		}
	}
	if coding.alphabet() == CodingGSM {
		head, fill := septetsOf(s.UDH)
		s.Body = Unpack(s.Body, length-head, fill)
	} else if length < len(octets) {
		s.Body = s.Body[:max(0, length-len(s.UDH))]
	}
	return s, nil
}

// septetsOf is how many septets a header takes, and how many bits of the last are fill.
func septetsOf(udh []byte) (n, fill int) {
	n = (len(udh)*8 + 6) / 7
	return n, n*7 - len(udh)*8
}

package sms_test

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"parley/internal/sms"
)

func ExampleEncode() {
	segments, err := sms.Encode(strings.Repeat("Grüße ", 30), 7)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, s := range segments {
		octets, _ := s.UserData()
		fmt.Printf("%#02x % x, %d septets in %d octets\n", byte(s.DataCoding), s.UDH, len(s.Body), len(octets))
	}
	// Output:
	// 0x00 05 00 03 07 02 01, 153 septets in 140 octets
	// 0x00 05 00 03 07 02 02, 27 septets in 30 octets
}

func TestAlphabet(t *testing.T) {
	t.Parallel()
	tests := []struct{ text, want string }{
		{"@£$¥èéùìòÇ\nØø\rÅå", "000102030405060708090a0b0c0d0e0f"},
		{"Δ_ΦΓΛΩΠΨΣΘΞÆæßÉ", "101112131415161718191a1c1d1e1f"},
		{" !\"#¤%&'()*+,-./", "202122232425262728292a2b2c2d2e2f"},
		{"09:;<=>?¡AZ", "30393a3b3c3d3e3f40415a"},
		{"ÄÖÑÜ§¿azäöñüà", "5b5c5d5e5f60617a7b7c7d7e7f"},
		{"\f^{}\\[~]|€", "1b0a1b141b281b291b2f1b3c1b3d1b3e1b401b65"},
	}
	for _, test := range tests {
		segments, err := sms.Encode(test.text, 0)
		if err != nil || len(segments) != 1 || segments[0].DataCoding != sms.CodingGSM || segments[0].UDH != nil {
			t.Fatalf("Encode(%q) = %+v, %v", test.text, segments, err)
		}
		if got := hex.EncodeToString(segments[0].Body); got != test.want {
			t.Errorf("Encode(%q) = %s, want %s", test.text, got, test.want)
		}
	}
}

func TestPack(t *testing.T) {
	t.Parallel()
	tests := []struct {
		text string
		fill int
		want string
	}{
		{"", 0, ""},
		{"hellohello", 0, "e8329bfd4697d9ec37"},
		{"1234567", 0, "31d98c56b3dd00"},
		{"12345678", 0, "31d98c56b3dd70"},
		{"A", 1, "82"},
		{"AB", 6, "40500800"[:6]},
	}
	for _, test := range tests {
		packed := sms.Pack([]byte(test.text), test.fill)
		if got := hex.EncodeToString(packed); got != test.want {
			t.Errorf("Pack(%q, %d) = %s, want %s", test.text, test.fill, got, test.want)
		}
		if back := sms.Unpack(packed, len(test.text), test.fill); string(back) != test.text {
			t.Errorf("Unpack gives %q, want %q", back, test.text)
		}
	}
	if got := sms.Unpack([]byte{0xe8}, 9, 0); len(got) != 1 {
		t.Errorf("an octet holds %d septets", len(got))
	}
	if got := sms.Unpack(nil, 9, 3); len(got) != 0 {
		t.Errorf("nothing holds %d septets", len(got))
	}
}

// What does not survive is what is no character: invalid bytes are U+FFFD each.
func valid(text string) string { return string([]rune(text)) }

func TestEncodeProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := texts.Draw(t, "text")
		segments, err := sms.Encode(text, rapid.Uint8().Draw(t, "reference"))
		if rapid.Bool().Draw(t, "wide") {
			segments, err = sms.EncodeWide(text, rapid.Uint16().Draw(t, "reference"))
		} else if len(segments) != sms.Measure(text).Segments {
			t.Fatalf("Encode gives %d segments", len(segments))
		}
		if err != nil {
			t.Fatal(err)
		}
		air := make([]sms.Segment, len(segments))
		for i, s := range segments {
			octets, length := s.UserData()
			if len(octets) > 140 {
				t.Fatalf("a segment of %d octets", len(octets))
			}
			if s.DataCoding == sms.CodingGSM && len(s.Body) > 0 && s.Body[len(s.Body)-1] == 0x1b {
				t.Fatal("a pair is torn")
			}
			if air[i], err = sms.ReadUserData(s.DataCoding, octets, length, len(s.UDH) > 0); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(s, air[i]); diff != "" {
				t.Fatalf("over the air: -want +got:\n%s", diff)
			}
		}
		air = rapid.Permutation(air).Draw(t, "order")
		got, err := sms.Decode(air)
		if err != nil || got != valid(text) {
			t.Fatalf("Decode gives %q, %v, want %q", got, err, valid(text))
		}
		if len(air) > 1 {
			if got, err = sms.Decode(slices.Concat(air, air[:1])); err != nil || got != valid(text) {
				t.Fatalf("one that came twice: %q, %v", got, err)
			}
			if _, err = sms.Decode(air[1:]); !errors.Is(err, sms.ErrSegments) && len(air) > 2 {
				t.Fatalf("with one missing: %v", err)
			}
		}
	})
}

func TestEncodeRefusesTooMany(t *testing.T) {
	t.Parallel()
	if _, err := sms.Encode(strings.Repeat("x", 153*255), 0); err != nil {
		t.Error(err)
	}
	if _, err := sms.Encode(strings.Repeat("x", 153*255+1), 0); !errors.Is(err, sms.ErrTooLong) {
		t.Errorf("%v, want %v", err, sms.ErrTooLong)
	}
}

func segment(t *testing.T, coding sms.DataCoding, octets string) sms.Segment {
	t.Helper()
	raw, err := hex.DecodeString(strings.ReplaceAll(octets, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	s, err := sms.Cut(coding, raw)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestDecode(t *testing.T) {
	t.Parallel()
	whole := func(coding sms.DataCoding, body string) []sms.Segment {
		return []sms.Segment{{DataCoding: coding, Body: []byte(body)}}
	}
	tests := []struct {
		name     string
		segments []sms.Segment
		want     string
	}{
		{"nothing", nil, ""},
		{"an escape of nothing defined is the plain character", whole(sms.CodingGSM, "\x1bA"), "A"},
		{"an escape twice, and at the end", whole(sms.CodingGSM, "a\x1b\x1bb\x1b"), "a b "},
		{"what is no septet", whole(sms.CodingGSM, "a\x80"), "a\uFFFD"},
		{"ASCII", whole(sms.CodingASCII, "@[]"), "@[]"},
		{"Latin-1", whole(sms.CodingLatin1, "caf\xe9"), "café"},
		{"Cyrillic", whole(sms.CodingCyrillic, "\xb4\xd0"), "Да"},
		{"Hebrew", whole(sms.CodingHebrew, "\xf9\xec\xe5\xed"), "שלום"},
		{"a class, in the GSM alphabet", whole(0xf1, "\x00"), "@"},
		{"a class, in UCS-2", whole(0x19, "\x04\x16"), "Ж"},
		{"a flag of message waiting", whole(0xc8, "\x00"), "@"},
		{"an octet too few", whole(sms.CodingUCS2, "\x04\x16\x04"), "Ж\uFFFD"},
		{"half a pair", whole(sms.CodingUCS2, "\xd8\x3d\x00A"), "\uFFFDA"},
		{"a pair torn between two segments", []sms.Segment{
			segment(t, sms.CodingUCS2, "05 00 03 aa 02 02 de00 0041"),
			segment(t, sms.CodingUCS2, "05 00 03 aa 02 01 0042 d83d"),
		}, "B😀A"},
		{"an escape torn, with 16 bits of reference and another element before", []sms.Segment{
			segment(t, sms.CodingGSM, "09 24 01 03 08 04 01 02 02 01 41 1b"),
			segment(t, sms.CodingGSM, "09 24 01 03 08 04 01 02 02 02 65"),
		}, "A€"},
		{"two alphabets", []sms.Segment{
			segment(t, sms.CodingGSM, "05 00 03 01 02 01 00"),
			segment(t, sms.CodingUCS2, "05 00 03 01 02 02 0416"),
		}, "@Ж"},
	}
	for _, test := range tests {
		got, err := sms.Decode(test.segments)
		if err != nil || got != test.want {
			t.Errorf("%s: %q, %v, want %q", test.name, got, err, test.want)
		}
	}
}

func TestDecodeRefuses(t *testing.T) {
	t.Parallel()
	one, two := segment(t, 0, "05 00 03 07 02 01 41"), segment(t, 0, "05 00 03 07 02 02 42")
	tests := []struct {
		name     string
		segments []sms.Segment
		want     error
	}{
		{"octets", []sms.Segment{{DataCoding: 0x04, Body: []byte{1, 2}}}, sms.ErrCoding},
		{"one of three missing", []sms.Segment{segment(t, 0, "05 00 03 07 03 01 41"), segment(t, 0, "05 00 03 07 03 03 43")}, sms.ErrSegments},
		{"of two texts", []sms.Segment{one, segment(t, 0, "05 00 03 08 02 02 42")}, sms.ErrSegments},
		{"one without a header", []sms.Segment{one, two, {Body: []byte("C")}}, sms.ErrSegments},
		{"number above the count", []sms.Segment{one, segment(t, 0, "05 00 03 07 02 03 42")}, sms.ErrSegments},
	}
	for _, test := range tests {
		if got, err := sms.Decode(test.segments); !errors.Is(err, test.want) {
			t.Errorf("%s: %q, %v, want %v", test.name, got, err, test.want)
		}
	}
	for _, header := range []string{"", "\x05", "\x05\x00\x03\x01\x02"} {
		if _, err := sms.Cut(sms.CodingGSM, []byte(header)); !errors.Is(err, sms.ErrHeader) {
			t.Errorf("Cut(%x): %v", header, err)
		}
	}
}

func TestPart(t *testing.T) {
	t.Parallel()
	tests := []struct {
		udh  string
		want sms.Part
		ok   bool
	}{
		{"05 00 03 07 02 01", sms.Part{Reference: 7, Number: 1, Total: 2}, true},
		{"06 08 04 01 02 03 03", sms.Part{Reference: 0x102, Number: 3, Total: 3}, true},
		{"0b 05 04 0b 84 23 f0 00 03 07 02 02", sms.Part{Reference: 7, Number: 2, Total: 2}, true}, // ports before
		{"05 00 03 07 02 00", sms.Part{}, false},
		{"05 00 03 07 02 03", sms.Part{}, false},
		{"05 00 03 07 00 00", sms.Part{}, false},
		{"04 00 02 07 02", sms.Part{}, false},
		{"03 00 09 07", sms.Part{}, false},
		{"00", sms.Part{}, false},
	}
	for _, test := range tests {
		got, ok := segment(t, 0, test.udh).Part()
		if ok != test.ok || ok && got != test.want {
			t.Errorf("Part of %s = %+v, %v, want %+v, %v", test.udh, got, ok, test.want, test.ok)
		}
	}
}

func FuzzDecode(f *testing.F) {
	for _, seed := range []string{"hello", "€ 10\x1b", "Ж😀", strings.Repeat("long ", 60)} {
		segments, err := sms.Encode(seed, 9)
		if err != nil {
			f.Fatal(err)
		}
		for _, s := range segments {
			octets, length := s.UserData()
			f.Add(byte(s.DataCoding), len(s.UDH) > 0, length, octets)
		}
	}
	f.Fuzz(func(t *testing.T, coding byte, header bool, length int, octets []byte) {
		before := bytes.Clone(octets)
		s, err := sms.ReadUserData(sms.DataCoding(coding), octets, length, header)
		if err != nil {
			return
		}
		part, ok := s.Part()
		if ok && (part.Number < 1 || part.Number > part.Total || part.Total > sms.MaxSegments) {
			t.Errorf("%+v", part)
		}
		text, err := sms.Decode([]sms.Segment{s})
		if err == nil && sms.DataCoding(coding) == sms.CodingUCS2 {
			again, err := sms.Encode(text, 0)
			if back, err2 := sms.Decode(again); err != nil || err2 != nil || back != text {
				t.Errorf("%q is sent as %q: %v, %v", text, back, err, err2)
			}
		}
		if _, err := sms.Decode([]sms.Segment{s, s}); err == nil && !ok {
			t.Error("two whole texts are read as one")
		}
		if !slices.Equal(before, octets) {
			t.Error("what came in is changed")
		}
	})
}

package mime

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"strings"
	"unicode/utf16"
)

// Outlook may put all of a mail into one file, winmail.dat: the Transport Neutral
// Encapsulation Format ([MS-OXTNEF]). What is in it is what its sender sees.

const (
	tnefSignature = 0x223e9f78
	maxTNEF       = 200 // attributes, and properties of one, beyond which it is no mail's
	maxTNEFDepth  = 3   // mails within the mail
)

// The attributes that are read, by the lower half of their ids.
const (
	tnefBody       = 0x800c
	tnefTitle      = 0x8010
	tnefData       = 0x800f
	tnefRendering  = 0x9002 // begins a file
	tnefProperties = 0x9003
	tnefAttachment = 0x9005
)

// The properties that are read ([MS-OXPROPS]).
const (
	propBody      = 0x1000
	propRTF       = 0x1009
	propHTML      = 0x1013
	propData      = 0x3701
	propExtension = 0x3703
	propName      = 0x3704
	propLongName  = 0x3707
	propMIME      = 0x370e
	propContentID = 0x3712
)

// tnef is what was found in such a file.
type tnef struct {
	text, html string
	files      []Part
}

// isTNEF tells such a file by its type, or by its name and first bytes.
func isTNEF(e entity, name string) bool {
	switch e.kind.value {
	case "application/ms-tnef", "application/vnd.ms-tnef":
		return true
	}
	return strings.EqualFold(name, "winmail.dat")
}

// readTNEF opens a winmail.dat. It takes linear time; what it cannot read it leaves out.
func readTNEF(raw []byte, depth int) (t tnef, ok bool) {
	if len(raw) < 6 || binary.LittleEndian.Uint32(raw) != tnefSignature || depth > maxTNEFDepth {
		return t, false
	}
	in := octets{raw[6:]}
	for n := 0; n < maxTNEF && len(in.left) > 0; n++ {
		in.take(1) // message or attachment
		id, size := in.uint32(), in.uint32()
		data := in.take(int(size))
		in.take(2) // checksum: who breaks it, and still can be read, is read
		if data == nil {
			break
		}
		t.attribute(uint16(id&0xffff), data, depth)
	}
	kept := t.files[:0]
	for _, f := range t.files {
		if len(f.Body) > 0 {
			f.Filename = cleanFilename(f.Filename)
			f.ContentType = cmp.Or(strings.ToLower(cleanLine(f.ContentType)), "application/octet-stream")
			kept = append(kept, f)
		}
	}
	t.files = kept
	return t, len(t.files) > 0 || t.text != "" || t.html != ""
}

func (t *tnef) attribute(id uint16, data []byte, depth int) {
	switch id {
	case tnefBody:
		t.text = cmp.Or(t.text, byteText(data))
	case tnefRendering:
		t.files = append(t.files, Part{})
	case tnefProperties:
		readProperties(data, func(prop uint16, value []byte, text string) { t.messageProperty(prop, value, text) })
	}
	if len(t.files) == 0 {
		return
	}
	f := &t.files[len(t.files)-1]
	switch id {
	case tnefTitle:
		f.Filename = cmp.Or(f.Filename, byteText(data))
	case tnefData:
		f.Body = data
	case tnefAttachment:
		readProperties(data, func(prop uint16, value []byte, text string) { t.fileProperty(f, prop, value, text, depth) })
	}
}

func (t *tnef) messageProperty(prop uint16, value []byte, text string) {
	switch prop {
	case propBody:
		t.text = text
	case propHTML:
		t.html = lineFeeds(decodeCharset("", value))
	case propRTF:
		if t.text == "" {
			t.text = textOfRTF(unpackRTF(value))
		}
	}
}

func (t *tnef) fileProperty(f *Part, prop uint16, value []byte, text string, depth int) {
	switch prop {
	case propLongName:
		f.Filename = text
	case propName:
		f.Filename = cmp.Or(f.Filename, text)
	case propExtension:
		f.Filename = cmp.Or(f.Filename, "file"+text)
	case propMIME:
		f.ContentType = text
	case propContentID:
		f.ContentID = strings.Trim(text, "<>")
	case propData:
		if len(value) > 16 { // an object: its kind, then its bytes
			if inner, ok := readTNEF(value[16:], depth+1); ok {
				t.files = append(t.files[:len(t.files)-1:len(t.files)-1], inner.files...)
				t.files = append(t.files, Part{}) // what still follows of this file goes nowhere
				return
			}
		}
		if len(f.Body) == 0 {
			f.Body = value
		}
	}
}

// readProperties reads a list of MAPI properties ([MS-OXTNEF] 2.1.3.4); each has
// its first value's bytes, and those as text where they are a string.
func readProperties(data []byte, found func(prop uint16, value []byte, text string)) {
	in := octets{data}
	count := in.uint32()
	for n := uint32(0); n < count && n < 10*maxTNEF && len(in.left) > 0; n++ {
		kind, prop := in.uint16(), in.uint16()
		if prop >= 0x8000 { // a named one
			in.take(16)
			if in.uint32() == 1 {
				in.take(padded(int(in.uint32())))
			} else {
				in.take(4)
			}
			prop = 0
		}
		values := uint32(1)
		size, fixed := fixedSizes[kind&^0x1000]
		if !fixed || kind&0x1000 != 0 {
			values = in.uint32()
		}
		for v := uint32(0); v < values && len(in.left) > 0; v++ {
			length := size
			if !fixed {
				length = int(in.uint32())
			}
			value := in.take(length)
			in.take(padded(length) - length)
			if v == 0 && value != nil && !fixed {
				found(prop, value, propertyText(kind, value))
			}
		}
	}
}

var fixedSizes = map[uint16]int{
	0x0002: 4, 0x0003: 4, 0x0004: 4, 0x0005: 8, 0x0006: 8, 0x0007: 8, 0x000a: 4, 0x000b: 4, 0x0014: 8, 0x0040: 8, 0x0048: 16,
}

func padded(n int) int { return (n + 3) &^ 3 }

func propertyText(kind uint16, value []byte) string {
	switch kind {
	case 0x001e:
		return byteText(value)
	case 0x001f:
		units := make([]uint16, len(value)/2)
		for i := range units {
			units[i] = binary.LittleEndian.Uint16(value[2*i:])
		}
		return lineFeeds(strings.ReplaceAll(string(utf16.Decode(units)), "\x00", ""))
	}
	return ""
}

// byteText is a string of bytes up to its end mark.
func byteText(b []byte) string {
	b, _, _ = bytes.Cut(b, []byte{0})
	return lineFeeds(decodeCharset("", b))
}

// octets reads numbers and pieces; beyond the end there is nothing, and zero.
type octets struct{ left []byte }

func (o *octets) take(n int) []byte {
	if n < 0 || n > len(o.left) {
		o.left = nil
		return nil
	}
	piece := o.left[:n]
	o.left = o.left[n:]
	return piece
}

func (o *octets) uint16() uint16 {
	b := o.take(2)
	if b == nil {
		return 0
	}
	return binary.LittleEndian.Uint16(b)
}

func (o *octets) uint32() uint32 {
	b := o.take(4)
	if b == nil {
		return 0
	}
	return binary.LittleEndian.Uint32(b)
}

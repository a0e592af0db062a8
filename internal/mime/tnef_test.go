package mime

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"strings"
	"testing"
	"time"
	"unicode/utf16"
)

// winmail writes a winmail.dat of attributes.
func winmail(attributes ...[]byte) []byte {
	out := binary.LittleEndian.AppendUint32(nil, tnefSignature)
	return append(append(out, 1, 0), bytes.Join(attributes, nil)...)
}

func tnefAttr(id uint32, data []byte) []byte {
	out := binary.LittleEndian.AppendUint32([]byte{1}, id)
	out = binary.LittleEndian.AppendUint32(out, uint32(len(data)))
	return append(append(out, data...), 0, 0)
}

// properties writes MAPI properties, each with one value.
func tnefProps(all ...[]byte) []byte {
	return append(binary.LittleEndian.AppendUint32(nil, uint32(len(all))), bytes.Join(all, nil)...)
}

func tnefProp(kind, id uint16, value []byte) []byte {
	out := binary.LittleEndian.AppendUint16(nil, kind)
	out = binary.LittleEndian.AppendUint16(out, id)
	out = binary.LittleEndian.AppendUint32(out, 1)
	out = binary.LittleEndian.AppendUint32(out, uint32(len(value)))
	return append(append(out, value...), make([]byte, padded(len(value))-len(value))...)
}

func utf16Text(s string) []byte {
	var out []byte
	for _, u := range utf16.Encode([]rune(s + "\x00")) {
		out = binary.LittleEndian.AppendUint16(out, u)
	}
	return out
}

// mailWith is a mail that is nothing but a winmail.dat.
func mailWith(dat []byte) []byte {
	return []byte("From: ann@x.test\nMIME-Version: 1.0\nContent-Type: application/ms-tnef; name=winmail.dat\nContent-Transfer-Encoding: base64\n\n" +
		base64.StdEncoding.EncodeToString(dat) + "\n")
}

var twoFiles = winmail(
	tnefAttr(0x00069003, tnefProps(tnefProp(0x1f, propBody, utf16Text("The plan is within.")))),
	tnefAttr(0x00069002, make([]byte, 14)), tnefAttr(0x00018010, []byte("PLAN~1.TXT\x00")), tnefAttr(0x0006800f, []byte("first this")),
	tnefAttr(0x00069005, tnefProps(tnefProp(0x1f, propLongName, utf16Text("Größe plan.txt")), tnefProp(0x1e, propMIME, []byte("text/plain\x00")))),
	tnefAttr(0x00069002, make([]byte, 14)), tnefAttr(0x00069005, tnefProps(tnefProp(0x1e, propLongName, []byte("../b.bin\x00")), tnefProp(0x102, propData, []byte{1, 2, 3}))),
)

func TestWinmail(t *testing.T) {
	t.Parallel()
	m := Read(mailWith(twoFiles))
	if m.Text != "The plan is within." || len(m.Parts) != 2 {
		t.Fatalf("text %q, %d parts", m.Text, len(m.Parts))
	}
	if p := m.Parts[0]; p.Filename != "Größe plan.txt" || p.ContentType != "text/plain" || string(p.Body) != "first this" {
		t.Errorf("the first is %+v", p)
	}
	if p := m.Parts[1]; p.Filename != "b.bin" || p.ContentType != "application/octet-stream" || len(p.Body) != 3 {
		t.Errorf("the second is %+v", p)
	}
	// A mail within: its files are there, too.
	inner := append(make([]byte, 16), twoFiles...)
	outer := winmail(tnefAttr(0x00069002, make([]byte, 14)), tnefAttr(0x00069005, tnefProps(tnefProp(0x0d, propData, inner))))
	if m := Read(mailWith(outer)); len(m.Parts) != 2 {
		t.Errorf("of a mail within: %d parts", len(m.Parts))
	}
	// Another text stands in the mail: that of the file is not said twice.
	both := "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nSee below.\n--b\n" + strings.Replace(string(mailWith(twoFiles)), "From: ann@x.test\n", "", 1) + "--b--\n"
	if m := Read([]byte(both)); strings.TrimSpace(m.Text) != "See below." || len(m.Parts) != 2 {
		t.Errorf("beside a text: %q, %d parts", m.Text, len(m.Parts))
	}
	// What can't be opened is the file that it is.
	if m := Read(mailWith([]byte("hello"))); len(m.Parts) != 1 || m.Parts[0].Filename != "winmail.dat" {
		t.Errorf("no TNEF: %+v", m.Parts)
	}
}

func TestRTF(t *testing.T) {
	t.Parallel()
	if len(rtfStart) != 207 {
		t.Fatalf("the ring begins with %d bytes", len(rtfStart))
	}
	// [MS-OXRTFCP] 3.1.1
	packed, err := hex.DecodeString("2d0000002b0000004c5a4675f1c5c7a703000a00726370673132354232" + "0af32068656c090020627705b06c647d0a800fa0")
	if err != nil {
		t.Fatal(err)
	}
	if got := string(unpackRTF(packed)); got != "{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n" {
		t.Errorf("unpacked %q", got)
	}
	for rtf, want := range map[string]string{
		`{\rtf1\ansi\ansicpg1252\pard hello world}`:                              "hello world",
		`{\rtf1{\fonttbl{\f0 Arial;}}{\*\htmltag <p>}Gr\'fc\'dfe\par {\b zwei}}`: "Grüße\nzwei",
		`{\rtf1 \u8364?5 \{x\} a\tab b}`:                                         "€5 {x} a\tb",
		`{\rtf1 open`:                                                            "open",
		`}}}}`:                                                                   "",
	} {
		if got := textOfRTF([]byte(rtf)); got != want {
			t.Errorf("%s is %q, want %q", rtf, got, want)
		}
	}
}

// A text that unpacks to more than anybody reads is cut; so is nesting without end.
func TestWinmailIsBounded(t *testing.T) {
	t.Parallel()
	bomb := append([]byte{0, 0, 0, 0, 0, 0, 0, 0x10, 0x4c, 0x5a, 0x46, 0x75, 0, 0, 0, 0}, bytes.Repeat([]byte{0xff, 0, 0x0f, 0, 0x0f, 0, 0x0f, 0, 0x0f, 0, 0x0f, 0, 0x0f, 0, 0x0f, 0, 0x0f}, 1<<16)...)
	nested := twoFiles
	for range 50 {
		nested = winmail(tnefAttr(0x00069002, make([]byte, 14)), tnefAttr(0x00069005, tnefProps(tnefProp(0x0d, propData, append(make([]byte, 16), nested...)))))
	}
	many := winmail(bytes.Repeat(tnefAttr(0x00069002, nil), 100_000))
	for name, dat := range map[string][]byte{"bomb": winmail(tnefAttr(0x00069003, tnefProps(tnefProp(0x102, propRTF, bomb)))), "nested": nested, "many": many} {
		var m Message
		if took := cpuOf(func() { m = Read(mailWith(dat)) }); took > 2*time.Second {
			t.Errorf("%s took %v", name, took)
		}
		if len(m.Text) > 2*maxRTF || len(m.Parts) > maxParts {
			t.Errorf("%s: %d bytes of text, %d parts", name, len(m.Text), len(m.Parts))
		}
	}
}

// FuzzReadTNEF: any bytes are opened or left alone.
func FuzzReadTNEF(f *testing.F) {
	f.Add(twoFiles)
	f.Add(winmail(tnefAttr(0x00069003, tnefProps(tnefProp(0x102, propRTF, []byte("0123456789abLZFu0123"))))))
	f.Fuzz(func(t *testing.T, raw []byte) {
		found, ok := readTNEF(raw, 0)
		total := len(found.text) + len(found.html)
		for _, p := range found.files {
			total += len(p.Body)
		}
		if ok && total > 64*len(raw)+2*maxRTF {
			t.Errorf("%d bytes became %d", len(raw), total)
		}
	})
}

// Parts without a name that mean something get one.
func TestUnnamedParts(t *testing.T) {
	t.Parallel()
	for kind, want := range map[string]string{
		"text/calendar; method=REQUEST": "invite.ics", "application/pkcs7-signature": "smime.p7s", "application/pgp-signature": "signature.asc",
		"application/pkcs7-mime; smime-type=enveloped-data": "smime.p7m", "application/octet-stream": "", "message/rfc822": "Hello.eml",
	} {
		m := Read([]byte("Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nx\n--b\nContent-Disposition: attachment\nContent-Type: " + kind + "\n\nSubject: Hello\n\nx\n--b--\n"))
		if len(m.Parts) != 1 || m.Parts[0].Filename != want {
			t.Errorf("%s: %+v, want %q", kind, m.Parts, want)
		}
	}
}

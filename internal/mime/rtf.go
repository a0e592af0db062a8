package mime

import (
	"encoding/binary"
	"strconv"
	"strings"
)

// maxRTF bounds what a compressed text may become.
const maxRTF = 1 << 20

// rtfStart is what every compressed text begins with in the mind of its reader ([MS-OXRTFCP] 2.1.2.1).
const rtfStart = "{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier" +
	"{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"

// unpackRTF undoes the compression of [MS-OXRTFCP]: references of 12 bits into a ring of 4 kB.
func unpackRTF(raw []byte) []byte {
	if len(raw) < 16 {
		return nil
	}
	in := octets{raw[16:]}
	switch binary.LittleEndian.Uint32(raw[8:]) {
	case 0x414c454d: // "MELA": not compressed
		return in.left[:min(len(in.left), maxRTF)]
	case 0x75465a4c: // "LZFu"
	default:
		return nil
	}
	var ring [4096]byte
	at := copy(ring[:], rtfStart)
	var out []byte
	put := func(c byte) {
		ring[at] = c
		at = (at + 1) % len(ring)
		out = append(out, c)
	}
	for len(in.left) > 0 && len(out) < maxRTF {
		flags := in.take(1)[0]
		for bit := 0; bit < 8 && len(in.left) > 0 && len(out) < maxRTF; bit++ {
			if flags>>bit&1 == 0 {
				put(in.take(1)[0])
				continue
			}
			pair := in.take(2)
			if pair == nil {
				return out
			}
			ref := binary.BigEndian.Uint16(pair)
			from := int(ref >> 4)
			if from == at {
				return out // the end
			}
			for range int(ref&0xf) + 2 {
				put(ring[from])
				from = (from + 1) % len(ring)
			}
		}
	}
	return out
}

// rtfHidden are groups that hold no text for readers.
var rtfHidden = map[string]bool{
	"fonttbl": true, "colortbl": true, "stylesheet": true, "info": true, "pict": true, "object": true, "header": true, "footer": true, "*": true,
}

// rtfReader gathers the words of an RTF text.
type rtfReader struct {
	out    strings.Builder
	depth  int
	hidden int // the depth of the group that is left out; 0: none
	skip   int // characters that stand in for one of Unicode
}

// textOfRTF is the text in RTF, without its looks. Of a text that was made from
// HTML, the tags stand in groups that are left out.
func textOfRTF(rtf []byte) string {
	r := rtfReader{}
	for i := 0; i < len(rtf) && r.out.Len() < maxRTF; {
		switch c := rtf[i]; c {
		case '{':
			r.depth++
			i++
		case '}':
			if r.hidden == r.depth {
				r.hidden = 0
			}
			r.depth--
			i++
		case '\\':
			i += r.control(rtf[i:])
		case '\r', '\n':
			i++
		default:
			r.text(string(rune(c)))
			i++
		}
	}
	return strings.TrimSpace(r.out.String())
}

func (r *rtfReader) text(s string) {
	switch {
	case r.hidden > 0:
	case r.skip > 0:
		r.skip--
	default:
		r.out.WriteString(s)
	}
}

// control reads a control word or symbol and tells how long it is.
func (r *rtfReader) control(b []byte) int {
	if len(b) < 2 {
		return len(b)
	}
	if c := b[1]; c < 'a' || c > 'z' {
		return r.symbol(b)
	}
	end := 1
	for end < len(b) && end < 40 && b[end] >= 'a' && b[end] <= 'z' {
		end++
	}
	word, start := string(b[1:end]), end
	for end < len(b) && end < start+10 && (b[end] >= '0' && b[end] <= '9' || end == start && b[end] == '-') {
		end++
	}
	number, _ := strconv.Atoi(string(b[start:end])) // 0 where there is none
	if end < len(b) && b[end] == ' ' {
		end++
	}
	switch {
	case rtfHidden[word] && r.hidden == 0:
		r.hidden = max(r.depth, 1)
	case word == "par" || word == "line":
		r.text("\n")
	case word == "tab":
		r.text("\t")
	case word == "u":
		r.text(string(rune(uint16(number)))) //nolint:gosec // RTF writes them as signed numbers of 16 bits
		if r.hidden == 0 {
			r.skip = 1
		}
	}
	return end
}

func (r *rtfReader) symbol(b []byte) int {
	switch b[1] {
	case '\'':
		if len(b) >= 4 {
			if n, err := strconv.ParseUint(string(b[2:4]), 16, 8); err == nil {
				r.text(decodeCharset("windows-1252", []byte{byte(n)}))
			}
		}
		return min(4, len(b))
	case '*':
		if r.hidden == 0 {
			r.hidden = max(r.depth, 1)
		}
	case '~':
		r.text("\u00a0")
	case '\\', '{', '}':
		r.text(string(rune(b[1])))
	}
	return 2
}

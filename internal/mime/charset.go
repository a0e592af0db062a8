package mime

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/ianaindex"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"
)

// decodeCharset turns bytes that claim the charset label into UTF-8 without
// NUL. Labels lie: where the bytes contradict theirs, the bytes win.
func decodeCharset(label string, b []byte) string {
	return clean(decodeBytes(canonicalCharset(label), b))
}

func decodeBytes(label string, b []byte) string {
	if isASCII(b) && !bytes.ContainsRune(b, 0x1b) && !wide[label] {
		return string(b)
	}
	switch label {
	case "utf-8", "us-ascii", "":
		return decodeUTF8(label, b)
	case "utf-7":
		return decodeUTF7(b)
	}
	enc := encodingOf(label)
	if enc == nil {
		return decodeUTF8("", b)
	}
	if _, single := enc.(*charmap.Charmap); single && utf8.Valid(b) {
		return string(b) // text in an 8-bit charset is practically never valid UTF-8
	}
	out, err := enc.NewDecoder().Bytes(b)
	if err != nil {
		return decodeUTF8("", b)
	}
	return string(out)
}

// wide are the charsets in which ASCII bytes don't mean themselves.
var wide = map[string]bool{
	"utf-16": true, "utf-16le": true, "utf-16be": true, "utf-32": true, "utf-32le": true, "utf-32be": true,
	"utf-7": true, "hz-gb-2312": true,
}

// decodeUTF8 reads bytes that are UTF-8 or unlabelled. If most of what isn't
// ASCII is no UTF-8, the bytes are windows-1252, what such mail nearly always is.
func decodeUTF8(label string, b []byte) string {
	if label != "utf-8" && bytes.Contains(b, []byte("\x1b$")) {
		if out, err := encodingOf("iso-2022-jp").NewDecoder().Bytes(b); err == nil {
			return string(out)
		}
	}
	if utf8.Valid(b) {
		return string(b)
	}
	good, bad := 0, 0
	for i := 0; i < len(b); {
		r, size := utf8.DecodeRune(b[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			bad++
		case size > 1:
			good++
		}
		i += size
	}
	if good >= bad {
		return string(bytes.ToValidUTF8(b, []byte("\ufffd")))
	}
	out, err := charmap.Windows1252.NewDecoder().Bytes(b)
	if err != nil {
		return string(bytes.ToValidUTF8(b, []byte("\ufffd")))
	}
	return string(out)
}

// clean makes s storable text: valid UTF-8 without NUL, which PostgreSQL refuses.
func clean(s string) string {
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "\ufffd")
	}
	if strings.IndexByte(s, 0) >= 0 {
		s = strings.ReplaceAll(s, "\x00", "")
	}
	return s
}

// cleanLine makes s text for one line: an encoded word can hold line ends and
// other control characters, which nothing that shows or answers it expects.
func cleanLine(s string) string {
	s = clean(s)
	if hasControl(s) {
		s = strings.Map(func(r rune) rune {
			if r < ' ' || r == 0x7f {
				return ' '
			}
			return r
		}, s)
	}
	return strings.TrimSpace(s)
}

// canonicalCharset brings the many spellings of a label into one form.
func canonicalCharset(label string) string {
	label = strings.ToLower(strings.Trim(label, " \t\r\n\"'<>;,"))
	if i := strings.IndexAny(label, "; \"*"); i > 0 {
		label = label[:i]
	}
	label = strings.ReplaceAll(label, "_", "-")
	if alias, ok := charsetAliases[label]; ok {
		return alias
	}
	if n, ok := strings.CutPrefix(label, "iso8859"); ok {
		return "iso-8859-" + strings.TrimLeft(n, "-")
	}
	for _, prefix := range []string{"cp", "cp-", "win-", "win", "windows", "x-cp", "x-windows-"} {
		if n, ok := strings.CutPrefix(label, prefix); ok && len(n) == 4 && n[:2] == "12" {
			return "windows-" + n
		}
	}
	return label
}

// charsetAliases are labels that neither the WHATWG nor the IANA list has, or maps badly for mail.
var charsetAliases = map[string]string{
	"utf8": "utf-8", "utf": "utf-8", "utf-8-mime": "utf-8", "utf8mb4": "utf-8", "utf-8n": "utf-8", "unicode": "utf-8",
	"ascii": "us-ascii", "ansi-x3.4-1968": "us-ascii", "7bit": "us-ascii", "us-acii": "us-ascii",
	"unknown": "", "unknown-8bit": "", "x-unknown": "", "8bit": "", "binary": "", "default": "", "default-charset": "", "none": "",
	"iso-8859-8-i": "iso-8859-8", "iso-8859-8-e": "iso-8859-8", "iso-8859-6-i": "iso-8859-6", "iso-8859-6-e": "iso-8859-6",
	"latin-1": "iso-8859-1", "iso-latin-1": "iso-8859-1", "ansi": "windows-1252", "ansi-x3.110-1983": "windows-1252",
	"x-user-defined": "windows-1252", "iso-8859-11": "windows-874", "tis-620": "windows-874", "tis620": "windows-874",
	"cp936": "gbk", "ms936": "gbk", "windows-936": "gbk", "x-gbk": "gbk", "gb2312": "gb18030", "gb-2312": "gb18030", "gbk": "gb18030", "euc-cn": "gb18030",
	"cp932": "shift-jis", "ms932": "shift-jis", "windows-31j": "shift-jis", "sjis": "shift-jis", "x-sjis": "shift-jis",
	"cp949": "euc-kr", "ms949": "euc-kr", "windows-949": "euc-kr", "ks-c-5601-1987": "euc-kr", "ks-c-5601": "euc-kr", "ksc5601": "euc-kr",
	"cp950": "big5", "ms950": "big5", "windows-950": "big5", "big5-hkscs": "big5",
	"iso-2022-jp-ms": "iso-2022-jp", "iso-2022-jp-1": "iso-2022-jp", "iso-2022-jp-2": "iso-2022-jp", "cp50220": "iso-2022-jp", "cp50221": "iso-2022-jp",
	"unicode-1-1-utf-7": "utf-7", "unicode-2-0-utf-7": "utf-7", "utf7": "utf-7", "ucs-2": "utf-16", "utf16": "utf-16",
	"cp437": "ibm437", "cp850": "ibm850", "cp-850": "ibm850", "cp852": "ibm852", "cp858": "ibm00858", "cp866": "ibm866",
	"mac": "macintosh", "x-mac-roman": "macintosh", "apple-roman": "macintosh",
}

// encodingOf finds the encoding of a canonical label; nil if there is none.
func encodingOf(label string) encoding.Encoding {
	switch label {
	case "utf-16":
		return unicode.UTF16(unicode.BigEndian, unicode.UseBOM)
	case "utf-32", "utf-32be":
		return utf32.UTF32(utf32.BigEndian, utf32.UseBOM)
	case "utf-32le":
		return utf32.UTF32(utf32.LittleEndian, utf32.IgnoreBOM)
	case "hz-gb-2312":
		return simplifiedchinese.HZGB2312
	case "shift-jis":
		label = "shift_jis" // the WHATWG spelling
	}
	enc, err := htmlindex.Get(label)
	if err != nil || enc == encoding.Replacement {
		enc, err = ianaindex.IANA.Encoding(label)
	}
	if err != nil || enc == encoding.Replacement {
		return nil
	}
	return enc
}

func isASCII(b []byte) bool {
	for _, c := range b {
		if c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// decodeUnlabelled decodes bytes that name no charset: UTF-8 if they are that, else what the message declares elsewhere.
func decodeUnlabelled(b []byte, charset string) string {
	switch charset {
	case "", "utf-8", "us-ascii":
		return decodeUTF8("", b)
	}
	return decodeCharset(charset, b)
}

package mime

import "strings"

// unflow joins the soft-wrapped lines of format=flowed text (RFC 3676 4): a line
// that ends in a space goes on in the next of the same quote depth.
func unflow(text string, delSp bool) string {
	var b strings.Builder
	b.Grow(len(text))
	openDepth := -1 // quote depth of the paragraph that the next line may continue; -1: none
	for line := range strings.SplitSeq(text, "\n") {
		depth, body := cutQuoteMarks(line)
		body = strings.TrimPrefix(body, " ") // space-stuffing
		if openDepth != depth || body == "-- " {
			if b.Len() > 0 || openDepth >= 0 {
				b.WriteByte('\n')
			}
			writeQuoteMarks(&b, depth)
		}
		soft := strings.HasSuffix(body, " ") && body != "-- "
		if soft && delSp {
			body = body[:len(body)-1]
		}
		b.WriteString(body)
		openDepth = -1
		if soft {
			openDepth = depth
		}
	}
	return b.String()
}

// cutQuoteMarks takes the leading ">" of a flowed line (RFC 3676 4.5).
func cutQuoteMarks(line string) (depth int, rest string) {
	for depth < len(line) && line[depth] == '>' {
		depth++
	}
	return depth, line[depth:]
}

func writeQuoteMarks(b *strings.Builder, depth int) {
	for range depth {
		b.WriteByte('>')
	}
	if depth > 0 {
		b.WriteByte(' ')
	}
}

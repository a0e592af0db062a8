package demo

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math"
	"strings"
)

// The files of the sample are drawn when they are needed.

func invoicePDF() []byte {
	return sheet("Harbour Bikes", "", "Invoice 4471", "",
		"Hadley Print, 12 Dock Street", "",
		"Yearly service, courier bike 1        120.00",
		"Yearly service, courier bike 2        120.00",
		"Yearly service, courier bike 3        120.00", "",
		"Total                                 360.00")
}

func offerPDF() []byte {
	return sheet("Harbour Bikes", "", "Offer for Northquay Architects", "",
		"8 x Heron e-bike with rack (4 M, 4 L), each     1,990.00",
		"Service contract, three years, a bike and year    240.00", "",
		"Delivery within four weeks of the order.",
		"A replacement bike whenever one of yours stays overnight.")
}

// sheet is a page of text as PDF (ISO 32000-1, 7.5).
func sheet(lines ...string) []byte {
	var text strings.Builder
	text.WriteString("BT /F1 12 Tf 16 TL 60 780 Td\n")
	escape := strings.NewReplacer(`\`, `\\`, "(", `\(`, ")", `\)`)
	for _, l := range lines {
		fmt.Fprintf(&text, "(%s) Tj T*\n", escape.Replace(l))
	}
	text.WriteString("ET")
	objects := []string{
		"<< /Type /Catalog /Pages 2 0 R >>",
		"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
		fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", text.Len(), text.String()),
		"<< /Type /Font /Subtype /Type1 /BaseFont /Courier >>",
	}
	var b bytes.Buffer
	b.WriteString("%PDF-1.4\n")
	offsets := make([]int, len(objects))
	for i, o := range objects {
		offsets[i] = b.Len()
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, o := range offsets {
		fmt.Fprintf(&b, "%010d 00000 n \n", o)
	}
	fmt.Fprintf(&b, "trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, start)
	return b.Bytes()
}

// photoPNG is a bent tow bar before a workshop wall, as far as a few lines can draw one.
func photoPNG() []byte {
	const w, h = 480, 320
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.RGBA{R: uint8(196 + y/12), G: uint8(188 + y/14), B: uint8(172 + y/16), A: 255}
			if y > 250 {
				c = color.RGBA{R: 118, G: 110, B: 102, A: 255}
			}
			bar := 190 + 46*math.Tanh(float64(x-250)/42) // the bend
			switch d := math.Abs(float64(y) - bar); {
			case x > 40 && x < 440 && d < 9:
				shade := uint8(90 + 12*(9-d))
				c = color.RGBA{R: shade, G: shade, B: shade + 10, A: 255}
			case x > 40 && x < 440 && d < 12:
				c = color.RGBA{R: 60, G: 60, B: 66, A: 255}
			}
			m.SetRGBA(x, y, c)
		}
	}
	return encoded(m)
}

// boltPNG is a pin with its ring, in the palm of a hand, more or less.
func boltPNG() []byte {
	const w, h = 360, 270
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.RGBA{R: uint8(214 - y/9), G: uint8(168 - y/8), B: uint8(140 - y/8), A: 255}
			along, across := float64(x+y-290)/1.42, float64(y-x+60)/1.42 // the pin lies at 45°
			ring := math.Hypot(along-92, across)
			switch {
			case along > -110 && along < 66 && math.Abs(across) < 13:
				shade := uint8(225 - 8*math.Abs(across+4))
				c = color.RGBA{R: shade, G: shade, B: shade, A: 255}
			case math.Abs(ring-26) < 6:
				shade := uint8(120 + 10*math.Abs(ring-26))
				c = color.RGBA{R: shade, G: shade, B: shade + 8, A: 255}
			}
			m.SetRGBA(x, y, c)
		}
	}
	return encoded(m)
}

func encoded(m image.Image) []byte {
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		panic(err) // an image in memory can be encoded
	}
	return b.Bytes()
}

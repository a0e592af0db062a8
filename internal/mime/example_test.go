package mime_test

import (
	"fmt"
	"time"

	"parley/internal/mime"
	"parley/internal/parley"
)

func Example() {
	raw, err := mime.Compose(mime.Draft{
		From:       parley.Address{Name: "Jürgen", Email: "juergen@example.com"},
		To:         parley.Addresses{{Name: "Example Shop", Email: "help@shop.example"}},
		Subject:    "Re: Größe 42?",
		SentAt:     time.Date(2026, 1, 15, 9, 0, 0, 0, time.UTC),
		InternetID: "2@example.com",
		InReplyTo:  "1@shop.example",
		References: []string{"1@shop.example"},
		Text:       "Yes, please.\n\nOn 14 Jan 2026, Example Shop <help@shop.example> wrote:\n\n> Shall we send it?",
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	m := mime.Read(raw)
	visible, quoteAt := mime.SplitQuote(m.Text)
	fmt.Println(m.From.Display(), "answers", m.InReplyTo[0])
	fmt.Println(m.Subject)
	fmt.Println(visible)
	fmt.Printf("%.15q\n", m.Text[quoteAt:])
	// Output:
	// Jürgen answers 1@shop.example
	// Re: Größe 42?
	// Yes, please.
	// "On 14 Jan 2026,"
}

func ExampleTextFromHTML() {
	fmt.Println(mime.TextFromHTML(`<p>Your order <b>4711</b> is <a href="https://shop.example/4711">on its way</a>.</p><ul><li>two lamps</li></ul>`))
	// Output:
	// Your order 4711 is on its way. <https://shop.example/4711>
	//
	// - two lamps
}

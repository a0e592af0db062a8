package sanitize_test

import (
	"fmt"

	"parley/internal/sanitize"
)

func ExampleMail() {
	mail := `<p onclick="steal()" style="color:navy;position:fixed">Thanks!</p>
<img src="https://shop.test/banner.png">
<div class="gmail_quote"><blockquote>Your order has left.</blockquote></div>`
	safe := sanitize.Mail(mail, sanitize.MailOptions{QuoteSummary: "Show quoted text"})
	fmt.Println(safe.HTML)
	fmt.Println("remote images:", safe.RemoteImages)
	// Output:
	// <p style="color: navy">Thanks!</p>
	// <img data-remote-src="https://shop.test/banner.png"/>
	// <details class="quoted"><summary>Show quoted text</summary><div class="gmail_quote"><blockquote>Your order has left.</blockquote></div></details>
	// remote images: true
}

func ExampleComposed() {
	fmt.Println(sanitize.Composed(`<div style="font:x">Dear <b>Ann</b>,</div><div><br></div><div>bye</div>`))
	// Output: <p>Dear <strong>Ann</strong>,</p><p><br/></p><p>bye</p>
}

package merge_test

import (
	"fmt"

	"parley/internal/merge"
)

func ExampleExpand() {
	template, unknown := merge.Chips(`<p>Dear {{ contact.first_name | default: "customer" }}</p>`)
	fmt.Println(template, unknown)
	fmt.Println(merge.Expand(template, merge.Facts{Values: map[string]string{"contact.first_name": "Åsa & Co"}}).HTML)
	// Output:
	// <p>Dear <span data-merge="contact.first_name | default: &#34;customer&#34;">Contact: first name</span></p> []
	// <p>Dear Åsa &amp; Co</p>
}

package account_test

import (
	"bytes"
	"fmt"

	"parley/internal/account"
)

// The operator rotates the key: the new one is put before the old one, so that
// links that were mailed before still hold.
func ExampleSecret() {
	older, newer := bytes.Repeat([]byte("1"), 32), bytes.Repeat([]byte("2"), 32)
	before, _ := account.NewSecret(older)
	mailed := before.Sign("user link", []byte("link 7"))

	after, _ := account.NewSecret(newer, older)
	fmt.Println(after.Verify("user link", []byte("link 7"), mailed))
	fmt.Println(after.Verify("api token", []byte("link 7"), mailed))
	// Output:
	// true
	// false
}

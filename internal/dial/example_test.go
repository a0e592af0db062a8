package dial_test

import (
	"context"
	"errors"
	"fmt"

	"parley/internal/dial"
	"parley/internal/parley"
)

func Example() {
	webhooks := dial.New(dial.Policy{}) // nothing private, whatever the operator allows elsewhere
	_, err := webhooks.DialContext(context.Background(), "tcp", "169.254.169.254:80")
	if refused, ok := errors.AsType[*parley.Error](err); ok {
		fmt.Println(refused.Key)
	}
	// Output: dial.private
}

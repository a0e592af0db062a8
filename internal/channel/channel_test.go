package channel_test

import (
	"errors"
	"fmt"
	"testing"

	"parley/internal/channel"
)

func TestKindOf(t *testing.T) {
	t.Parallel()
	fault := &channel.SendError{Kind: channel.Permanent, Text: "550 no"}
	for err, want := range map[error]channel.SendErrorKind{
		nil: 0, fault: channel.Permanent, fmt.Errorf("send: %w", fault): channel.Permanent, errors.New("cut"): channel.Uncertain,
	} {
		if got := channel.KindOf(err); got != want {
			t.Errorf("KindOf(%v) = %d, want %d", err, got, want)
		}
	}
}

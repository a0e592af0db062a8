package api

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/internal/parley"
)

// A server without a relay can't send mail; texts leave by their provider all the same.
func TestOutgoingWithoutRelay(t *testing.T) {
	t.Parallel()
	var s Server
	ways := parley.Ways{OutState: parley.WayConnecting}
	for name, test := range map[string]struct {
		set  parley.ChannelSettings
		want parley.WayState
	}{
		"mail":  {want: parley.WayFailed},
		"texts": {set: parley.ChannelSettings{Text: &parley.TextSettings{Provider: "twilio"}}, want: parley.WayConnecting},
	} {
		if diff := cmp.Diff(test.want, s.newOutgoing(parley.Actor{}, test.set, ways).State); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

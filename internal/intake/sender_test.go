package intake

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/internal/channel"
	"parley/internal/parley"
)

func TestWriter(t *testing.T) {
	t.Parallel()
	own := addressBook{"support@ours.test": true, "c1-abc@in.ours.test": true}
	ann := parley.Address{Name: "Ann", Email: "ann@x.test"}
	list := func(a ...parley.Address) parley.Addresses { return a }
	for name, c := range map[string]struct {
		mail     channel.Parsed
		mailFrom string
		want     parley.Address
	}{
		"From": {channel.Parsed{From: ann, ReplyTo: list(parley.Address{Email: "other@x.test"})}, "bounce@x.test", ann},
		"a web form's visitor": {
			channel.Parsed{From: parley.Address{Name: "Shop", Email: "No-Reply@shop.test"}, ReplyTo: list(ann)}, "", ann,
		},
		"a no-reply that names nobody": {
			channel.Parsed{From: parley.Address{Email: "noreply@shop.test"}}, "", parley.Address{Email: "noreply@shop.test"},
		},
		"a form that writes as ourselves": {
			channel.Parsed{From: parley.Address{Name: "Contact form", Email: "support+x@ours.test"}, ReplyTo: list(parley.Address{Email: "ann@x.test"})},
			"",
			parley.Address{Name: "Contact form", Email: "ann@x.test"},
		},
		"a list that puts itself in From": {
			channel.Parsed{From: parley.Address{Name: "Ann via L", Email: "l@list.test"}, To: list(parley.Address{Email: "l@list.test"}), ReplyTo: list(parley.Address{Email: "l@list.test"}, ann), NoAutoReply: true}, "", ann,
		},
		"a list that keeps From": {
			channel.Parsed{From: ann, To: list(parley.Address{Email: "l@list.test"}), ReplyTo: list(parley.Address{Email: "l@list.test"}), NoAutoReply: true}, "", ann,
		},
		"our own mail, for whom it was": {
			channel.Parsed{From: parley.Address{Email: "support@ours.test"}, To: list(parley.Address{Email: "c1-abc@in.ours.test"}, ann)}, "", ann,
		},
		"from us to us": {
			channel.Parsed{From: parley.Address{Email: "support@ours.test"}, To: list(parley.Address{Email: "support@ours.test"})}, "", parley.Address{Name: "support@ours.test"},
		},
		"our address in Reply-To is nobody": {
			channel.Parsed{From: parley.Address{Email: "noreply@shop.test"}, ReplyTo: list(parley.Address{Email: "support@ours.test"})}, "", parley.Address{Email: "noreply@shop.test"},
		},
		"Sender for an unreadable From":   {channel.Parsed{From: parley.Address{Name: "Ann"}, Sender: parley.Address{Email: "ann@x.test"}}, "", ann},
		"the envelope for want of others": {channel.Parsed{From: parley.Address{Email: "MAILER-DAEMON"}}, "ann@x.test", parley.Address{Email: "ann@x.test"}},
		"nobody":                          {channel.Parsed{From: parley.Address{Name: "Ann"}}, "", parley.Address{Name: "Ann"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(c.want, writer(c.mail, c.mailFrom, own)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

package thread

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestNormaliseSubject(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"":                                    "",
		"Re:":                                 "",
		"Order 12":                            "order 12",
		"Re: Order 12":                        "order 12",
		"RE:RE: Fwd:  Order\t12 ":             "order 12",
		"Re[2]: Re(3): RE^4: Order 12":        "order 12",
		"AW: WG: Antw: SV: VS: Odp: Order":    "order",
		"Réf : TR : Commande":                 "commande",
		"回复：转发: 订单":                           "订单",
		"İLT: YNT: Sipariş":                   "sipariş",
		"[shop-list] Re: [Shop] Order":        "order",
		"Re: [BUG-12] Crash":                  "[bug-12] crash",
		"[only a tag]":                        "[only a tag]",
		"Order (fwd)":                         "order",
		"Reorder: now":                        "reorder: now",
		"Regarding: an order":                 "regarding: an order",
		"Ärger":                               "ärger",
		"Order: " + strings.Repeat("x", 1000): "order: " + strings.Repeat("x", 493),
	} {
		if got := NormaliseSubject(in); got != want {
			t.Errorf("NormaliseSubject(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestNormaliseSubjectIsStable(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		prefixes := rapid.SliceOfN(rapid.SampledFrom([]string{"Re: ", "FWD:", "Aw[3]: ", "[list] ", " "}), 0, 8).Draw(t, "prefixes")
		plain := rapid.String().Draw(t, "subject")
		want := NormaliseSubject(plain)
		if again := NormaliseSubject(want); len(want) < maxSubject && again != want {
			t.Fatalf("normalised twice: %q, then %q", want, again)
		}
		if want == "" || strings.HasPrefix(want, "[") {
			return // a lone tag is the subject itself
		}
		if got := NormaliseSubject(strings.Join(prefixes, "") + plain); got != want {
			t.Fatalf("with prefixes %q: %q, want %q", prefixes, got, want)
		}
	})
}

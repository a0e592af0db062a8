package outbox

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/internal/parley"
)

// A contact is disabled on a channel only where nothing can be tried.
func TestReachOn(t *testing.T) {
	t.Parallel()
	now := new(time.Now())
	mail := func(bounced *time.Time) parley.Point {
		return parley.Point{Kind: parley.PointEmail, Value: "ada@x.test", BouncedAt: bounced}
	}
	phone := func(value string, out, bounced *time.Time) parley.Point {
		return parley.Point{Kind: parley.PointPhone, Value: value, OptedOutAt: out, BouncedAt: bounced}
	}
	for name, c := range map[string]struct {
		channel string
		person  parley.Contact
		why     Unreached
		points  []PointReach
	}{
		"a mail address":          {"email", parley.Contact{Points: []parley.Point{mail(nil), phone("+1", nil, nil)}}, "", []PointReach{{"ada@x.test", ""}}},
		"no mail address":         {"email", parley.Contact{Points: []parley.Point{phone("+1", nil, nil)}}, NoEmail, nil},
		"one that bounced":        {"email", parley.Contact{Points: []parley.Point{mail(now)}}, "", []PointReach{{"ada@x.test", Bounced}}},
		"no number":               {"sms", parley.Contact{Points: []parley.Point{mail(nil)}}, NoPhone, nil},
		"opted out":               {"sms", parley.Contact{Points: []parley.Point{phone("+1", now, nil)}}, OptedOut, []PointReach{{"+1", OptedOut}}},
		"opted out with one of 2": {"sms", parley.Contact{Points: []parley.Point{phone("+1", now, nil), phone("+2", nil, now)}}, "", []PointReach{{"+1", OptedOut}, {"+2", Unreachable}}},
		"the other way round":     {"sms", parley.Contact{Points: []parley.Point{phone("+2", nil, nil), phone("+1", now, nil)}}, "", []PointReach{{"+2", ""}, {"+1", OptedOut}}},
		"blocked":                 {"sms", parley.Contact{BlockedAt: now, Points: []parley.Point{phone("+1", nil, nil)}}, Blocked, []PointReach{{"+1", ""}}},
	} {
		if c.points == nil {
			c.points = []PointReach{}
		}
		if diff := cmp.Diff(Reach{Why: c.why, Points: c.points}, reachOn(parley.Channel{Type: c.channel}, c.person)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

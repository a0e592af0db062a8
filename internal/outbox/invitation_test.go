package outbox_test

import (
	"strings"
	"testing"

	"parley/internal/parley"
)

func TestInvitation(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	const invitation = "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nSUMMARY:Fitting\r\nDTSTART:20260302T090000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
	for name, c := range map[string]struct{ filename, contentType, content, want string }{
		"an invitation":                {"invite.ics", "text/calendar", invitation, "Fitting"},
		"by its name alone":            {"invite.ics", "application/octet-stream", invitation, "Fitting"},
		"another file":                 {"plan.txt", "text/plain", invitation, ""},
		"called one, and cannot be so": {"invite.ics", "text/calendar", "hello", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file, err := o.out.Upload(t.Context(), o.actor, c.filename, c.contentType, strings.NewReader(c.content))
			if err != nil {
				t.Fatal(err)
			}
			got, err := o.out.Invitation(t.Context(), o.actor, file.ID)
			if got.Summary != c.want || (c.want == "") != parley.IsCode(err, parley.Invalid) {
				t.Errorf("%q, %v", got.Summary, err)
			}
		})
	}
}

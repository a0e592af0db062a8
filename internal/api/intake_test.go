package api

import (
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/internal/channel"
	"parley/internal/intake"
	"parley/internal/parley"
	"parley/internal/store"
	"parley/internal/store/storetest"
)

func TestIntakeAPI(t *testing.T) {
	t.Parallel()
	l := newLiveAPI(t)
	owner := l.setup()
	agent, _ := l.user(owner, "agent", "ann@harbour.example")
	inbox := l.must(201, owner, "POST", "/inboxes", `{"name":"Support"}`)
	ch := l.must(201, owner, "POST", "/channels", fmt.Sprintf(`{"type":"email","name":"Mail","inbox_id":%v,"address":"help@harbour.example"}`, inbox.body["id"]))
	const mail = "From: bob@x.test\r\nSubject: hi\r\n\r\nhello\r\n"
	accept := intake.New(intake.Options{DB: l.db})
	received := time.Date(2026, 3, 2, 23, 59, 0, 0, time.UTC)
	for range 2 {
		err := accept.Accept(t.Context(), channel.Raw{
			ChannelID: parley.ChannelID(num(t, ch.body, "id")), Body: []byte(mail), ReceivedAt: received, MailFrom: "bob@x.test", RcptTo: []string{"help@harbour.example"},
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	storetest.Update(t, l.db, func(tx *store.Tx) error {
		return tx.FailIntake(t.Context(), 1, 1)
	})
	sums := l.must(200, owner, "GET", "/intake", "")
	if diff := cmp.Diff(map[string]any{"accepted": 2.0, "filed": 0.0, "failed": 1.0, "pending": 1.0}, sums.body); diff != "" {
		t.Error(diff)
	}
	list := l.must(200, owner, "GET", "/intake/entries?limit=1", "")
	next := list.body["next_cursor"].(string)
	if num(t, list.body, "items", 0, "id") != 2 || next == "" {
		t.Errorf("%s", list.text)
	}
	list = l.must(200, owner, "GET", "/intake/entries?limit=1&cursor="+next, "")
	entry := at(t, list.body, "items", 0).(map[string]any)
	delete(entry, "received_at")
	want := map[string]any{
		"id": 1.0, "channel_id": ch.body["id"], "state": "failed", "outcome": "", "size": float64(len(mail)), "mail_from": "bob@x.test",
		"rcpt_to": []any{"help@harbour.example"}, "filed_at": nil, "tries": 0.0, "error": "", "message_id": nil, "conversation_id": nil,
	}
	if diff := cmp.Diff(want, entry); diff != "" || list.body["next_cursor"] != "" {
		t.Error(diff, list.text)
	}
	if list := l.must(200, owner, "GET", "/intake/entries?state=failed", ""); len(at(t, list.body, "items").([]any)) != 1 {
		t.Errorf("%s", list.text)
	}
	day := parley.DayOf(received)
	days := l.must(200, owner, "GET", "/intake/days?limit=1", "")
	sum := map[string]any{"accepted": 2.0, "filed": 0.0, "failed": 1.0, "pending": 1.0}
	want = map[string]any{"day": string(day), "channels": []any{}}
	maps.Copy(want, sum)
	sum["channel_id"] = ch.body["id"]
	want["channels"] = []any{sum}
	if diff := cmp.Diff([]any{want}, at(t, days.body, "items")); diff != "" || days.body["next_cursor"] != "" {
		t.Error(diff, days.text)
	}
	if none := l.must(200, owner, "GET", "/intake/days?cursor="+string(day), ""); len(at(t, none.body, "items").([]any)) != 0 {
		t.Errorf("%s", none.text)
	}
	raw := l.must(200, owner, "GET", "/intake/entries/1/raw", "")
	if raw.text != mail || !strings.HasPrefix(raw.header.Get("Content-Disposition"), "attachment;") || raw.header.Get("Content-Type") != "message/rfc822" {
		t.Errorf("%q, %v", raw.text, raw.header)
	}
	for _, c := range []struct {
		who, method, path string
		status            int
		key               string
	}{
		{agent, "GET", "/intake", 403, "role.not_allowed"},
		{agent, "GET", "/intake/entries", 403, "role.not_allowed"},
		{agent, "GET", "/intake/entries/1/raw", 403, "role.not_allowed"},
		{agent, "POST", "/intake/entries/1/retry", 403, "role.not_allowed"},
		{agent, "GET", "/intake/days", 403, "role.not_allowed"},
		{agent, "POST", "/intake/retry", 403, "role.not_allowed"},
		{owner, "GET", "/intake/days?cursor=yesterday", 422, "cursor.invalid"},
		{"", "GET", "/intake", 401, "session.required"},
		{owner, "GET", "/intake/entries?state=nonsense", 422, "request.invalid"},
		{owner, "GET", "/intake/entries?cursor=!", 422, "cursor.invalid"},
		{owner, "GET", "/intake/entries/99/raw", 404, "id.unknown"},
		{owner, "POST", "/intake/entries/99/retry", 404, "id.unknown"},
		{owner, "POST", "/intake/entries/2/retry", 409, "intake.not_failed"},
	} {
		wantProblem(t, l.call(c.who, c.method, c.path, ""), c.status, c.key)
	}
	for range 2 { // the same request twice has one effect
		retried := l.must(200, owner, "POST", "/intake/entries/1/retry", "", "Idempotency-Key", "r1")
		if retried.body["state"] != "pending" {
			t.Errorf("%s", retried.text)
		}
	}
	storetest.Update(t, l.db, func(tx *store.Tx) error { return tx.FailIntake(t.Context(), 1, 2) })
	for _, want := range []map[string]any{{"retried": 1.0, "failed": 0.0}, {"retried": 0.0, "failed": 0.0}} {
		if diff := cmp.Diff(want, l.must(200, owner, "POST", "/intake/retry", "").body); diff != "" {
			t.Error(diff)
		}
	}
}

package api

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestBlocklistAPI(t *testing.T) {
	t.Parallel()
	l := newLiveAPI(t)
	owner := l.setup()
	agent, _ := l.user(owner, "agent", "ann@harbour.example")
	inbox := l.must(201, owner, "POST", "/inboxes", `{"name":"Support"}`)
	l.must(201, owner, "POST", "/channels", fmt.Sprintf(`{"type":"email","name":"Mail","inbox_id":%v,"address":"help@harbour.example"}`, inbox.body["id"]))
	bob := l.must(201, owner, "POST", "/contacts", `{"name":"Bob","emails":["bob@x.example","bob@y.example"]}`)

	added := l.must(201, owner, "POST", "/blocklist", `{"value":" Spam.Example ","why":" sells watches "}`, "Idempotency-Key", "b1")
	again := l.must(201, owner, "POST", "/blocklist", `{"value":" Spam.Example ","why":" sells watches "}`, "Idempotency-Key", "b1")
	if added.text != again.text {
		t.Errorf("the same request twice: %s, then %s", added.text, again.text)
	}
	delete(added.body, "at")
	if diff := cmp.Diff(map[string]any{"id": 1.0, "kind": "domain", "value": "spam.example", "contact": nil, "why": "sells watches", "by_id": 1.0}, added.body); diff != "" {
		t.Error(diff)
	}
	if got := l.must(201, owner, "POST", "/blocklist", `{"value":"bob@X.example"}`); at(t, got.body, "contact", "name") != "Bob" || got.body["value"] != "bob@x.example" {
		t.Errorf("%s", got.text)
	}
	if got := l.must(200, owner, "GET", fmt.Sprintf("/contacts/%v", bob.body["id"]), ""); at(t, got.body, "blocked", "by_id") != 1.0 {
		t.Errorf("%s", got.text)
	}
	l.must(201, owner, "POST", "/blocklist", `{"value":"+44 7700 900123"}`)
	values := func(query string) (out []string, next string) {
		page := l.must(200, owner, "GET", "/blocklist"+query, "")
		for _, item := range page.body["items"].([]any) {
			out = append(out, item.(map[string]any)["value"].(string))
		}
		return out, page.body["next_cursor"].(string)
	}
	first, next := values("?limit=3")
	rest, end := values("?limit=3&cursor=" + next)
	if diff := cmp.Diff([]string{"+447700900123", "bob@y.example", "bob@x.example", "spam.example"}, append(first, rest...)); diff != "" || len(first) != 3 || end != "" {
		t.Error(diff, len(first), end)
	}
	if found, _ := values("?q=B@Y"); !cmp.Equal(found, []string{"bob@y.example"}) {
		t.Errorf("found %v", found)
	}
	if found, _ := values("?q=%25"); found != nil {
		t.Errorf("found %v", found)
	}
	for _, c := range []struct {
		who, method, path, body string
		status                  int
		key, field              string
	}{
		{agent, "GET", "/blocklist", "", 403, "role.not_allowed", ""},
		{agent, "POST", "/blocklist", `{"value":"a@b.example"}`, 403, "role.not_allowed", ""},
		{agent, "DELETE", "/blocklist/1", "", 403, "role.not_allowed", ""},
		{"", "GET", "/blocklist", "", 401, "session.required", ""},
		{owner, "GET", "/blocklist?cursor=!", "", 422, "cursor.invalid", "cursor"},
		{owner, "DELETE", "/blocklist/99", "", 404, "id.unknown", ""},
		{owner, "POST", "/blocklist", `{}`, 422, "request.invalid", "value"},
		{owner, "POST", "/blocklist", `{"value":""}`, 422, "blocklist.invalid", "value"},
		{owner, "POST", "/blocklist", `{"value":"not an address"}`, 422, "blocklist.invalid", "value"},
		{owner, "POST", "/blocklist", `{"value":"a@b@c"}`, 422, "blocklist.invalid", "value"},
		{owner, "POST", "/blocklist", `{"value":"com"}`, 422, "blocklist.invalid", "value"},
		{owner, "POST", "/blocklist", `{"value":"+44"}`, 422, "blocklist.invalid", "value"},
		{owner, "POST", "/blocklist", `{"value":"@spam.example"}`, 409, "blocklist.there", "value"},
		{owner, "POST", "/blocklist", `{"value":"help@harbour.example"}`, 422, "blocklist.own", "value"},
		{owner, "POST", "/blocklist", `{"value":"harbour.example"}`, 422, "blocklist.own", "value"},
	} {
		got := l.call(c.who, c.method, c.path, c.body)
		wantProblem(t, got, c.status, c.key)
		if c.field != "" && at(t, got.body, "errors", 0, "field") != c.field {
			t.Errorf("%s %s %s: %s", c.method, c.path, c.body, got.text)
		}
	}
	l.must(204, owner, "DELETE", "/blocklist/2", "") // Bob's, with his other address
	if left, _ := values(""); !cmp.Equal(left, []string{"+447700900123", "spam.example"}) {
		t.Errorf("left %v", left)
	}
}

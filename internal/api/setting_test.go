package api

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/internal/account"
)

func TestInboxesAPI(t *testing.T) {
	t.Parallel()
	l := newLiveAPI(t)
	owner := l.setup()
	made := l.must(201, owner, "POST", "/inboxes", `{"name":"Support"}`, "Idempotency-Key", "i1")
	again := l.must(201, owner, "POST", "/inboxes", `{"name":"Support"}`, "Idempotency-Key", "i1")
	if made.body["created_at"] == nil {
		t.Errorf("%s", made.text)
	}
	delete(made.body, "created_at")
	want := map[string]any{
		"id": again.body["id"], "name": "Support", "color": "indigo", "assignee_rule": "nobody", "default_assignee_id": nil,
		"assign_on_reply": true, "member_ids": []any{},
	}
	if diff := cmp.Diff(want, made.body); diff != "" {
		t.Error(diff)
	}
	path := fmt.Sprintf("/inboxes/%v", made.body["id"])
	hidden := l.must(201, owner, "POST", "/inboxes", `{"name":"Hidden","color":"red","assignee_rule":"user","default_assignee_id":1,"assign_on_reply":false,"member_ids":[1]}`)
	if hidden.body["default_assignee_id"] != 1.0 || hidden.body["assign_on_reply"] != false || num(t, hidden.body, "member_ids", 0) != 1 {
		t.Errorf("%s", hidden.text)
	}
	agent, id := l.user(owner, "agent", "ann@harbour.example", made.body["id"])
	if list := l.must(200, agent, "GET", "/inboxes", ""); len(at(t, list.body, "items").([]any)) != 1 || num(t, list.body, "items", 0, "member_ids", 0) != id {
		t.Errorf("%s", list.text)
	}
	page := l.must(200, owner, "GET", "/inboxes?limit=1", "")
	page = l.must(200, owner, "GET", "/inboxes?limit=1&cursor="+page.body["next_cursor"].(string), "")
	if at(t, page.body, "items", 0, "name") != "Hidden" || page.body["next_cursor"] != "" {
		t.Errorf("%s", page.text)
	}
	hiddenPath := fmt.Sprintf("/inboxes/%v", hidden.body["id"])
	for _, c := range []struct {
		who, method, path, body string
		status                  int
		key                     string
	}{
		{agent, "GET", hiddenPath, ``, 404, "id.unknown"},
		{agent, "PATCH", hiddenPath, `{"name":"X"}`, 404, "id.unknown"},
		{agent, "DELETE", hiddenPath, ``, 404, "id.unknown"},
		{agent, "PATCH", path, `{"name":"X"}`, 403, "role.not_allowed"},
		{agent, "DELETE", path, ``, 403, "role.not_allowed"},
		{agent, "POST", "/inboxes", `{"name":"X"}`, 403, "role.not_allowed"},
		{owner, "POST", "/inboxes", `{"name":"Support"}`, 409, "inbox.name_taken"},
		{owner, "POST", "/inboxes", `{}`, 422, "request.invalid"},
		{owner, "POST", "/inboxes", `{"name":"X","color":"beige"}`, 422, "request.invalid"},
		{owner, "POST", "/inboxes", `{"name":"X","member_ids":[99]}`, 404, "id.unknown"},
		{owner, "POST", "/inboxes", `{"name":"X","nonsense":1}`, 422, "request.invalid"},
		{owner, "PATCH", path, `{"assignee_rule":"user"}`, 422, "inbox.assignee_missing"},
		{owner, "GET", "/inboxes/99", ``, 404, "id.unknown"},
		{"", "GET", "/inboxes", ``, 401, "session.required"},
	} {
		wantProblem(t, l.call(c.who, c.method, c.path, c.body), c.status, c.key)
	}
	a := l.must(200, owner, "PATCH", path, `{"name":"Help","color":"blue","assignee_rule":"user","default_assignee_id":`+fmt.Sprint(id)+`}`)
	if a.body["name"] != "Help" || a.body["default_assignee_id"] != id {
		t.Errorf("%s", a.text)
	}
	a = l.must(200, owner, "PATCH", path, `{"assignee_rule":"round_robin","default_assignee_id":null}`)
	if a.body["default_assignee_id"] != nil || a.body["assignee_rule"] != "round_robin" || a.body["color"] != "blue" {
		t.Errorf("%s", a.text)
	}
	l.must(204, owner, "DELETE", path, "")
	wantProblem(t, l.call(owner, "DELETE", path, ""), 404, "id.unknown")
}

func TestChannelsAPI(t *testing.T) {
	t.Parallel()
	l := newLiveAPI(t)
	owner := l.setup()
	inbox := l.must(201, owner, "POST", "/inboxes", `{"name":"Support"}`).body["id"]
	body := func(rest string) string {
		return fmt.Sprintf(`{"type":"email","name":"Help desk","inbox_id":%v,%s}`, inbox, rest)
	}
	made := l.must(201, owner, "POST", "/channels", body(`"address":"Support@Acme.example"`), "Idempotency-Key", "c1")
	if again := l.must(201, owner, "POST", "/channels", body(`"address":"Support@Acme.example"`), "Idempotency-Key", "c1"); again.body["id"] != made.body["id"] {
		t.Errorf("%s", again.text)
	}
	path := fmt.Sprintf("/channels/%v", made.body["id"])
	if made.body["created_at"] == nil || !strings.HasSuffix(made.body["forward_address"].(string), "@in.example") {
		t.Errorf("%s", made.text)
	}
	want := map[string]any{
		"id": made.body["id"], "type": "email", "name": "Help desk", "address": "support@acme.example", "forward_address": made.body["forward_address"],
		"from_name": "", "inbox_id": inbox, "reopen_days": 30.0, "plus_tags": false, "quiet_since": nil,
		"incoming":        map[string]any{"way": "forward", "imap": nil, "webhook": nil, "state": "connecting", "error": "", "last_at": nil, "backfill": nil},
		"outgoing":        map[string]any{"way": "default", "smtp": nil, "state": "ok", "error": ""},
		"last_inbound_at": nil, "webhook_url": nil, "add_signature": false, "autoresponder_id": nil, "disabled": false,
		"created_at": made.body["created_at"],
	}
	if diff := cmp.Diff(want, made.body); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(made.body, l.must(200, owner, "GET", path, "").body); diff != "" {
		t.Error(diff)
	}
	agent, _ := l.user(owner, "agent", "ann@harbour.example")
	if list := l.must(200, agent, "GET", "/channels", ""); at(t, list.body, "items", 0, "address") != "support@acme.example" {
		t.Errorf("%s", list.text)
	}
	for _, c := range []struct {
		who, method, path, body string
		status                  int
		key                     string
	}{
		{agent, "POST", "/channels", body(`"address":"x@acme.example"`), 403, "role.not_allowed"},
		{agent, "PATCH", path, `{"name":"X"}`, 403, "role.not_allowed"},
		{agent, "DELETE", path, ``, 403, "role.not_allowed"},
		{owner, "POST", "/channels", body(`"address":"support@acme.example"`), 409, "channel.address_taken"},
		{owner, "POST", "/channels", body(`"address":"support+x@acme.example"`), 422, "channel.address_tag"},
		{owner, "POST", "/channels", body(`"address":"Acme <x@acme.example>"`), 422, "field.email"},
		{owner, "POST", "/channels", body(`"address":"x@acme.example","reopen_days":-1`), 422, "channel.reopen_days"},
		{owner, "POST", "/channels", `{"type":"pigeon","name":"X","inbox_id":1,"address":"x@acme.example"}`, 422, "request.invalid"},
		{owner, "POST", "/channels", `{"type":"email","name":"X","inbox_id":99,"address":"x@acme.example"}`, 404, "id.unknown"},
		{owner, "PATCH", path, `{"address":"y@acme.example"}`, 422, "request.invalid"},
		{owner, "PATCH", path, `{"inbox_id":99}`, 404, "id.unknown"},
		{owner, "DELETE", fmt.Sprintf("/inboxes/%v", inbox), ``, 409, "inbox.in_use"},
		{owner, "GET", "/channels/99", ``, 404, "id.unknown"},
		{"", "GET", "/channels", ``, 401, "session.required"},
	} {
		wantProblem(t, l.call(c.who, c.method, c.path, c.body), c.status, c.key)
	}
	a := l.must(200, owner, "PATCH", path, `{"name":"Desk","from_name":"Acme","reopen_days":0,"disabled":true}`)
	if a.body["name"] != "Desk" || a.body["from_name"] != "Acme" || a.body["reopen_days"] != 0.0 || a.body["disabled"] != true {
		t.Errorf("%s", a.text)
	}
	l.must(204, owner, "DELETE", path, "")
	wantProblem(t, l.call(owner, "GET", path, ""), 404, "id.unknown")
}

// Another account's ids do not exist: on every path that takes one, whatever the actor may do at home.
func TestAnotherAccountsIDsAreNotFound(t *testing.T) {
	t.Parallel()
	l := newLiveAPI(t)
	owner := l.setup()
	inbox := l.must(201, owner, "POST", "/inboxes", `{"name":"Support"}`).body["id"]
	channel := l.must(201, owner, "POST", "/channels", fmt.Sprintf(`{"type":"email","name":"X","inbox_id":%v,"address":"support@acme.example"}`, inbox)).body["id"]
	token := l.must(201, owner, "POST", "/tokens", `{"name":"Script"}`).body["id"]
	session := at(t, l.must(200, owner, "GET", "/session/list", "").body, "items", 0, "id")
	_, _, err := l.mails.service.Create(t.Context(), account.NewAccount{Name: "Hill Bikes", Owner: account.NewOwner{Name: "Hilda", Email: "hilda@hill.example", Password: ownersPassword}})
	if err != nil {
		t.Fatal(err)
	}
	stranger := cookieOf(t, l.must(200, "", "POST", "/session", `{"email":"hilda@hill.example","password":"`+ownersPassword+`"}`))
	for _, c := range []struct {
		method, path string
		id           any
		body         string
	}{
		{"GET", "/users/%v", 1, ""},
		{"PATCH", "/users/%v", 1, `{"name":"X"}`},
		{"POST", "/users/%v/invite", 1, ""},
		{"DELETE", "/session/list/%v", session, ""},
		{"DELETE", "/tokens/%v", token, ""},
		{"GET", "/inboxes/%v", inbox, ""},
		{"PATCH", "/inboxes/%v", inbox, `{"name":"X"}`},
		{"DELETE", "/inboxes/%v", inbox, ""},
		{"GET", "/channels/%v", channel, ""},
		{"PATCH", "/channels/%v", channel, `{"name":"X"}`},
		{"DELETE", "/channels/%v", channel, ""},
	} {
		wantProblem(t, l.call(stranger, c.method, fmt.Sprintf(c.path, c.id), c.body), 404, "id.unknown")
	}
	for _, path := range []string{"/inboxes", "/channels", "/tokens"} {
		if a := l.must(200, stranger, "GET", path, ""); len(at(t, a.body, "items").([]any)) != 0 {
			t.Errorf("%s: %s", path, a.text)
		}
	}
	l.must(200, owner, "GET", "/me", "")
}

func TestRemoteAddr(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		peer      string
		forwarded []string
		want      string
	}{
		{"192.0.2.1:5", nil, "192.0.2.1:5"},
		{"192.0.2.1:5", []string{"198.51.100.9"}, "192.0.2.1:5"}, // no proxy of ours: made up
		{"10.0.0.1:5", nil, "10.0.0.1:5"},
		{"10.0.0.1:5", []string{"198.51.100.9"}, "198.51.100.9:0"},
		{"10.0.0.1:5", []string{"203.0.113.5, 198.51.100.9"}, "198.51.100.9:0"},
		{"10.0.0.1:5", []string{"203.0.113.5", "198.51.100.9, 10.0.0.2"}, "198.51.100.9:0"},
		{"10.0.0.1:5", []string{"nonsense, 10.0.0.2"}, "10.0.0.2:0"},
		{"10.0.0.1:5", []string{"2001:db8::1"}, "[2001:db8::1]:0"},
		{"[::ffff:10.0.0.1]:5", []string{"198.51.100.9"}, "198.51.100.9:0"},
		{"pipe", []string{"198.51.100.9"}, "pipe"},
	} {
		s := New(Deps{Auth: fakeAuth{}, Proxies: []string{"10.0.0.0/8"}})
		got := ""
		h := s.withRemoteAddr(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { got = r.RemoteAddr }))
		r := httptest.NewRequestWithContext(t.Context(), "GET", "/", nil)
		r.RemoteAddr = c.peer
		for _, f := range c.forwarded {
			r.Header.Add("X-Forwarded-For", f)
		}
		h.ServeHTTP(httptest.NewRecorder(), r)
		if got != c.want {
			t.Errorf("%s via %q: %s, want %s", c.peer, c.forwarded, got, c.want)
		}
	}
}

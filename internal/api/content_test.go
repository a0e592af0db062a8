package api

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestCannedMessagesAPI(t *testing.T) {
	t.Parallel()
	l := newLiveAPI(t)
	owner := l.setup()
	body := `{"name":"Refund","shortcut":"/Ref","folder":"Orders","shared":true,"subject":"Hi","html":"<p>Dear {{ contact.first_name }}</p>"}`
	made := l.must(201, owner, "POST", "/canned-messages", body, "Idempotency-Key", "k1")
	if again := l.must(201, owner, "POST", "/canned-messages", body, "Idempotency-Key", "k1"); again.body["id"] != made.body["id"] {
		t.Errorf("%s", again.text)
	}
	path := fmt.Sprintf("/canned-messages/%v", made.body["id"])
	got := l.must(200, owner, "GET", path, "").body
	want := map[string]any{
		"id": made.body["id"], "name": "Refund", "shortcut": "ref", "folder": "Orders", "shared": true, "owner_id": nil, "subject": "Hi",
		"html": `<p>Dear <span data-merge="contact.first_name">Contact: first name</span></p>`, "text": "Dear {{ contact.first_name }}",
		"attachments": []any{}, "uses": 0.0, "last_used_at": nil, "created_at": got["created_at"], "updated_at": got["updated_at"],
	}
	if diff := cmp.Diff(want, got); diff != "" || got["created_at"] == nil {
		t.Error(diff)
	}
	agent, id := l.user(owner, "agent", "ann@harbour.example")
	mine := l.must(201, agent, "POST", "/canned-messages", `{"name":"Mine","html":"<p>x</p>"}`)
	if mine.body["shared"] != false || mine.body["owner_id"] != id {
		t.Errorf("%s", mine.text)
	}
	if list := l.must(200, agent, "GET", "/canned-messages?q=ref&folder=Orders", ""); at(t, list.body, "items", 0, "name") != "Refund" || list.body["next_cursor"] != "" {
		t.Errorf("%s", list.text)
	}
	page := l.must(200, agent, "GET", "/canned-messages?limit=1", "")
	page = l.must(200, agent, "GET", "/canned-messages?limit=1&cursor="+page.body["next_cursor"].(string), "")
	if at(t, page.body, "items", 0, "name") != "Refund" || page.body["next_cursor"] != "" {
		t.Errorf("%s", page.text)
	}
	if f := l.must(200, owner, "GET", "/canned-messages/folders", ""); strings.TrimSpace(f.text) != `{"items":[{"name":"Orders","count":1}]}` {
		t.Errorf("%s", f.text)
	}
	for _, c := range []struct {
		who, method, path, body string
		status                  int
		key                     string
	}{
		{agent, "PATCH", path, `{"name":"X"}`, 403, "role.not_allowed"},
		{agent, "DELETE", path, ``, 403, "role.not_allowed"},
		{owner, "GET", fmt.Sprintf("/canned-messages/%v", mine.body["id"]), ``, 404, "id.unknown"},
		{owner, "POST", "/canned-messages", `{"name":"X"}`, 422, "request.invalid"},
		{owner, "POST", "/canned-messages", `{"name":"X","html":"{{ contact.age }}"}`, 422, "merge.unknown"},
		{owner, "POST", "/canned-messages", `{"name":"X","html":"x","attachment_ids":[99]}`, 422, "attachment.gone"},
		{owner, "POST", "/canned-messages", `{"name":"X","html":"x","shared":true,"shortcut":"ref"}`, 409, "canned.shortcut_taken"},
		{owner, "GET", "/canned-messages?cursor=x", ``, 422, "cursor.invalid"},
		{"", "GET", "/canned-messages", ``, 401, "session.required"},
	} {
		wantProblem(t, l.call(c.who, c.method, c.path, c.body), c.status, c.key)
	}
	if a := l.must(200, owner, "PATCH", path, `{"folder":"","attachment_ids":[]}`); a.body["folder"] != "" || a.body["name"] != "Refund" {
		t.Errorf("%s", a.text)
	}
	inbox := l.must(201, owner, "POST", "/inboxes", `{"name":"Support"}`).body["id"]
	channel := fmt.Sprintf("/channels/%v", l.must(201, owner, "POST", "/channels", fmt.Sprintf(`{"type":"email","name":"X","inbox_id":%v,"address":"x@acme.example"}`, inbox)).body["id"])
	if a := l.must(200, owner, "PATCH", channel, fmt.Sprintf(`{"autoresponder_id":%v}`, made.body["id"])); a.body["autoresponder_id"] != made.body["id"] {
		t.Errorf("%s", a.text)
	}
	wantProblem(t, l.call(owner, "DELETE", path, ""), 409, "canned.in_use")
	if a := l.must(200, owner, "PATCH", channel, `{"autoresponder_id":null}`); a.body["autoresponder_id"] != nil {
		t.Errorf("%s", a.text)
	}
	l.must(204, owner, "DELETE", path, "")
}

func TestSignaturesAndMergeFieldsAPI(t *testing.T) {
	t.Parallel()
	l := newLiveAPI(t)
	owner := l.setup()
	inbox := l.must(201, owner, "POST", "/inboxes", `{"name":"Support"}`).body["id"]
	channel := l.must(201, owner, "POST", "/channels", fmt.Sprintf(`{"type":"email","name":"X","inbox_id":%v,"address":"x@acme.example"}`, inbox)).body["id"]
	a := l.must(200, owner, "PUT", fmt.Sprintf("/signatures/channel/%v", channel), `{"html":"<p>{{ user.name }}</p>"}`)
	want := map[string]any{
		"level": "channel", "owner_id": channel, "html": `<p><span data-merge="user.name">User: name</span></p>`, "text": "{{ user.name }}", "updated_at": a.body["updated_at"],
	}
	if diff := cmp.Diff(want, a.body); diff != "" {
		t.Error(diff)
	}
	if list := l.must(200, owner, "GET", "/signatures", ""); !cmp.Equal(at(t, list.body, "items", 0), any(want)) {
		t.Errorf("%s", list.text)
	}
	if c := l.must(200, owner, "PATCH", fmt.Sprintf("/channels/%v", channel), `{"add_signature":true}`); c.body["add_signature"] != true {
		t.Errorf("%s", c.text)
	}
	agent, id := l.user(owner, "agent", "ann@harbour.example")
	l.must(200, agent, "PUT", fmt.Sprintf("/signatures/user/%v", id), `{"html":"Ann"}`)
	for _, c := range []struct {
		who, method, path, body string
		status                  int
		key                     string
	}{
		{agent, "PUT", "/signatures/account/0", `{"html":"x"}`, 403, "role.not_allowed"},
		{owner, "PUT", "/signatures/account/1", `{"html":"x"}`, 404, "id.unknown"},
		{owner, "PUT", "/signatures/account/x", `{"html":"x"}`, 404, "id.unknown"},
		{owner, "PUT", "/signatures/account/0", `{"html":"{{ x }}"}`, 422, "merge.unknown"},
		{owner, "DELETE", "/signatures/account/0", ``, 404, "id.unknown"},
		{agent, "PUT", "/merge-fields/contact.name", `{"default":"x"}`, 403, "role.not_allowed"},
		{owner, "PUT", "/merge-fields/contact.age", `{"default":"x"}`, 404, "id.unknown"},
		{owner, "PUT", "/merge-fields/conversation.history", `{"default":"x"}`, 422, "merge.no_default"},
	} {
		wantProblem(t, l.call(c.who, c.method, c.path, c.body), c.status, c.key)
	}
	l.must(204, owner, "DELETE", fmt.Sprintf("/signatures/channel/%v", channel), "")
	field := l.must(200, owner, "PUT", "/merge-fields/contact.name", `{"default":"there"}`)
	if diff := cmp.Diff(at(t, l.must(200, agent, "GET", "/merge-fields", "").body, "items", 0), any(field.body)); diff != "" || field.body["default"] != "there" {
		t.Error(diff)
	}
}

package api

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestComposeAPI(t *testing.T) {
	t.Parallel()
	l := newLiveAPI(t)
	owner := l.setup()
	inbox := l.must(201, owner, "POST", "/inboxes", `{"name":"Support"}`).body["id"]
	channel := l.must(201, owner, "POST", "/channels", fmt.Sprintf(`{"type":"email","name":"X","inbox_id":%v,"address":"x@acme.example"}`, inbox)).body["id"]
	contact := l.must(201, owner, "POST", "/contacts", `{"name":"Ada Lovelace","emails":["ada@customer.example"]}`).body["id"]
	one := fmt.Sprintf("/conversations/%v", l.must(201, owner, "POST", "/conversations", fmt.Sprintf(`{"channel_id":%v,"contact_id":%v,"text":"Hello"}`, channel, contact)).body["id"])
	chip := func(field string) string { return `<span data-merge=\"` + field + `\">x</span>` }

	if g := l.must(200, owner, "GET", one+"/signature", ""); !cmp.Equal(g.body, map[string]any{"level": "", "html": "", "text": "", "unresolved": []any{}}) {
		t.Errorf("%s", g.text)
	}
	l.must(200, owner, "PUT", fmt.Sprintf("/signatures/inbox/%v", inbox), `{"html":"<p>Bye, {{ contact.first_name }}</p>"}`)
	if g := l.must(200, owner, "GET", one+"/signature", ""); !cmp.Equal(g.body, map[string]any{"level": "inbox", "html": "<p>Bye, Ada</p>", "text": "Bye, Ada", "unresolved": []any{}}) {
		t.Errorf("%s", g.text)
	}
	p := l.must(200, owner, "POST", one+"/merge-preview", `{"html":"<p>Hi `+chip("contact.first_name")+chip("contact.phone")+chip("contact.age")+`</p>","signature":true}`)
	if !cmp.Equal(p.body, map[string]any{
		"html": `<p>Hi Ada</p><div class="signature"><p>Bye, Ada</p></div>`, "text": "Hi Ada\n\n-- \nBye, Ada", "unresolved": []any{"contact.phone"}, "unknown": []any{"contact.age"},
	}) {
		t.Errorf("%s", p.text)
	}
	wantProblem(t, l.call(owner, "POST", one+"/messages", `{"html":"<p>`+chip("contact.age")+`</p>","merge":true}`), 422, "merge.unknown")
	held := l.call(owner, "POST", one+"/messages", `{"html":"<p>`+chip("contact.phone")+`</p>","merge":true}`)
	wantProblem(t, held, 409, "merge.unresolved")
	if !cmp.Equal(held.body["unresolved"], any([]any{"contact.phone"})) {
		t.Errorf("%s", held.text)
	}
	m := l.must(201, owner, "POST", one+"/messages", `{"html":"<p>Hi `+chip("contact.phone")+chip("contact.name")+`</p>","merge":true,"merge_empty":true,"signature":true,"undo_seconds":60}`)
	if m.body["html"] != `<p>Hi Ada Lovelace</p><div class="signature"><p>Bye, Ada</p></div>` {
		t.Errorf("%s", m.text)
	}
	path := fmt.Sprintf("/messages/%v", m.body["id"])
	wantProblem(t, l.call(owner, "PATCH", path, `{"send_at":"2999-01-01T00:00:00Z"}`), 422, "schedule.too_far")
	wantProblem(t, l.call(owner, "PATCH", path, `{}`), 422, "request.invalid")
	if moved := l.must(200, owner, "PATCH", path, fmt.Sprintf(`{"send_at":%q}`, time.Now().AddDate(0, 0, 3).Format(time.RFC3339))); moved.body["delivery"] != "scheduled" {
		t.Errorf("%s", moved.text)
	}
	wantProblem(t, l.call(owner, "POST", path+"/confirm", ""), 409, "message.not_uncertain")
	forwarded := l.must(201, owner, "POST", one+"/messages", `{"kind":"forward","text":"See","to":[{"email":"grace@x.example"}],"signature":null,"forward":{"message_ids":null,"history":true,"attachment_ids":null}}`)
	if forwarded.body["mode"] != "forward" {
		t.Errorf("%s", forwarded.text)
	}
	wantProblem(t, l.call(owner, "POST", one+"/messages", `{"kind":"forward","text":"See","to":[{"email":"grace@x.example"}],"forward":{"message_ids":[999]}}`), 422, "forward.message_gone")
	wantProblem(t, l.call(owner, "POST", one+"/messages", `{"text":"Yes","answers_id":999}`), 422, "answer.message_gone")
	canned := l.must(201, owner, "POST", "/canned-messages", `{"name":"X","html":"<p>{{ contact.name }}</p>","subject":"For {{ contact.first_name }}"}`)
	used := l.must(200, owner, "POST", fmt.Sprintf("/canned-messages/%v/use", canned.body["id"]), fmt.Sprintf(`{"conversation_id":%s}`, one[len("/conversations/"):]))
	if !cmp.Equal(used.body, map[string]any{"html": canned.body["html"], "subject": "For Ada", "attachments": []any{}}) {
		t.Errorf("%s", used.text)
	}
	l.must(200, owner, "POST", fmt.Sprintf("/canned-messages/%v/use", canned.body["id"]), "")
	if c := l.must(200, owner, "GET", fmt.Sprintf("/canned-messages/%v", canned.body["id"]), ""); c.body["uses"] != 2.0 {
		t.Errorf("%s", c.text)
	}
}

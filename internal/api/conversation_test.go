package api

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/internal/conversation"
	"parley/internal/parley"
	"parley/internal/store"
	"parley/internal/store/storetest"
)

// mailAPI is the API with a channel, and a contact who has written.
type mailAPI struct {
	liveAPI
	owner   string
	channel any
	inbox   any
	account parley.AccountID
}

func newMailAPI(t *testing.T) mailAPI {
	t.Helper()
	l := mailAPI{liveAPI: newLiveAPI(t), account: 1}
	l.owner = l.setup()
	l.inbox = l.must(201, l.owner, "POST", "/inboxes", `{"name":"Support"}`).body["id"]
	l.channel = l.must(201, l.owner, "POST", "/channels", fmt.Sprintf(`{"type":"email","name":"Help","inbox_id":%v,"address":"help@acme.example"}`, l.inbox)).body["id"]
	return l
}

// mail files a message of a contact, as intake does, and gives the path of its conversation.
func (l mailAPI) mail(from, subject, text string) string {
	l.t.Helper()
	made := l.must(201, l.owner, "POST", "/contacts", fmt.Sprintf(`{"name":"Ann Archer","emails":[%q]}`, from))
	contact := parley.ContactID(num(l.t, made.body, "id"))
	var c parley.Conversation
	storetest.Update(l.t, l.db, func(tx *store.Tx) error {
		ch, err := tx.ChannelByID(l.t.Context(), l.account, parley.ChannelID(l.channel.(float64)))
		if err != nil {
			return err
		}
		c = storetest.Conversation(ch, contact, tx.Now())
		c.Subject = subject
		m := parley.Message{
			AccountID: l.account, ChannelID: ch.ID, ContactID: contact, Direction: parley.Inbound, At: tx.Now(), ReceivedAt: tx.Now(),
			FromName: "Ann Archer", FromEmail: from, To: parley.Addresses{{Email: ch.Address}}, Subject: subject, Preview: text, HasHTML: true,
		}
		conversation.Received(&c, m)
		if err := tx.InsertConversation(l.t.Context(), &c); err != nil {
			return err
		}
		m.ConversationID = c.ID
		if err := tx.InsertMessage(l.t.Context(), &m, parley.Body{Text: text, HTML: "<p>" + text + "</p>", QuoteAt: -1}); err != nil {
			return err
		}
		tx.AppendEvent(&parley.Event{AccountID: l.account, Kind: parley.MessageReceived, ConversationID: c.ID, MessageID: m.ID, InboxID: c.InboxID})
		return nil
	})
	return fmt.Sprintf("/conversations/%d", c.ID)
}

func TestConversationAPI(t *testing.T) {
	t.Parallel()
	l := newMailAPI(t)
	path := l.mail("ann@x.example", "My tyre is flat", "Can you help?")
	got := l.must(200, l.owner, "GET", path, "")
	for _, name := range []string{"created_at", "last_inbound_at", "last_message_at", "waiting_since"} {
		if got.body[name] == nil {
			t.Errorf("no %s: %s", name, got.text)
		}
		delete(got.body, name)
	}
	want := map[string]any{
		"id": 1.0, "number": 1.0, "subject": "My tyre is flat", "preview": "Can you help?", "status": "open", "folder": "open", "spam": false, "draft": false,
		"priority": 0.0, "source": "inbound", "inbox_id": l.inbox, "channel_id": l.channel, "channel_type": "email", "assignee_id": nil,
		"contact":   map[string]any{"id": 1.0, "name": "Ann Archer", "email": "ann@x.example", "phone": "", "blocked": false},
		"closed_at": nil, "first_response_at": nil, "last_outbound_at": nil, "snoozed_until": nil, "unread": true, "last_seq": got.body["last_seq"],
		"message_count": 1.0, "failed_count": 0.0, "has_attachment": false, "tags": []any{}, "fields": map[string]any{}, "follow_up_of": nil, "draft_preview": nil, "scheduled_at": nil, "merged_into_id": nil,
		"participants": []any{map[string]any{"name": "Ann Archer", "email": "ann@x.example"}, map[string]any{"name": "", "email": "help@acme.example"}},
	}
	if diff := cmp.Diff(want, got.body); diff != "" {
		t.Error(diff)
	}
	page := l.must(200, l.owner, "GET", "/conversations?view=all_open", "")
	if num(t, page.body, "items", 0, "id") != 1 || page.body["next_cursor"] != "" {
		t.Errorf("%s", page.text)
	}
	patched := l.must(200, l.owner, "PATCH", path, `{"assignee_id":1,"subject":"Flat tyre","priority":2,"fields":{"vip":true}}`)
	if patched.body["assignee_id"] != 1.0 || patched.body["subject"] != "Flat tyre" || at(t, patched.body, "fields", "vip") != true {
		t.Errorf("%s", patched.text)
	}
	if patched = l.must(200, l.owner, "PATCH", path, `{"assignee_id":null,"status":"closed"}`); patched.body["assignee_id"] != nil || patched.body["status"] != "closed" || patched.body["closed_at"] == nil {
		t.Errorf("%s", patched.text)
	}
	wantProblem(t, l.call(l.owner, "POST", path+"/unread", ""), 409, "conversation.closed_unread")
	l.must(200, l.owner, "PATCH", path, `{"status":"open"}`)
	l.must(204, l.owner, "POST", path+"/read", "")
	l.must(204, l.owner, "POST", path+"/read", `{"seq":1}`)
	if got := l.must(200, l.owner, "GET", path, ""); got.body["unread"] != false {
		t.Errorf("%s", got.text)
	}
	l.must(204, l.owner, "POST", path+"/unread", "")
	if got := l.must(200, l.owner, "GET", path, ""); got.body["unread"] != true {
		t.Errorf("%s", got.text)
	}
	wantProblem(t, l.call(l.owner, "PATCH", path, `{"status":"done"}`), 422, "request.invalid")
	wantProblem(t, l.call(l.owner, "PATCH", path, `{"assignee_id":99}`), 422, "assignee.not_in_inbox")
	wantProblem(t, l.call(l.owner, "PATCH", path, `{"inbox_id":99}`), 422, "inbox.unknown")
	wantProblem(t, l.call(l.owner, "GET", "/conversations/99", ""), 404, "id.unknown")
	wantProblem(t, l.call("", "GET", path, ""), 401, "session.required")
	wantProblem(t, l.call(l.owner, "DELETE", path, ""), 409, "conversation.not_empty")
}

func TestConversationListAPI(t *testing.T) {
	t.Parallel()
	l := newMailAPI(t)
	for i := range 5 {
		l.mail(fmt.Sprintf("ann%d@x.example", i), fmt.Sprintf("Question %d", i), "about a pump")
	}
	l.must(200, l.owner, "PATCH", "/conversations/2", `{"status":"closed"}`)
	ids := func(query string) []float64 {
		t.Helper()
		out := []float64{}
		for cursor := ""; ; {
			page := l.must(200, l.owner, "GET", "/conversations?limit=2&"+query+cursor, "")
			for i := range page.body["items"].([]any) {
				out = append(out, num(t, page.body, "items", i, "id"))
			}
			if page.body["next_cursor"] == "" {
				return out
			}
			cursor = "&cursor=" + page.body["next_cursor"].(string)
		}
	}
	tests := map[string][]float64{
		"":                                 {5, 4, 3, 2, 1},
		"view=all_open":                    {5, 4, 3, 1},
		"view=all_open&sort=added":         {5, 4, 3, 1},
		"view=all_open&sort=waiting":       {1, 3, 4, 5},
		"view=closed":                      {2},
		"view=my_open":                     {},
		"view=unassigned":                  {5, 4, 3, 1},
		"view=all_open&ids=1,2,4,99":       {4, 1},
		"contact_id=3":                     {3},
		"channel_id=1":                     {5, 4, 3, 2, 1},
		"assignee_id=1":                    {},
		"q=pump":                           {5, 4, 3, 2, 1},
		"q=pump&view=closed":               {2},
		"q=question+3":                     {4},
		"q=" + url.QueryEscape("#4"):       {4},
		"q=" + url.QueryEscape(`"pump" 1`): {2},
		"q=ann2%40x.example":               {3},
	}
	for query, want := range tests {
		if diff := cmp.Diff(want, ids(query)); diff != "" {
			t.Errorf("%q:\n%s", query, diff)
		}
	}
	for query, key := range map[string]string{
		"view=starred": "view.unknown", "sort=oldest": "sort.unknown", "limit=101": "request.invalid", "cursor=xyz": "cursor.invalid",
		"ids=" + strings.Repeat("1,", 100) + "1": "ids.too_many", "ids=a": "ids.invalid",
	} {
		wantProblem(t, l.call(l.owner, "GET", "/conversations?"+query, ""), 422, key)
	}
	counts := l.must(200, l.owner, "GET", "/conversations/counts", "")
	if diff := cmp.Diff(map[string]any{"view": "all_open", "count": 4.0, "capped": false}, at(t, counts.body, "items", 3)); diff != "" {
		t.Error(diff)
	}
	agent, _ := l.user(l.owner, "agent", "ann@harbour.example", l.must(201, l.owner, "POST", "/inboxes", `{"name":"Other"}`).body["id"])
	wantProblem(t, l.call(agent, "GET", "/conversations/1", ""), 404, "id.unknown")
	wantProblem(t, l.call(agent, "GET", fmt.Sprintf("/conversations?inbox_id=%v", l.inbox), ""), 404, "id.unknown")
	if page := l.must(200, agent, "GET", "/conversations", ""); len(page.body["items"].([]any)) != 0 {
		t.Errorf("%s", page.text)
	}
}

func TestTimelineAPI(t *testing.T) {
	t.Parallel()
	l := newMailAPI(t)
	path := l.mail("ann@x.example", "Hello", "First")
	l.must(200, l.owner, "PATCH", path, `{"assignee_id":1}`)
	note := l.must(201, l.owner, "POST", path+"/notes", `{"html":"<p>call <b>her</b><script>x</script></p>"}`, "Idempotency-Key", "n1")
	if again := l.must(201, l.owner, "POST", path+"/notes", `{"html":"<p>call <b>her</b><script>x</script></p>"}`, "Idempotency-Key", "n1"); again.body["id"] != note.body["id"] {
		t.Errorf("%s", again.text)
	}
	if note.body["kind"] != "note" || note.body["text"] != "call her" || note.body["html"] != "<p>call <strong>her</strong></p>" || note.body["author_id"] != 1.0 || note.body["edited_at"] != nil {
		t.Errorf("%s", note.text)
	}
	kinds := func(query string) (out []any) {
		t.Helper()
		for cursor := ""; ; {
			page := l.must(200, l.owner, "GET", path+"/timeline?limit=1&"+query+cursor, "")
			out = append(out, at(t, page.body, "items", 0, "kind"))
			if page.body["next_cursor"] == "" {
				return out
			}
			cursor = "&cursor=" + page.body["next_cursor"].(string)
		}
	}
	if diff := cmp.Diff([]any{"message", "event", "note"}, kinds("order=asc")); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]any{"note", "event", "message"}, kinds("order=desc")); diff != "" {
		t.Error(diff)
	}
	all := l.must(200, l.owner, "GET", path+"/timeline", "")
	if at(t, all.body, "items", 0, "html") != "<p>First</p>" || at(t, all.body, "items", 0, "from", "email") != "ann@x.example" || at(t, all.body, "items", 0, "direction") != "inbound" {
		t.Errorf("%s", all.text)
	}
	event := at(t, all.body, "items", 1).(map[string]any)
	if event["event"] != "conversation.assigned" || event["actor_id"] != 1.0 || at(t, event, "data", "to") != 1.0 {
		t.Errorf("%v", event)
	}
	if short := l.must(200, l.owner, "GET", path+"/timeline?bodies=text", ""); at(t, short.body, "items", 0, "html") != "" || at(t, short.body, "items", 0, "text") != "First" {
		t.Errorf("%s", short.text)
	}
	notePath := fmt.Sprintf("%s/notes/%v", path, note.body["id"])
	if edited := l.must(200, l.owner, "PATCH", notePath, `{"text":"call him"}`); edited.body["text"] != "call him" || edited.body["edited_at"] == nil {
		t.Errorf("%s", edited.text)
	}
	wantProblem(t, l.call(l.owner, "POST", path+"/notes", `{"text":" "}`), 422, "note.empty")
	l.must(204, l.owner, "DELETE", notePath, "")
	wantProblem(t, l.call(l.owner, "DELETE", notePath, ""), 404, "id.unknown")

	// A send from what is not the newest is held, with what is new.
	held := l.call(l.owner, "POST", path+"/messages", `{"kind":"reply","text":"hi","seen_seq":0}`)
	wantProblem(t, held, 409, "conversation.newer")
	if at(t, held.body, "newer", 0, "kind") != "message" || at(t, held.body, "newer", 0, "text") != "First" {
		t.Errorf("%s", held.text)
	}
}

func TestDraftAPI(t *testing.T) {
	t.Parallel()
	l := newMailAPI(t)
	path := l.mail("ann@x.example", "Hello", "First") + "/draft"
	saved := l.must(200, l.owner, "PUT", path, `{"mode":"reply","content":{"doc":["a"]},"base_version":0}`)
	if saved.body["version"] != 1.0 || saved.body["updated_at"] == nil {
		t.Errorf("%s", saved.text)
	}
	l.must(200, l.owner, "PUT", path, `{"mode":"reply","content":{"doc":["b"]},"base_version":1}`)
	newer := l.call(l.owner, "PUT", path, `{"mode":"reply","content":{"doc":["c"]},"base_version":1}`)
	wantProblem(t, newer, 409, "draft.newer")
	if at(t, newer.body, "draft", "version") != 2.0 || at(t, newer.body, "draft", "content", "doc", 0) != "b" {
		t.Errorf("%s", newer.text)
	}
	all := l.must(200, l.owner, "GET", path, "")
	if at(t, all.body, "items", 0, "content", "doc", 0) != "b" || at(t, all.body, "items", 0, "mode") != "reply" {
		t.Errorf("%s", all.text)
	}
	l.must(204, l.owner, "DELETE", path+"?mode=reply", "")
	if all = l.must(200, l.owner, "GET", path, ""); len(all.body["items"].([]any)) != 0 {
		t.Errorf("%s", all.text)
	}
	wantProblem(t, l.call(l.owner, "PUT", path, `{"mode":"sms","content":{}}`), 422, "request.invalid")
	wantProblem(t, l.call(l.owner, "PUT", path, `{"mode":"note","content":[]}`), 422, "request.invalid")
}

func TestSpamAPI(t *testing.T) {
	t.Parallel()
	l := newMailAPI(t)
	path := l.mail("ann@x.example", "Watches", "Buy watches")
	preview := l.must(200, l.owner, "GET", path+"/spam", "")
	want := map[string]any{
		"points": []any{map[string]any{"kind": "email", "value": "ann@x.example"}}, "conversations": 1.0,
		"contact": "Ann Archer",
	}
	if diff := cmp.Diff(want, preview.body); diff != "" {
		t.Error(diff)
	}
	spam := l.must(200, l.owner, "POST", path+"/spam", `{"why":"sells watches"}`)
	if spam.body["spam"] != true || at(t, spam.body, "spam_info", "why") != "sells watches" || at(t, spam.body, "spam_info", "by_id") != 1.0 || at(t, spam.body, "contact", "blocked") != true {
		t.Errorf("%s", spam.text)
	}
	if c := l.must(200, l.owner, "GET", "/contacts/1", ""); at(t, c.body, "blocked", "why") != "sells watches" {
		t.Errorf("%s", c.text)
	}
	back := l.must(200, l.owner, "POST", path+"/not-spam", "")
	if back.body["spam"] != false || back.body["folder"] != "open" || back.body["spam_info"] != nil {
		t.Errorf("%s", back.text)
	}
}

func TestStartAPI(t *testing.T) {
	t.Parallel()
	l := newMailAPI(t)
	start := func(rest string) string { return fmt.Sprintf(`{"channel_id":%v,%s}`, l.channel, rest) }
	draft := l.must(201, l.owner, "POST", "/conversations", start(`"to":"new@x.example"`), "Idempotency-Key", "c1")
	if again := l.must(201, l.owner, "POST", "/conversations", start(`"to":"new@x.example"`), "Idempotency-Key", "c1"); again.body["id"] != draft.body["id"] {
		t.Errorf("%s", again.text)
	}
	if draft.body["draft"] != true || draft.body["source"] != "user" || draft.body["assignee_id"] != 1.0 || at(t, draft.body, "contact", "email") != "new@x.example" {
		t.Errorf("%s", draft.text)
	}
	sent := l.must(201, l.owner, "POST", "/conversations", start(`"to":[{"name":"Bea","email":"bea@x.example"}],"subject":"Offer","text":"Hello Bea","undo_seconds":60`))
	if sent.body["draft"] != false || sent.body["subject"] != "Offer" || at(t, sent.body, "contact", "name") != "Bea" || sent.body["message_count"] != 1.0 {
		t.Errorf("%s", sent.text)
	}
	token := l.must(201, l.owner, "POST", "/tokens", `{"name":"script"}`).body["token"].(string)
	if byToken := l.must(201, token, "POST", "/conversations", start(`"contact_id":1,"subject":"S","text":"T"`)); byToken.body["source"] != "api" {
		t.Errorf("%s", byToken.text)
	}
	agent, _ := l.user(l.owner, "agent", "ann@harbour.example", l.inbox)
	path := fmt.Sprintf("/conversations/%v", draft.body["id"])
	wantProblem(t, l.call(agent, "GET", path, ""), 404, "id.unknown")
	l.must(204, l.owner, "DELETE", path, "")
	wantProblem(t, l.call(l.owner, "GET", path, ""), 404, "id.unknown")
	related := l.must(200, l.owner, "GET", fmt.Sprintf("/conversations/%v/related", sent.body["id"]), "")
	if len(related.body["items"].([]any)) != 0 {
		t.Errorf("%s", related.text)
	}
	wantProblem(t, l.call(l.owner, "POST", "/conversations", start(`"text":"hi"`)), 422, "contact.required")
	wantProblem(t, l.call(l.owner, "POST", "/conversations", `{"channel_id":99,"to":"a@x.example"}`), 422, "channel.unknown")
}

func TestContactsAPI(t *testing.T) {
	t.Parallel()
	l := newMailAPI(t)
	made := l.must(201, l.owner, "POST", "/contacts", `{"name":"Ann","company":"Archers","emails":["Ann@x.example","a@y.example"],"phones":["+44 7700 900123"],"owner_id":1,"fields":{"tier":"gold"}}`)
	if made.body["created_at"] == nil || made.body["updated_at"] == nil {
		t.Errorf("%s", made.text)
	}
	delete(made.body, "created_at")
	delete(made.body, "updated_at")
	want := map[string]any{
		"id": 1.0, "name": "Ann", "company": "Archers", "job_title": "", "about": "", "owner_id": 1.0, "bounced": []any{}, "images_allowed": false, "emails": []any{"Ann@x.example", "a@y.example"},
		"phones":       []any{"+44 7700 900123"},
		"phone_states": []any{map[string]any{"phone": "+44 7700 900123", "number": "+447700900123", "opted_out_at": nil, "unreachable_at": nil, "unreachable_reason": ""}},
		"fields":       map[string]any{"tier": "gold"}, "blocked": nil,
	}
	if diff := cmp.Diff(want, made.body); diff != "" {
		t.Error(diff)
	}
	patched := l.must(200, l.owner, "PATCH", "/contacts/1", `{"owner_id":null,"emails":["a@y.example"],"job_title":"Captain"}`)
	if patched.body["owner_id"] != nil || patched.body["job_title"] != "Captain" || len(patched.body["emails"].([]any)) != 1 {
		t.Errorf("%s", patched.text)
	}
	l.must(201, l.owner, "POST", "/contacts", `{"name":"Bea"}`)
	taken := l.call(l.owner, "PATCH", "/contacts/2", `{"emails":["b@y.example","A@y.example"]}`)
	wantProblem(t, taken, 409, "contact.point_taken")
	if at(t, taken.body, "errors", 0, "field") != "emails[1]" || at(t, taken.body, "errors", 0, "params", "contact") != "Ann" {
		t.Errorf("%s", taken.text)
	}
	page := l.must(200, l.owner, "GET", "/contacts?limit=1", "")
	if at(t, page.body, "items", 0, "name") != "Bea" {
		t.Errorf("%s", page.text)
	}
	if page = l.must(200, l.owner, "GET", "/contacts?limit=1&cursor="+page.body["next_cursor"].(string), ""); at(t, page.body, "items", 0, "name") != "Ann" || page.body["next_cursor"] != "" {
		t.Errorf("%s", page.text)
	}
	if found := l.must(200, l.owner, "GET", "/contacts?q=arch", ""); at(t, found.body, "items", 0, "name") != "Ann" {
		t.Errorf("%s", found.text)
	}
	wantProblem(t, l.call(l.owner, "POST", "/contacts", `{}`), 422, "contact.empty")
	wantProblem(t, l.call(l.owner, "POST", "/contacts", `{"emails":["nonsense"]}`), 422, "email.invalid")
	wantProblem(t, l.call(l.owner, "GET", "/contacts/99", ""), 404, "contact.gone")
	wantProblem(t, l.call(l.owner, "GET", "/contacts?cursor=!", ""), 422, "cursor.invalid")
}

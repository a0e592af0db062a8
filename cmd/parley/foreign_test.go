package main

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"parley/internal/app/apptest"
)

// victim holds an id of everything that an account has, by the noun in the
// path of the API that it belongs to.
type victim struct {
	apptest.Office
	ids map[string]string
}

// TestForeignIDs walks every operation of the OpenAPI document with the ids of
// another account: each answers 404, and nothing of that account changes.
func TestForeignIDs(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a server: run it without -short")
	}
	t.Parallel()
	s := testSite(t)
	theirs := newVictim(t, s)
	ours, err := s.Begin("Other Bikes", "eve@other.example", "support@other.example")
	if err != nil {
		t.Fatal(err)
	}
	before := theirs.everything(t, s)
	for _, o := range operations(t, s) {
		if o.named() {
			t.Run(o.method+" "+o.path, func(t *testing.T) { o.walk(t, s, theirs, ours) })
		}
	}
	t.Run("ids in bodies and questions", func(t *testing.T) { askWithForeignIDs(t, s, theirs, ours) })
	if after := theirs.everything(t, s); after != before {
		t.Errorf("the other account was changed\nbefore %s\nafter  %s", before, after)
	}
}

// testSite is an installation for one Go test.
func testSite(t *testing.T) *apptest.Site {
	t.Helper()
	s, err := apptest.New(t.TempDir(), database(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { finish(t, s) })
	return s
}

func newVictim(t *testing.T, s *apptest.Site) victim {
	t.Helper()
	o, err := s.Begin("Harbour Bikes", "olive@harbour.example", "support@harbour.example")
	if err != nil {
		t.Fatal(err)
	}
	v := victim{Office: o, ids: map[string]string{"users": o.Owner, "inboxes": o.Inbox, "channels": o.Channel}}
	if _, err := s.Deliver("ada@customer.example", []string{o.Forward}, []byte("From: ada@customer.example\r\nSubject: secret-subject\r\n\r\nsecret-text\r\n"), true); err != nil {
		t.Fatal(err)
	}
	v.ids["conversations"] = v.await(t, s, "/conversations?view=all_open", "items.0.id")
	v.ids["messages"] = v.await(t, s, "/conversations/"+v.ids["conversations"]+"/timeline", "items.0.id")
	v.ids["contacts"] = v.await(t, s, "/contacts", "items.0.id")
	v.ids["emails"] = "ada@customer.example"
	v.ids["tokens"] = v.await(t, s, "/tokens", "items.0.id")
	v.ids["entries"] = v.await(t, s, "/intake/entries?state=filed", "items.0.id")
	for noun, call := range map[string][2]string{
		"notes":       {"/conversations/" + v.ids["conversations"] + "/notes", `{"text":"secret-note"}`},
		"attachments": {"/attachments?filename=secret.txt", "secret-file"},
		"blocklist":   {"/blocklist", `{"value":"secret-spammer@rankfirst.example"}`},

		"canned-messages": {"/canned-messages", `{"name":"secret-canned","html":"secret","shared":true}`},
	} {
		v.ids[noun] = v.post(t, s, call[0], call[1])
	}
	signIn := fmt.Sprintf(`{"email":"olive@harbour.example","password":%q}`, apptest.OwnerPassword)
	if _, err := s.Ask("", http.MethodPost, "/session", signIn); err != nil {
		t.Fatal(err)
	}
	// A path names a signature by level and owner.
	v.ids["signatures"], v.ids["channel"] = "channel", o.Channel
	if _, err := s.Ask(o.Token, http.MethodPut, "/signatures/channel/"+o.Channel, `{"html":"secret-signature"}`); err != nil {
		t.Fatal(err)
	}
	v.ids["list"] = v.await(t, s, "/session/list", "items.0.id")
	return v
}

func (v victim) await(t *testing.T, s *apptest.Site, path, at string) (value string) {
	t.Helper()
	if err := apptest.Eventually(func(context.Context) error {
		a, err := s.Ask(v.Token, http.MethodGet, path, "")
		if err == nil {
			value, err = a.Read(at)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return value
}

func (v victim) post(t *testing.T, s *apptest.Site, path, body string) string {
	t.Helper()
	a, err := s.Ask(v.Token, http.MethodPost, path, body)
	if err != nil {
		t.Fatal(err)
	}
	id, err := a.Read("id")
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// everything is what the account's owner sees of it.
func (v victim) everything(t *testing.T, s *apptest.Site) string {
	t.Helper()
	var all strings.Builder
	conversation := "/conversations/" + v.ids["conversations"]
	for _, path := range []string{"/users", "/inboxes", "/channels", "/contacts", "/conversations", "/canned-messages", "/signatures", "/merge-fields", conversation, conversation + "/timeline", conversation + "/draft", "/intake", "/blocklist"} {
		a, err := s.Ask(v.Token, http.MethodGet, path, "")
		if err != nil {
			t.Fatal(err)
		}
		all.Write(a.Body)
	}
	return lastSeen.ReplaceAllString(all.String(), "")
}

// lastSeen moves by looking.
var lastSeen = regexp.MustCompile(`"last_(seen|used)_at":("[^"]*"|null)`)

// operation is one of the OpenAPI document.
type operation struct{ method, path string }

var parameter = regexp.MustCompile(`\{(\w+)\}`)

// named: its path has ids. The names of merge fields are everybody's.
func (o operation) named() bool {
	return parameter.MatchString(o.path) && o.path != "/api/v1/merge-fields/{name}"
}

func operations(t *testing.T, s *apptest.Site) []operation {
	t.Helper()
	a, err := s.Ask("", http.MethodGet, "//openapi.json", "")
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Paths map[string]map[string]json.RawMessage `json:"paths"`
	}
	if err := json.Unmarshal(a.Body, &doc); err != nil {
		t.Fatal(err)
	}
	var all []operation
	for _, path := range slices.Sorted(maps.Keys(doc.Paths)) {
		for _, method := range slices.Sorted(maps.Keys(doc.Paths[path])) {
			all = append(all, operation{strings.ToUpper(method), path})
		}
	}
	if len(all) < 50 {
		t.Fatalf("the document has only %d operations", len(all))
	}
	return all
}

// bodies are what operations want that would refuse "{}" before they look at the id.
var bodies = map[string]string{
	"POST /api/v1/conversations/{id}/messages":         `{"kind":"reply","text":"stolen"}`,
	"POST /api/v1/conversations/{id}/merge-preview":    `{"html":"stolen"}`,
	"POST /api/v1/conversations/{id}/notes":            `{"text":"stolen"}`,
	"PATCH /api/v1/messages/{id}":                      `{"send_at":"2030-01-01T00:00:00Z"}`,
	"PATCH /api/v1/conversations/{id}/notes/{note_id}": `{"text":"stolen"}`,
	"PUT /api/v1/conversations/{id}/draft":             `{"mode":"reply","content":{},"base_version":0}`,
	"PATCH /api/v1/conversations/{id}":                 `{"status":"closed"}`,
	"PATCH /api/v1/inboxes/{id}":                       `{"name":"stolen"}`,
	"PATCH /api/v1/channels/{id}":                      `{"name":"stolen"}`,
	"PUT /api/v1/channels/{id}/incoming":               `{"way":"forward"}`,
	"POST /api/v1/channels/{id}/incoming/check":        `{"way":"forward"}`,
	"PUT /api/v1/channels/{id}/outgoing":               `{"way":"default"}`,
	"POST /api/v1/channels/{id}/outgoing/check":        `{"way":"default"}`,
	"PATCH /api/v1/users/{id}":                         `{"name":"stolen"}`,
	"PATCH /api/v1/contacts/{id}":                      `{"name":"stolen"}`,
	"PUT /api/v1/contacts/{id}/images":                 `{"allow":true}`,
	"POST /api/v1/contacts/{id}/opt-out":               `{"phone":"+14155550123"}`,
	"POST /api/v1/contacts/{id}/opt-in":                `{"phone":"+14155550123","evidence":"stolen"}`,
	"POST /api/v1/channels/{id}/test-text":             `{"to":"+14155550123"}`,
	"PATCH /api/v1/canned-messages/{id}":               `{"name":"stolen"}`,
	"PUT /api/v1/signatures/{level}/{owner_id}":        `{"html":"stolen"}`,
}

// fill puts the ids of another account into an operation's path.
func (o operation) fill(t *testing.T, v victim) string {
	t.Helper()
	parts := strings.Split(o.path, "/")
	for i, part := range parts {
		if !strings.HasPrefix(part, "{") {
			continue
		}
		id, ok := v.ids[parts[i-1]]
		if !ok {
			t.Fatalf("tell newVictim how to make one of %q", parts[i-1])
		}
		parts[i] = id
	}
	path := strings.TrimPrefix(strings.Join(parts, "/"), "/api/v1")
	if o.method == http.MethodDelete && strings.HasSuffix(path, "/draft") {
		path += "?mode=reply"
	}
	return path
}

func (o operation) walk(t *testing.T, s *apptest.Site, theirs victim, ours apptest.Office) {
	path, body := o.fill(t, theirs), bodies[o.method+" "+o.path]
	if body == "" && o.method != http.MethodGet && o.method != http.MethodDelete {
		body = "{}"
	}
	a, err := s.Call(t.Context(), apptest.Request{Method: o.method, Path: path, Body: body, Token: ours.Token})
	if err != nil {
		t.Fatal(err)
	}
	if a.Status != http.StatusNotFound || strings.Contains(string(a.Body), "secret") {
		t.Errorf("answers %s", a)
	}
	if got := a.Header.Get("Content-Type"); got != "application/problem+json" {
		t.Errorf("the answer is %q", got)
	}
	if o.method != http.MethodGet {
		return
	}
	// The other account itself gets more than "not found" there, or the walk would prove nothing.
	own, err := s.Call(t.Context(), apptest.Request{Method: o.method, Path: path, Token: theirs.Token})
	if err != nil {
		t.Fatal(err)
	}
	if key, _ := own.Read("key"); own.Status == http.StatusNotFound && key != "message.no_html" {
		t.Errorf("its owner is answered %s", own)
	}
}

// askWithForeignIDs names the other account's ids everywhere but in the path.
func askWithForeignIDs(t *testing.T, s *apptest.Site, theirs victim, ours apptest.Office) {
	own := victim{Office: ours}
	if _, err := s.Deliver("bo@customer.example", []string{ours.Forward}, []byte("From: bo@customer.example\r\nSubject: ours\r\n\r\nours\r\n"), true); err != nil {
		t.Fatal(err)
	}
	conversation := own.await(t, s, "/conversations?view=all_open", "items.0.id")
	ids := strings.NewReplacer(
		"$inbox", theirs.ids["inboxes"], "$channel", theirs.ids["channels"], "$user", theirs.ids["users"], "$contact", theirs.ids["contacts"],
		"$file", theirs.ids["attachments"], "$message", theirs.ids["messages"], "$canned", theirs.ids["canned-messages"], "$conversation", theirs.ids["conversations"], "$own", conversation, "$ourinbox", ours.Inbox, "$ourchannel", ours.Channel,
	)
	for _, line := range []string{
		`GET /conversations?view=all_open&inbox_id=$inbox`,
		`GET /conversations/new-options?contact_id=$contact`,
		`GET /consents?contact_id=$contact`,
		`POST /channels/numbers {"channel_id":$channel,"provider":"twilio"}`,
		`GET /conversations?channel_id=$channel`,
		`GET /conversations?assignee_id=$user`,
		`GET /conversations?contact_id=$contact`,
		`GET /conversations?ids=$conversation`,
		`GET /conversations?q=secret`,
		`GET /conversations/counts?inbox_id=$inbox`,
		`GET /contacts?q=ada`,
		`GET /events?after=0`,
		`PATCH /conversations/$own {"assignee_id":$user}`,
		`PATCH /conversations/$own {"inbox_id":$inbox}`,
		`PATCH /conversations/$own {"contact_id":$contact}`,
		`POST /conversations {"channel_id":$channel,"to":"x@customer.example","text":"stolen"}`,
		`POST /conversations {"channel_id":$ourchannel,"contact_id":$contact,"text":"stolen"}`,
		`POST /conversations/$own/messages {"kind":"reply","text":"with a stolen file","attachment_ids":[$file]}`,
		`POST /conversations/$own/messages {"kind":"forward","to":[{"email":"x@customer.example"}],"text":"stolen","forward":{"message_ids":[$message]}}`,
		`POST /conversations/$own/messages {"kind":"forward","to":[{"email":"x@customer.example"}],"text":"stolen","forward":{"attachment_ids":[$file]}}`,
		`POST /canned-messages/$canned/use {"conversation_id":$own}`,
		`POST /channels {"type":"email","name":"Stolen","inbox_id":$inbox,"address":"stolen@other.example"}`,
		`POST /inboxes {"name":"Stolen","assignee_rule":"user","default_assignee_id":$user}`,
		`POST /users {"email":"x@other.example","name":"X","role":"agent","all_inboxes":false,"inbox_ids":[$inbox]}`,
		`GET /canned-messages?q=secret`,
		`GET /signatures`,
		`POST /canned-messages {"name":"x","html":"x","attachment_ids":[$file]}`,
		`PUT /signatures/inbox/$inbox {"html":"stolen"}`,
		`PUT /signatures/user/$user {"html":"stolen"}`,
		`PATCH /channels/$ourchannel {"autoresponder_id":$canned}`,
		`PATCH /inboxes/$ourinbox {"assignee_rule":"user","default_assignee_id":$user}`,
	} {
		method, rest, _ := strings.Cut(ids.Replace(line), " ")
		path, body, _ := strings.Cut(rest, " ")
		a, err := s.Call(t.Context(), apptest.Request{Method: method, Path: path, Body: body, Token: ours.Token})
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(a.Body), "secret") || strings.Contains(string(a.Body), "ada@customer.example") {
			t.Errorf("%s tells of the other account: %s", line, a)
		}
		if method != http.MethodGet && a.Status/100 != 4 {
			t.Errorf("%s answers %s", line, a)
		}
	}
}

package api

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/internal/account"
	"parley/internal/blob"
	"parley/internal/contact"
	"parley/internal/conversation"
	"parley/internal/dial"
	"parley/internal/image"
	"parley/internal/intake"
	"parley/internal/outbox"
	"parley/internal/parley"
	"parley/internal/setting"
	"parley/internal/store"
	"parley/internal/store/storetest"
	"parley/internal/thread"
)

const ownersPassword = "tangerine bicycle 9"

// links notes the links that were enqueued, as the job that mails them would find them.
type links struct {
	service *account.Service
	urls    []string
}

func (l *links) EnqueueLink(_ context.Context, _ *store.Tx, link parley.UserLink) error {
	l.urls = append(l.urls, l.service.LinkURL(link))
	return nil
}

// live is the API on a real database.
type liveAPI struct {
	t     *testing.T
	db    *store.DB
	url   string
	mails *links

	images *image.Service
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   map[string]any
	text   string
}

func newLiveAPI(t *testing.T) liveAPI {
	t.Helper()
	db := storetest.Open(t)
	secret, err := account.NewSecret(bytes.Repeat([]byte("k"), 32))
	if err != nil {
		t.Fatal(err)
	}
	mails := &links{}
	accounts, err := account.New(account.Options{
		DB: db, Secret: secret, BaseURL: "https://inbox.example", Mail: mails, Cost: account.Cost{Memory: 8, Passes: 1, Threads: 1},
	})
	if err != nil {
		t.Fatal(err)
	}
	mails.service = accounts
	settings := setting.New(setting.Options{DB: db, MailDomain: "in.example"})
	contacts := contact.New(db)
	cache, err := blob.NewCache(t.TempDir(), 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	images := image.New(dial.Trusted(), cache, [][]byte{[]byte("a key of the test")})
	s := New(Deps{
		Images: images, Auth: accounts, Account: accounts, Setting: settings, Contact: contacts, Conversation: conversation.New(db, settings),
		Outbox:     outbox.New(db, nil, nil, contacts, thread.Signer{Keys: [][]byte{[]byte("a key of the test")}}, time.Now, slog.New(slog.DiscardHandler)),
		Intake:     intake.New(intake.Options{DB: db}),
		MailDomain: "in.example", Relay: true, Secure: true,
	})
	srv := httptest.NewServer(s.Handler())
	t.Cleanup(srv.Close)
	return liveAPI{t: t, db: db, url: srv.URL, mails: mails, images: images}
}

// call sends a request; who is "" for nobody, a token, or a Cookie header.
func (l liveAPI) call(who, method, path, body string, header ...string) answer {
	l.t.Helper()
	req, err := http.NewRequestWithContext(l.t.Context(), method, l.url+"/api/v1"+path, strings.NewReader(body))
	if err != nil {
		l.t.Fatal(err)
	}
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	if strings.HasPrefix(who, cookieName) {
		req.Header.Set("Cookie", who)
	} else if who != "" {
		req.Header.Set("Authorization", "Bearer "+who)
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		l.t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		l.t.Fatal(err)
	}
	a := answer{status: res.StatusCode, header: res.Header, text: string(text)}
	if len(text) > 0 && strings.Contains(res.Header.Get("Content-Type"), "json") {
		if err := json.Unmarshal(text, &a.body); err != nil {
			l.t.Fatalf("%s %s: %d %s", method, path, a.status, text)
		}
	}
	return a
}

// must is call with the status that is wanted.
func (l liveAPI) must(status int, who, method, path, body string, header ...string) answer {
	l.t.Helper()
	a := l.call(who, method, path, body, header...)
	if a.status != status {
		l.t.Fatalf("%s %s: %d %s, want %d", method, path, a.status, a.text, status)
	}
	return a
}

// setup makes the first account and returns its owner's cookie.
func (l liveAPI) setup() string {
	l.t.Helper()
	a := l.must(201, "", "POST", "/setup", `{"account_name":"Harbour Bikes","name":"Olive","email":"olive@harbour.example","password":"`+ownersPassword+`","timezone":"Europe/London"}`)
	return cookieOf(l.t, a)
}

// user invites and accepts, and returns the user's cookie and id.
func (l liveAPI) user(owner, role, email string, inboxes ...any) (cookie string, id float64) {
	l.t.Helper()
	list, err := json.Marshal(append([]any{}, inboxes...))
	if err != nil {
		l.t.Fatal(err)
	}
	l.must(201, owner, "POST", "/users", fmt.Sprintf(`{"email":%q,"name":"New User","role":%q,"all_inboxes":%t,"inbox_ids":%s}`, email, role, len(inboxes) == 0, list))
	a := l.must(200, "", "POST", "/session/link", fmt.Sprintf(`{"token":%q,"password":%q}`, l.token(), ownersPassword))
	return cookieOf(l.t, a), num(l.t, a.body, "user", "id")
}

// token is that of the link mailed last.
func (l liveAPI) token() string {
	l.t.Helper()
	u, err := url.Parse(l.mails.urls[len(l.mails.urls)-1])
	if err != nil {
		l.t.Fatal(err)
	}
	return u.Query().Get("token")
}

func cookieOf(t *testing.T, a answer) string {
	t.Helper()
	c, err := http.ParseSetCookie(a.header.Get("Set-Cookie"))
	if err != nil {
		t.Fatalf("cookie %q: %v", a.header.Get("Set-Cookie"), err)
	}
	if c.Name != cookieName || !c.HttpOnly || !c.Secure || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.MaxAge < 29*86400 || c.Domain != "" {
		t.Errorf("cookie %+v", c)
	}
	return c.Name + "=" + c.Value
}

// at finds a member of an answer.
func at(t *testing.T, body any, path ...any) any {
	t.Helper()
	for _, p := range path {
		switch key := p.(type) {
		case string:
			m, ok := body.(map[string]any)
			if _, has := m[key]; !ok || !has {
				t.Fatalf("no %v in %v", path, body)
			}
			body = m[key]
		case int:
			l, ok := body.([]any)
			if !ok || key >= len(l) {
				t.Fatalf("no %v in %v", path, body)
			}
			body = l[key]
		}
	}
	return body
}

func num(t *testing.T, body any, path ...any) float64 {
	t.Helper()
	n, ok := at(t, body, path...).(float64)
	if !ok {
		t.Fatalf("%v is no number in %v", path, body)
	}
	return n
}

// wantProblem checks an error answer.
func wantProblem(t *testing.T, a answer, status int, key string) {
	t.Helper()
	if a.status != status || a.body["key"] != key || a.header.Get("Content-Type") != "application/problem+json" {
		t.Errorf("%d %s, want %d %s", a.status, a.text, status, key)
	}
	if strings.Contains(a.text, ownersPassword) {
		t.Errorf("the answer repeats the password: %s", a.text)
	}
}

func TestSetupAPI(t *testing.T) {
	t.Parallel()
	l := newLiveAPI(t)
	if a := l.must(200, "", "GET", "/setup", ""); a.body["needed"] != true {
		t.Errorf("%s", a.text)
	}
	a := l.call("", "POST", "/setup", `{"account_name":"","name":"Olive","email":"olive","password":"short"}`)
	wantProblem(t, a, 422, "field.line")
	if n := len(at(t, a.body, "errors").([]any)); n != 3 {
		t.Errorf("%d faults named, want all 3: %s", n, a.text)
	}
	cookie := l.setup()
	if a := l.must(200, "", "GET", "/setup", ""); a.body["needed"] != false {
		t.Errorf("%s", a.text)
	}
	wantProblem(t, l.call("", "POST", "/setup", `{"account_name":"B","name":"B","email":"b@b.example","password":"`+ownersPassword+`"}`), 409, "setup.done")
	me := l.must(200, cookie, "GET", "/me", "").body
	user, ok := me["user"].(map[string]any)
	if !ok {
		t.Fatalf("%v", me)
	}
	for _, volatile := range []string{"created_at", "last_seen_at"} {
		if user[volatile] == nil {
			t.Errorf("%s is missing", volatile)
		}
		delete(user, volatile)
	}
	want := map[string]any{
		"user": map[string]any{
			"id": 1.0, "name": "Olive", "email": "olive@harbour.example", "role": "owner", "all_inboxes": true, "inbox_ids": []any{},
			"invited": false, "disabled": false, "preferences": map[string]any{},
		},
		"account":     map[string]any{"id": 1.0, "name": "Harbour Bikes", "timezone": "Europe/London", "region": "US", "sample_data": false},
		"permissions": []any{"read", "write", "annotate", "contacts", "settings", "people", "tokens", "journal", "billing"},
		"seq":         1.0, "mail_domain": "in.example", "relay_configured": true,
	}
	if diff := cmp.Diff(want, me); diff != "" {
		t.Error(diff)
	}
}

func TestSessionAPI(t *testing.T) {
	t.Parallel()
	l := newLiveAPI(t)
	first := l.setup()
	sign := func(email, password string) answer {
		t.Helper()
		return l.call("", "POST", "/session", fmt.Sprintf(`{"email":%q,"password":%q}`, email, password))
	}
	wrong := sign("olive@harbour.example", ownersPassword+"x")
	wantProblem(t, wrong, 401, "session.wrong")
	unknown := sign("nobody@harbour.example", ownersPassword)
	delete(wrong.body, "request_id")
	delete(unknown.body, "request_id")
	if diff := cmp.Diff(wrong.body, unknown.body); diff != "" {
		t.Errorf("an unknown email is told apart:\n%s", diff)
	}
	a := sign("Olive@harbour.example", ownersPassword)
	second := cookieOf(t, a)
	if a.status != 200 || num(t, a.body, "user", "id") != 1 || second == first {
		t.Errorf("%d %s", a.status, a.text)
	}
	if renewed := cookieOf(t, l.must(200, second, "GET", "/me", "")); renewed != second {
		t.Errorf("GET /me renewed the cookie to another one")
	}
	list := l.must(200, second, "GET", "/session/list", "")
	if len(at(t, list.body, "items").([]any)) != 2 || at(t, list.body, "items", 0, "current") != true || at(t, list.body, "items", 1, "current") != false ||
		!strings.HasPrefix(at(t, list.body, "items", 0, "user_agent").(string), "Go-http-client") || list.body["next_cursor"] != "" {
		t.Errorf("%s", list.text)
	}
	page := l.must(200, second, "GET", "/session/list?limit=1", "")
	rest := l.must(200, second, "GET", "/session/list?limit=1&cursor="+page.body["next_cursor"].(string), "")
	if num(t, rest.body, "items", 0, "id") != num(t, list.body, "items", 1, "id") || rest.body["next_cursor"] != "" {
		t.Errorf("second page %s", rest.text)
	}
	wantProblem(t, l.call(second, "GET", "/session/list?cursor=-", ""), 422, "cursor.invalid")
	l.must(204, second, "DELETE", fmt.Sprintf("/session/list/%v", num(t, list.body, "items", 1, "id")), "")
	wantProblem(t, l.call(first, "GET", "/me", ""), 401, "session.required")
	out := l.must(204, second, "DELETE", "/session", "")
	if c := out.header.Get("Set-Cookie"); !strings.Contains(c, "Max-Age=0") {
		t.Errorf("signing out left the cookie: %q", c)
	}
	wantProblem(t, l.call(second, "GET", "/me", ""), 401, "session.required")
	wantProblem(t, l.call("", "DELETE", "/session", ""), 401, "session.required")
}

func TestSignInLimitAPI(t *testing.T) {
	t.Parallel()
	l := newLiveAPI(t)
	l.setup()
	for range 10 {
		wantProblem(t, l.call("", "POST", "/session", `{"email":"olive@harbour.example","password":"wrong wrong"}`), 401, "session.wrong")
	}
	a := l.call("", "POST", "/session", `{"email":"olive@harbour.example","password":"`+ownersPassword+`"}`)
	wantProblem(t, a, 429, "session.too_many")
	if at(t, a.body, "params", "retry_after") != "5" || a.header.Get("Retry-After") != "5" {
		t.Errorf("%v %s", a.header, a.text)
	}
}

func TestChooseAccountAPI(t *testing.T) {
	t.Parallel()
	l := newLiveAPI(t)
	l.setup()
	accounts := l.mails.service
	if _, _, err := accounts.Create(t.Context(), account.NewAccount{Name: "Hill Bikes", Owner: account.NewOwner{Name: "Olive", Email: "olive@harbour.example", Password: ownersPassword}}); err != nil {
		t.Fatal(err)
	}
	a := l.call("", "POST", "/session", `{"email":"olive@harbour.example","password":"`+ownersPassword+`"}`)
	wantProblem(t, a, 409, "session.choose_account")
	want := []any{map[string]any{"id": 1.0, "name": "Harbour Bikes"}, map[string]any{"id": 2.0, "name": "Hill Bikes"}}
	if diff := cmp.Diff(want, a.body["accounts"]); diff != "" {
		t.Error(diff)
	}
	a = l.must(200, "", "POST", "/session", `{"email":"olive@harbour.example","password":"`+ownersPassword+`","account_id":2}`)
	if num(t, a.body, "account", "id") != 2 {
		t.Errorf("%s", a.text)
	}
}

func TestLinkAPI(t *testing.T) {
	t.Parallel()
	l := newLiveAPI(t)
	owner := l.setup()
	l.must(204, "", "POST", "/session/forgot", `{"email":"nobody@harbour.example"}`)
	wantProblem(t, l.call("", "GET", "/session/link?token=forged", ""), 404, "link.gone")
	made := l.must(201, owner, "POST", "/users", `{"email":"ann@harbour.example","name":"A.","role":"agent","all_inboxes":true}`)
	again := l.must(200, owner, "POST", fmt.Sprintf("/users/%v/invite", made.body["id"]), "")
	if again.body["link"] != "https://inbox.example/invite?token="+l.token() || len(l.mails.urls) != 2 {
		t.Errorf("%s, %d mails", again.text, len(l.mails.urls))
	}
	info := l.must(200, "", "GET", "/session/link?token="+l.token(), "")
	want := map[string]any{"kind": "invite", "name": "A.", "email": "ann@harbour.example", "account_name": "Harbour Bikes"}
	if diff := cmp.Diff(want, info.body); diff != "" {
		t.Error(diff)
	}
	use := func(password string) answer {
		t.Helper()
		return l.call("", "POST", "/session/link", fmt.Sprintf(`{"token":%q,"password":%q,"name":"Ann Lee"}`, l.token(), password))
	}
	wantProblem(t, use("short"), 422, "password.too_short")
	a := use(ownersPassword)
	ann := cookieOf(t, a)
	if a.status != 200 || at(t, a.body, "user", "name") != "Ann Lee" || at(t, a.body, "user", "invited") != false {
		t.Errorf("%d %s", a.status, a.text)
	}
	wantProblem(t, use(ownersPassword), 404, "link.gone")
	wantProblem(t, l.call(owner, "POST", fmt.Sprintf("/users/%v/invite", made.body["id"]), ""), 409, "user.accepted")
	l.must(200, ann, "GET", "/me", "")
}

func TestMeAPI(t *testing.T) {
	t.Parallel()
	l := newLiveAPI(t)
	owner := l.setup()
	a := l.must(200, owner, "PATCH", "/me", `{"name":"Olive Oyl","preferences":{"theme":"dark","sizes":[1,2]}}`)
	if at(t, a.body, "user", "name") != "Olive Oyl" || at(t, a.body, "user", "preferences", "theme") != "dark" {
		t.Errorf("%s", a.text)
	}
	a = l.must(200, owner, "PATCH", "/me", `{"preferences":{"theme":null}}`)
	if diff := cmp.Diff(map[string]any{"sizes": []any{1.0, 2.0}}, at(t, a.body, "user", "preferences")); diff != "" {
		t.Error(diff)
	}
	for body, key := range map[string]string{
		`{"preferences":"dark"}`: "request.invalid",
		`{"role":"owner"}`:       "request.invalid",
		`{"name":" "}`:           "field.line",
		`{"password":"seven wild geese","current_password":"wrong"}`:                 "password.wrong",
		`{"password":"` + ownersPassword + `"}`:                                      "password.wrong",
		`{"password":"short","current_password":"` + ownersPassword + `"}`:           "password.too_short",
		`{"password":` + fmt.Sprintf("%q", strings.Repeat(ownersPassword, 99)) + `}`: "request.invalid",
	} {
		wantProblem(t, l.call(owner, "PATCH", "/me", body), 422, key)
	}
	l.must(200, owner, "PATCH", "/me", `{"password":"seven wild geese","current_password":"`+ownersPassword+`"}`)
	l.must(200, owner, "GET", "/me", "")
	wantProblem(t, l.call("", "PATCH", "/me", `{}`), 401, "session.required")
}

func TestAccountAPI(t *testing.T) {
	t.Parallel()
	l := newLiveAPI(t)
	owner := l.setup()
	agent, _ := l.user(owner, "agent", "ann@harbour.example")
	a := l.must(200, owner, "PATCH", "/account", `{"name":"Harbour Cycles","timezone":"Europe/London","region":"GB"}`)
	got := at(t, a.body, "account").(map[string]any)
	delete(got, "id")
	want := map[string]any{"name": "Harbour Cycles", "timezone": "Europe/London", "region": "GB", "sample_data": false}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	for body, key := range map[string]string{
		`{"name":" "}`:           "field.line",
		`{"timezone":"Nowhere"}`: "field.timezone",
		`{"region":"gb"}`:        "field.region",
		`{"sample_data":true}`:   "request.invalid",
	} {
		wantProblem(t, l.call(owner, "PATCH", "/account", body), 422, key)
	}
	wantProblem(t, l.call(agent, "PATCH", "/account", `{"name":"Mine"}`), 403, "role.not_allowed")
	wantProblem(t, l.call("", "PATCH", "/account", `{}`), 401, "session.required")
}

func TestUsersAPI(t *testing.T) {
	t.Parallel()
	l := newLiveAPI(t)
	owner := l.setup()
	agent, id := l.user(owner, "agent", "ann@harbour.example")
	path := fmt.Sprintf("/users/%v", id)
	list := l.must(200, agent, "GET", "/users", "")
	if n := len(at(t, list.body, "items").([]any)); n != 2 {
		t.Errorf("%s", list.text)
	}
	if one := l.must(200, agent, "GET", "/users/1", ""); one.body["name"] != "Olive" || one.body["preferences"] != nil {
		t.Errorf("%s", one.text)
	}
	for _, c := range []struct {
		who, method, path, body string
		status                  int
		key                     string
	}{
		{agent, "POST", "/users", `{"email":"x@y.example","name":"X","role":"agent"}`, 403, "role.not_allowed"},
		{agent, "PATCH", path, `{"role":"owner"}`, 403, "role.not_allowed"},
		{agent, "POST", path + "/invite", ``, 403, "role.not_allowed"},
		{owner, "POST", "/users", `{"email":"ann@harbour.example","name":"X","role":"agent"}`, 409, "user.exists"},
		{owner, "POST", "/users", `{"email":"x","name":"X","role":"agent"}`, 422, "field.email"},
		{owner, "POST", "/users", `{"email":"x@y.example","name":"X","role":"boss"}`, 422, "request.invalid"},
		{owner, "POST", "/users", `{"email":"x@y.example","role":"agent"}`, 422, "request.invalid"},
		{owner, "POST", "/users", `{"email":"x@y.example","name":"X","role":"agent","inbox_ids":[77]}`, 404, "id.unknown"},
		{owner, "PATCH", "/users/1", `{"role":"admin"}`, 409, "user.last_owner"},
		{owner, "PATCH", "/users/1", `{"disabled":true}`, 409, "user.self"},
		{owner, "PATCH", path, `{"name":""}`, 422, "field.line"},
		{owner, "GET", "/users/77", ``, 404, "id.unknown"},
		{owner, "GET", "/users/0", ``, 404, "id.unknown"},
		{"", "GET", "/users", ``, 401, "session.required"},
	} {
		wantProblem(t, l.call(c.who, c.method, c.path, c.body), c.status, c.key)
	}
	a := l.must(200, owner, "PATCH", path, `{"role":"light_agent","all_inboxes":false,"disabled":true}`)
	if a.body["role"] != "light_agent" || a.body["all_inboxes"] != false || a.body["disabled"] != true {
		t.Errorf("%s", a.text)
	}
	wantProblem(t, l.call(agent, "GET", "/me", ""), 401, "session.required")
	first := l.must(201, owner, "POST", "/users", `{"email":"k@y.example","name":"K","role":"agent"}`, "Idempotency-Key", "k1")
	again := l.must(201, owner, "POST", "/users", `{"email":"k@y.example","name":"K","role":"agent"}`, "Idempotency-Key", "k1")
	if first.body["id"] != again.body["id"] || len(l.mails.urls) != 2 {
		t.Errorf("a repeated request made %s and %s, %d mails", first.text, again.text, len(l.mails.urls))
	}
	wantProblem(t, l.call(owner, "POST", "/users", `{"email":"other@y.example","name":"K","role":"agent"}`, "Idempotency-Key", "k1"), 409, "request.key_reused")
}

func TestTokensAPI(t *testing.T) {
	t.Parallel()
	l := newLiveAPI(t)
	owner := l.setup()
	light, _ := l.user(owner, "light_agent", "lea@harbour.example")
	made := l.must(201, owner, "POST", "/tokens", `{"name":"Script"}`, "Idempotency-Key", "t1")
	token := made.body["token"].(string)
	if again := l.must(201, owner, "POST", "/tokens", `{"name":"Script"}`, "Idempotency-Key", "t1"); again.body["token"] != token || again.body["id"] != made.body["id"] {
		t.Errorf("a repeated request: %s", again.text)
	}
	if me := l.must(200, token, "GET", "/me", ""); num(t, me.body, "user", "id") != 1 || me.header.Get("Set-Cookie") != "" {
		t.Errorf("%s", me.text)
	}
	list := l.must(200, token, "GET", "/tokens", "")
	item := at(t, list.body, "items", 0).(map[string]any)
	if item["hint"] != token[len(token)-4:] || item["last_used_at"] == nil || item["token"] != nil || strings.Contains(list.text, token) {
		t.Errorf("%s", list.text)
	}
	wantProblem(t, l.call(owner, "POST", "/tokens", `{"name":""}`), 422, "field.line")
	wantProblem(t, l.call(light, "POST", "/tokens", `{"name":"X"}`), 403, "role.not_allowed")
	wantProblem(t, l.call(light, "GET", "/tokens", ""), 403, "role.not_allowed")
	wantProblem(t, l.call(owner, "DELETE", "/tokens/99", ""), 404, "id.unknown")
	l.must(204, owner, "DELETE", fmt.Sprintf("/tokens/%v", made.body["id"]), "")
	wantProblem(t, l.call(token, "GET", "/me", ""), 401, "session.required")
}

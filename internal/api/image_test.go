package api

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"parley/internal/image"
	"parley/internal/parley"
	"parley/internal/store"
	"parley/internal/store/storetest"
)

// withImage files a mail that shows an image from elsewhere, and gives its path.
func (l mailAPI) withImage(url string, auth *parley.Auth) (conversation string, id parley.MessageID) {
	l.t.Helper()
	conversation = l.mail("ann@x.example", "Order", "Look")
	storetest.Update(l.t, l.db, func(tx *store.Tx) error {
		var number parley.ConversationID
		if _, err := fmt.Sscanf(conversation, "/conversations/%d", &number); err != nil {
			return err
		}
		c, err := tx.ConversationByID(l.t.Context(), l.account, number)
		if err != nil {
			return err
		}
		m := parley.Message{
			AccountID: l.account, ChannelID: c.ChannelID, ConversationID: c.ID, ContactID: c.ContactID, Direction: parley.Inbound, At: tx.Now(), ReceivedAt: tx.Now(),
			FromEmail: "ann@x.example", HasHTML: true, RemoteImages: true, Auth: auth,
		}
		err = tx.InsertMessage(l.t.Context(), &m, parley.Body{Text: "x", HTML: `<p>Look <img data-remote-src="` + url + `" alt="it"></p>`, QuoteAt: -1})
		id = m.ID
		return err
	})
	return conversation, id
}

var signedImage = regexp.MustCompile(`src="/img/([\w-]+)"`)

func TestImagesAPI(t *testing.T) {
	t.Parallel()
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body := map[string]string{"/a.png": "\x89PNG\r\n\x1a\n", "/a.svg": "<svg>"}[r.URL.Path]
		_, _ = w.Write([]byte(body))
	}))
	t.Cleanup(web.Close)
	l := newMailAPI(t)
	_, id := l.withImage(web.URL+"/a.png", nil)
	document := fmt.Sprintf("/messages/%d/html", id)
	if held := l.must(200, l.owner, "GET", document, "").text; strings.Contains(held, "/img/") {
		t.Errorf("images are shown unasked: %s", held)
	}
	shown := signedImage.FindStringSubmatch(l.must(200, l.owner, "GET", document+"?images=1", "").text)
	if shown == nil {
		t.Fatal("no image is shown")
	}
	get := func(who, token string) answer { return l.call(who, "GET", "/../../img/"+token, "") }
	a := get(l.owner, shown[1])
	if a.status != 200 || a.header.Get("Content-Type") != "image/png" || !strings.Contains(a.header.Get("Content-Security-Policy"), "sandbox") {
		t.Errorf("the image answers %d %v", a.status, a.header)
	}
	for name, token := range map[string]string{
		"nobody signed it":      "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
		"another account's":     l.images.Sign(image.Ref{Account: 99, Message: id, URL: web.URL + "/a.png"}),
		"of no message":         l.images.Sign(image.Ref{Account: l.account, Message: 99999, URL: web.URL + "/a.png"}),
		"no image that we show": l.images.Sign(image.Ref{Account: l.account, Message: id, URL: web.URL + "/a.svg"}),
	} {
		if a := get(l.owner, token); a.status != 404 {
			t.Errorf("%s: %d", name, a.status)
		}
	}
	if a := get("", shown[1]); a.status != 401 {
		t.Errorf("nobody gets %d", a.status)
	}
}

func TestAlwaysShowImagesAPI(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		auth    *parley.Auth
		allowed bool
	}{
		"not checked": {nil, true},
		"verified":    {&parley.Auth{Verified: parley.VerdictPass}, true},
		"unverified":  {&parley.Auth{Verified: parley.VerdictFail}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newMailAPI(t)
			conversation, id := l.withImage("https://x.example/a.png", c.auth)
			contact := num(t, l.must(200, l.owner, "GET", conversation, "").body["contact"].(map[string]any), "id")
			message := fmt.Sprintf("/messages/%d", id)
			if l.must(200, l.owner, "GET", message, "").body["images_allowed"] != false {
				t.Error("allowed unasked")
			}
			if l.must(200, l.owner, "PUT", fmt.Sprintf("/contacts/%v/images", contact), `{"allow":true}`).body["images_allowed"] != true {
				t.Error("the contact does not say so")
			}
			if got := l.must(200, l.owner, "GET", message, "").body["images_allowed"]; got != c.allowed {
				t.Errorf("allowed: %v", got)
			}
			l.must(200, l.owner, "PUT", fmt.Sprintf("/contacts/%v/images", contact), `{"allow":false}`)
			if l.must(200, l.owner, "GET", message, "").body["images_allowed"] != false {
				t.Error("still allowed")
			}
		})
	}
}

func TestBouncedAddressAPI(t *testing.T) {
	t.Parallel()
	l := newMailAPI(t)
	contact := fmt.Sprintf("/contacts/%v", l.must(201, l.owner, "POST", "/contacts", `{"name":"Ann","emails":["Ann@x.example","a@y.example"]}`).body["id"])
	storetest.Update(t, l.db, func(tx *store.Tx) error {
		_, err := tx.MarkPoint(t.Context(), l.account, parley.PointEmail, "ann@x.example", new(tx.Now()), parley.ReasonMailboxFull)
		return err
	})
	marks := func(a answer) (out []string) {
		for _, b := range a.body["bounced"].([]any) {
			out = append(out, fmt.Sprint(b.(map[string]any)["email"], " ", b.(map[string]any)["reason"]))
		}
		return out
	}
	if got := marks(l.must(200, l.owner, "GET", contact, "")); len(got) != 1 || got[0] != "Ann@x.example mailbox_full" {
		t.Errorf("bounced: %v", got)
	}
	// Another address in front keeps the mark; the address gone, it goes.
	if got := marks(l.must(200, l.owner, "PATCH", contact, `{"emails":["a@y.example","Ann@x.example"]}`)); len(got) != 1 {
		t.Errorf("after a change: %v", got)
	}
	wantProblem(t, l.call(l.owner, "POST", contact+"/emails/b@z.example/working", ""), 404, "contact.no_such_email")
	if got := marks(l.must(200, l.owner, "POST", contact+"/emails/ann%40x.example/working", "")); len(got) != 0 {
		t.Errorf("after it works again: %v", got)
	}
	l.must(200, l.owner, "POST", contact+"/emails/ann%40x.example/working", "")
}

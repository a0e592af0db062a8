package demo

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"mime/multipart"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/internal/channel"
	"parley/internal/channel/channeltest"
	"parley/internal/channel/email"
	"parley/internal/dial"
	"parley/internal/mime"
	"parley/internal/parley"
)

const helpAddress = "help@harbour.example"

// quay is the customer's side with a product behind it: the real listener and the real relay.
type quay struct {
	t     *testing.T
	c     *Customer
	sink  channeltest.Sink // what the product accepted
	relay *email.Relay     // what the product sends through
}

func newQuay(t *testing.T) *quay {
	t.Helper()
	q := &quay{t: t}
	at := time.Date(2026, 3, 9, 10, 30, 0, 0, time.UTC)
	var err error
	q.c, err = NewCustomer(t.Context(), CustomerConfig{Now: func() time.Time { return at }})
	if err != nil {
		t.Fatal(err)
	}
	l, err := email.NewListener(t.Context(), email.ListenerConfig{
		Addr: "127.0.0.1:0", Sink: q.c.Internet(&q.sink), Directory: channeltest.Directory{helpAddress: 1, "sales@harbour.example": 2, "c1@in.example": 1},
	})
	if err != nil {
		t.Fatal(err)
	}
	if q.relay, err = email.NewRelay(email.RelayConfig{URL: q.c.RelayURL(), Hostname: "parley.example", Dial: dial.Trusted().DialContext}); err != nil {
		t.Fatal(err)
	}
	product := Product{
		SMTP: l.Addr().String(), URL: "http://127.0.0.1:1/", Email: "olive@harbour.example", Password: "harbour",
		Addresses: func(context.Context) (Addresses, error) {
			return Addresses{
				Channels: []Reachable{{Name: "Support", Address: helpAddress}},
				Team:     parley.Addresses{{Name: "Olive Marsh", Email: "Olive@harbour.example"}},
				Domains:  []string{"harbour.example", "in.example"},
			}, nil
		},
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 2)
	go func() { ended <- l.Serve(ctx) }()
	go func() { ended <- q.c.Run(ctx, product) }()
	t.Cleanup(func() {
		stop()
		for range 2 {
			if err := <-ended; err != nil {
				t.Errorf("ended with %v", err)
			}
		}
		_ = q.relay.Close()
	})
	return q
}

// get reads JSON of the page into v and returns the status.
func (q *quay) get(path string, v any) int {
	q.t.Helper()
	answer, err := http.Get(q.c.URL() + strings.TrimPrefix(path, "/"))
	if err != nil {
		q.t.Fatal(err)
	}
	return q.decode(answer, v)
}

func (q *quay) decode(answer *http.Response, v any) int {
	q.t.Helper()
	body, err := io.ReadAll(answer.Body)
	_ = answer.Body.Close()
	if err != nil {
		q.t.Fatal(err)
	}
	if err := json.Unmarshal(body, v); err != nil {
		q.t.Fatalf("%v in %s", err, body)
	}
	return answer.StatusCode
}

// post sends a letter as the page does; "file" attaches one.
func (q *quay) post(fields map[string]string, v any) int {
	q.t.Helper()
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	for name, value := range fields {
		var err error
		if name == "file" {
			var w io.Writer
			if w, err = form.CreateFormFile("files", "bell.txt"); err == nil {
				_, err = io.WriteString(w, value)
			}
		} else {
			err = form.WriteField(name, value)
		}
		if err != nil {
			q.t.Fatal(err)
		}
	}
	if err := form.Close(); err != nil {
		q.t.Fatal(err)
	}
	answer, err := http.Post(q.c.URL()+"api/mails", form.FormDataContentType(), &b)
	if err != nil {
		q.t.Fatal(err)
	}
	return q.decode(answer, v)
}

// letterOf are the fields of a letter that is in order, with some of them changed.
func letterOf(change map[string]string) map[string]string {
	l := map[string]string{"from": "maya@okafor.example", "from_name": "Maya Okafor", "to": helpAddress, "subject": "Brakes", "text": "They squeal."}
	maps.Copy(l, change)
	return l
}

func (q *quay) write(change map[string]string) int64 {
	q.t.Helper()
	var sent struct{ ID int64 }
	if status := q.post(letterOf(change), &sent); status != http.StatusCreated {
		q.t.Fatalf("status %d", status)
	}
	return sent.ID
}

func (q *quay) rows(box string) []rowView {
	q.t.Helper()
	var l struct{ Items []rowView }
	if status := q.get("/api/mails?box="+box, &l); status != http.StatusOK {
		q.t.Fatalf("status %d", status)
	}
	return l.Items
}

// answers sends a mail of the product through the relay.
func (q *quay) answers(d mime.Draft, rcptTo ...string) (channel.Receipt, error) {
	q.t.Helper()
	d.From, d.SentAt = parley.Address{Name: "Harbour Bikes", Email: helpAddress}, time.Date(2026, 3, 9, 10, 0, 0, 0, time.UTC)
	for _, to := range rcptTo {
		d.To = append(d.To, parley.Address{Email: to})
	}
	if d.InternetID == "" {
		d.InternetID = "reply@harbour.example"
	}
	raw, err := mime.Compose(d)
	if err != nil {
		q.t.Fatal(err)
	}
	return q.relay.Send(q.t.Context(), channel.Outgoing{MailFrom: helpAddress, Recipients: rcptTo, Body: raw})
}

func (q *quay) mustAnswer(d mime.Draft, rcptTo ...string) {
	q.t.Helper()
	if r, err := q.answers(d, rcptTo...); err != nil || len(r.Refused)+len(r.Deferred) > 0 {
		q.t.Fatalf("%+v, %v", r, err)
	}
}

func TestWrite(t *testing.T) {
	t.Parallel()
	q := newQuay(t)
	id := q.write(map[string]string{"cc": "priya@raman-family.example", "file": "ring"})
	got := q.sink.Accepted()
	if len(got) != 1 || got[0].MailFrom != "maya@okafor.example" || !cmp.Equal(got[0].RcptTo, []string{helpAddress}) {
		t.Fatalf("the product accepted %+v", got)
	}
	m := mime.Read(got[0].Body)
	if m.From.Name != "Maya Okafor" || m.Subject != "Brakes" || strings.TrimSpace(m.Text) != "They squeal." || m.Broken != nil ||
		len(m.Parts) != 1 || m.Parts[0].Filename != "bell.txt" || string(m.Parts[0].Body) != "ring" {
		t.Errorf("%+v", m)
	}
	for box, want := range map[string]rowView{"maya@okafor.example": {Sent: true}, "priya@raman-family.example": {Unread: true}} {
		rows := q.rows(box)
		if len(rows) != 1 || rows[0].ID != id || rows[0].Sent != want.Sent || rows[0].Unread != want.Unread || !rows[0].HasAttachment {
			t.Errorf("%s holds %+v", box, rows)
		}
	}
}

func TestFaultsOfALetter(t *testing.T) {
	t.Parallel()
	q := newQuay(t)
	for name, c := range map[string]struct {
		change map[string]string
		status int
		field  string
		detail string
	}{
		"no sender":           {map[string]string{"from": "maya"}, http.StatusUnprocessableEntity, "from", "address"},
		"no recipient":        {map[string]string{"to": ""}, http.StatusUnprocessableEntity, "to", "address"},
		"a wrong copy":        {map[string]string{"cc": "a@b.example, nobody"}, http.StatusUnprocessableEntity, "cc", `"nobody"`},
		"nothing to say":      {map[string]string{"text": " \n"}, http.StatusUnprocessableEntity, "text", "Write"},
		"too much to say":     {map[string]string{"text": strings.Repeat("x", maxText+1)}, http.StatusRequestEntityTooLarge, "text", "too long"},
		"nobody has it":       {map[string]string{"to": "ghost@harbour.example"}, http.StatusConflict, "", "550"},
		"an answer to no one": {map[string]string{"reply_to": "99"}, http.StatusNotFound, "", "no longer kept"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var f faultView
			if status := q.post(letterOf(c.change), &f); status != c.status || f.Field != c.field || !strings.Contains(f.Detail, c.detail) {
				t.Errorf("%d %+v", status, f)
			}
		})
	}
	if got := q.sink.Accepted(); len(got) != 0 {
		t.Errorf("the product accepted %d", len(got))
	}
}

func TestMailsComeBack(t *testing.T) {
	t.Parallel()
	q := newQuay(t)
	q.mustAnswer(mime.Draft{Subject: "Re: Brakes", Text: "Come by."}, "Maya@okafor.example", "new@visitor.example", "olive@harbour.example", "sales@harbour.example")
	for _, box := range []string{"maya@okafor.example", "new@visitor.example", teamBox} {
		if rows := q.rows(box); len(rows) != 1 || !rows[0].Unread || rows[0].Sent || rows[0].Preview != "Come by." || rows[0].From.Name != "Harbour Bikes" {
			t.Errorf("%s holds %+v", box, rows)
		}
	}
	if got := q.sink.Accepted(); len(got) != 1 || got[0].ChannelID != 2 {
		t.Errorf("the product's other channel got %+v", got)
	}
	var s stateView
	q.get("/api/state", &s)
	unread := map[string]int{}
	for _, b := range s.Mailboxes {
		unread[b.Box] = b.Unread
	}
	if unread["maya@okafor.example"] != 1 || unread["new@visitor.example"] != 1 || unread[teamBox] != 1 || unread["aiko@tanaka.example"] != 0 {
		t.Errorf("unread %v", unread)
	}
	if want := []Reachable{{"Support", helpAddress}}; !cmp.Equal(s.Channels, want) || s.Product.Password != "harbour" {
		t.Errorf("state %+v", s)
	}
}

func TestClosedMailbox(t *testing.T) {
	t.Parallel()
	q := newQuay(t)
	_, err := q.answers(mime.Draft{Text: "Hello?"}, "erik@gone.example")
	if fault, ok := errors.AsType[*channel.SendError](err); !ok || fault.Kind != channel.Permanent || !strings.Contains(fault.Text, "550 5.1.1 No such mailbox") {
		t.Errorf("refused with %v", err)
	}
}

func TestRead(t *testing.T) {
	t.Parallel()
	q := newQuay(t)
	q.mustAnswer(mime.Draft{Text: "Come by."}, "maya@okafor.example", "aiko@tanaka.example")
	id := q.rows("maya@okafor.example")[0].ID
	answer, err := http.Post(fmt.Sprintf("%sapi/mails/%d/read?box=maya@okafor.example", q.c.URL(), id), "", nil)
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
	if q.rows("maya@okafor.example")[0].Unread || !q.rows("aiko@tanaka.example")[0].Unread {
		t.Error("want it read in one box, and in that one only")
	}
}

func TestAnswer(t *testing.T) {
	t.Parallel()
	q := newQuay(t)
	q.mustAnswer(mime.Draft{
		Subject: "Re: Brakes", Text: "Come by.\n\nOlive", InternetID: "two@harbour.example", InReplyTo: "one@okafor.example", References: []string{"one@okafor.example"},
		ReplyTo: parley.Addresses{{Email: "help+tag@harbour.example"}},
	}, "maya@okafor.example")
	id := q.rows("maya@okafor.example")[0].ID
	var open mailView
	q.get(fmt.Sprintf("/api/mails/%d?box=maya@okafor.example", id), &open)
	if open.AnswerTo.Email != "help+tag@harbour.example" {
		t.Fatalf("the answer goes to %s", open.AnswerTo.Email)
	}
	for _, drop := range []string{"", "1"} {
		q.write(map[string]string{"to": open.AnswerTo.Email, "subject": "", "text": "When?\r\n", "reply_to": fmt.Sprint(id), "drop_references": drop})
	}
	got := q.sink.Accepted()
	if len(got) != 2 {
		t.Fatalf("the product accepted %d", len(got))
	}
	kept, dropped := mime.Read(got[0].Body), mime.Read(got[1].Body)
	if diff := cmp.Diff([]string{"one@okafor.example", "two@harbour.example"}, kept.References); diff != "" || !cmp.Equal(kept.InReplyTo, []string{"two@harbour.example"}) {
		t.Errorf("In-Reply-To %v, References %s", kept.InReplyTo, diff)
	}
	if len(dropped.References)+len(dropped.InReplyTo) != 0 {
		t.Errorf("dropped, but %v %v", dropped.InReplyTo, dropped.References)
	}
	want := "When?\n\nOn Mon, 9 Mar 2026 at 10:00, Harbour Bikes wrote:\n> Come by.\n>\n> Olive"
	if diff := cmp.Diff(want, strings.TrimSpace(kept.Text)); diff != "" || kept.Subject != "Re: Brakes" {
		t.Errorf("subject %q, text %s", kept.Subject, diff)
	}
	if visible, _ := mime.SplitQuote(kept.Text); strings.TrimSpace(visible) != "When?" {
		t.Errorf("the product sees %q as new", visible)
	}
}

func TestMailAsADocument(t *testing.T) {
	t.Parallel()
	q := newQuay(t)
	q.mustAnswer(mime.Draft{
		HTML: `<p>Look: <img src="cid:bike@x"></p><script>alert(1)</script>`,
		Parts: []mime.Part{
			{Filename: "bike.png", ContentType: "image/png", ContentID: "bike@x", Inline: true, Body: []byte("png")},
			{Filename: "prix d'été.html", ContentType: "text/html", Body: []byte("<script>alert(2)</script>")},
		},
	}, "maya@okafor.example")
	id := q.rows("maya@okafor.example")[0].ID
	var open mailView
	q.get(fmt.Sprintf("/api/mails/%d", id), &open)
	if !open.HasHTML || len(open.Parts) != 1 || open.Parts[0].Filename != "prix d'été.html" {
		t.Fatalf("%+v", open)
	}
	image := 1 - open.Parts[0].N
	for path, want := range map[string]struct{ policy, kind, save, body string }{
		"html":                                   {mailPolicy, "text/html; charset=utf-8", "", fmt.Sprintf(`<img src="/api/mails/%d/parts/%d">`, id, image)},
		"raw":                                    {pagePolicy, "text/plain; charset=utf-8", "", "Message-ID: <reply@harbour.example>"},
		fmt.Sprintf("parts/%d", image):           {"sandbox; default-src 'none'", "image/png", "", "png"},
		fmt.Sprintf("parts/%d", open.Parts[0].N): {"sandbox; default-src 'none'", "application/octet-stream", "attachment; filename*=UTF-8''prix%20d%27%C3%A9t%C3%A9.html", "alert(2)"},
	} {
		answer, err := http.Get(fmt.Sprintf("%sapi/mails/%d/%s", q.c.URL(), id, path))
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(answer.Body)
		_ = answer.Body.Close()
		h := answer.Header
		if h.Get("Content-Security-Policy") != want.policy || h.Get("Content-Type") != want.kind || h.Get("Content-Disposition") != want.save ||
			h.Get("X-Content-Type-Options") != "nosniff" || !strings.Contains(string(body), want.body) {
			t.Errorf("%s: %v\n%s", path, h, body)
		}
	}
	var f faultView
	for _, path := range []string{"99", "x", fmt.Sprintf("%d/parts/2", id), fmt.Sprintf("%d/parts/-1", id)} {
		if status := q.get("/api/mails/"+path, &f); status != http.StatusNotFound {
			t.Errorf("%s: %d", path, status)
		}
	}
}

func TestChangesAreTold(t *testing.T) {
	t.Parallel()
	q := newQuay(t)
	answer, err := http.Get(q.c.URL() + "api/changes")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	lines := bufio.NewScanner(answer.Body)
	next := func() string {
		for lines.Scan() {
			if lines.Text() != "" {
				return lines.Text()
			}
		}
		t.Fatal(lines.Err())
		return ""
	}
	if got := next(); got != "data: 0" {
		t.Fatalf("at first %q", got)
	}
	q.mustAnswer(mime.Draft{Text: "Come by."}, "maya@okafor.example")
	if got := next(); got != "data: 1" {
		t.Errorf("then %q", got)
	}
}

func TestOtherSitesCannotWrite(t *testing.T) {
	t.Parallel()
	q := newQuay(t)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, q.c.URL()+"api/mails", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
	if answer.StatusCode != http.StatusForbidden {
		t.Errorf("status %d", answer.StatusCode)
	}
}

func TestPage(t *testing.T) {
	t.Parallel()
	q := newQuay(t)
	for path, kind := range map[string]string{"": "text/html; charset=utf-8", "main.js": "text/javascript; charset=utf-8", "style.css": "text/css; charset=utf-8", "icon.svg": "image/svg+xml"} {
		answer, err := http.Get(q.c.URL() + path)
		if err != nil {
			t.Fatal(err)
		}
		_ = answer.Body.Close()
		if answer.StatusCode != http.StatusOK || answer.Header.Get("Content-Type") != kind || answer.Header.Get("Content-Security-Policy") != pagePolicy {
			t.Errorf("%s: %d %v", path, answer.StatusCode, answer.Header)
		}
	}
}

// The page is to look at home beside the product: it has the product's own colours.
func TestTokensAreTheProducts(t *testing.T) {
	t.Parallel()
	product, err := os.ReadFile("../../web/src/app/tokens.css")
	if err != nil {
		t.Fatal(err)
	}
	own, err := os.ReadFile("page/tokens.css")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(product), string(own)); diff != "" {
		t.Error("copy web/src/app/tokens.css to internal/demo/page:", diff)
	}
}

func TestPostboxIsBounded(t *testing.T) {
	t.Parallel()
	p := newPostbox()
	put := func(size int) {
		p.put(&mail{Raw: make([]byte, size), Boxes: map[string]bool{"a": true}})
	}
	for range maxMails + 20 {
		put(1)
	}
	rows := p.in("a")
	if len(rows) != maxMails || rows[0].ID != maxMails+20 || rows[maxMails-1].ID != 21 {
		t.Errorf("%d mails", len(rows))
	}
	if _, ok := p.byID(20); ok {
		t.Error("an old one is still there")
	}
	for range 3 {
		put(maxMailBytes / 2)
	}
	if n := len(p.in("a")); n != 2 {
		t.Errorf("%d mails for all of the memory", n)
	}
	put(2 * maxMailBytes)
	if n := len(p.in("a")); n != 1 {
		t.Errorf("%d mails: the newest is always kept", n)
	}
}

func TestTakenAddress(t *testing.T) {
	t.Parallel()
	q := newQuay(t)
	for name, cfg := range map[string]CustomerConfig{"page": {HTTP: q.c.Addr().String()}, "mail": {SMTP: strings.TrimPrefix(q.c.RelayURL(), "smtp://")}} {
		if c, err := NewCustomer(t.Context(), cfg); err == nil {
			t.Errorf("%s: two at %v", name, c.Addr())
		}
	}
}

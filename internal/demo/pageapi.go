package demo

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"time"

	"parley/internal/mime"
	"parley/internal/parley"
)

// stateView is what the page shows beside the mails.
type stateView struct {
	Mailboxes []boxView   `json:"mailboxes"`
	Channels  []Reachable `json:"channels"`
	Numbers   []Reachable `json:"numbers"`
	Product   productView `json:"product"`
}

type boxView struct {
	Box     string `json:"box"`
	Name    string `json:"name"`
	Address string `json:"address"`
	Phone   string `json:"phone"`
	About   string `json:"about"`
	Unread  int    `json:"unread"` // mails
	Texts   int    `json:"texts"`  // texts that nobody has looked at yet
	Team    bool   `json:"team"`
}

type productView struct {
	URL      string `json:"url"`
	Email    string `json:"email"`
	Password string `json:"password"`
}

// rowView is a mail in a list.
type rowView struct {
	ID            int64            `json:"id"`
	At            time.Time        `json:"at"`
	Sent          bool             `json:"sent"`
	Unread        bool             `json:"unread"`
	From          parley.Address   `json:"from"`
	To            parley.Addresses `json:"to"`
	Subject       string           `json:"subject"`
	Preview       string           `json:"preview"`
	HasAttachment bool             `json:"has_attachment"`
}

// mailView is a mail that is read.
type mailView struct {
	rowView
	Cc         parley.Addresses `json:"cc"`
	ReplyTo    parley.Addresses `json:"reply_to"`
	AnswerTo   parley.Address   `json:"answer_to"`
	InternetID string           `json:"internet_id"`
	InReplyTo  []string         `json:"in_reply_to"`
	References []string         `json:"references"`
	Text       string           `json:"text"`
	Quoted     string           `json:"quoted"` // what follows it, to be folded
	HasHTML    bool             `json:"has_html"`
	Parts      []partView       `json:"parts"`
}

type partView struct {
	N           int    `json:"n"`
	Filename    string `json:"filename"`
	ContentType string `json:"content_type"`
	Size        int    `json:"size"`
}

// faultView is what went wrong, in words.
type faultView struct {
	Key    string `json:"key"`
	Detail string `json:"detail"`
	Field  string `json:"field,omitempty"`
}

// answering serves a value as JSON, or its fault.
func (c *Customer) answering(serve func(*http.Request) (any, error)) http.HandlerFunc {
	return c.writing(func(w http.ResponseWriter, r *http.Request) error {
		v, err := serve(r)
		if err != nil {
			return err
		}
		w.Header().Set("Content-Type", "application/json")
		if r.Method == http.MethodPost {
			w.WriteHeader(http.StatusCreated)
		}
		_ = json.NewEncoder(w).Encode(v) // the reader has left
		return nil
	})
}

var statuses = map[parley.Code]int{
	parley.Invalid: http.StatusUnprocessableEntity, parley.NotFound: http.StatusNotFound,
	parley.Conflict: http.StatusConflict, parley.TooLarge: http.StatusRequestEntityTooLarge,
}

// writing serves what writes its answer itself.
func (c *Customer) writing(serve func(http.ResponseWriter, *http.Request) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		err := serve(w, r)
		if err == nil {
			return
		}
		e, ok := errors.AsType[*parley.Error](err)
		status := http.StatusInternalServerError
		if ok {
			status = statuses[e.Code]
		} else {
			c.log.Error("the customer's page failed", "route", r.Pattern, "err", err)
			e = parley.Errorf(parley.Internal, "internal", "Something went wrong. What exactly stands where the demo was started.")
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_ = json.NewEncoder(w).Encode(faultView{e.Key, e.Text, e.Field}) // the reader has left
	}
}

func (c *Customer) state(r *http.Request) (any, error) {
	known, err := c.product.Addresses(r.Context())
	if err != nil {
		return nil, fmt.Errorf("list addresses: %w", err)
	}
	s := stateView{
		Mailboxes: c.mailboxes(), Channels: list(known.Channels), Numbers: []Reachable{},
		Product: productView{c.product.URL, c.product.Email, c.product.Password},
	}
	for _, n := range known.Numbers {
		s.Numbers = append(s.Numbers, n.Reachable)
	}
	return s, nil
}

// mailboxes are those of the people that are known, of all who wrote or got something, and the team's.
func (c *Customer) mailboxes() []boxView {
	unread, names := c.box.boxes()
	var out []boxView
	for _, p := range people {
		out = append(out, boxView{Box: p.Key(), Name: p.Name, Address: p.Email, Phone: p.number(), About: p.Wants, Unread: unread[p.Key()]})
		delete(unread, p.Key())
	}
	team := boxView{Box: teamBox, Name: "Your team", About: "what the product writes to its users", Unread: unread[teamBox], Team: true}
	delete(unread, teamBox)
	out = append(out, c.texters(out, unread, names)...)
	for _, key := range slices.Sorted(maps.Keys(unread)) {
		name := names[key]
		if name == "" {
			name = localPart(key)
		}
		out = append(out, boxView{Box: key, Name: name, Address: key, Unread: unread[key]})
	}
	for i := range out {
		out[i].Texts = c.phones.unseen(out[i].Phone)
	}
	return append(out, team)
}

// texters are whoever has written or got a text, and is not among those who are there
// already. Of some it is known which mailbox is theirs, too.
func (c *Customer) texters(there []boxView, unread map[string]int, names map[string]string) (out []boxView) {
	for _, phone := range c.phones.carrier.Phones() {
		has := func(b boxView) bool { return b.Phone == phone }
		if slices.ContainsFunc(there, has) || len(c.phones.shows(phone)) == 0 {
			continue
		}
		b := boxView{Box: phone, Name: names[phone], Phone: phone}
		if i := slices.IndexFunc(everybody, func(p Person) bool { return p.number() == phone }); i >= 0 {
			p := everybody[i]
			b.Box, b.Name, b.Address = p.Key(), p.Name, p.Email
			b.Unread = unread[b.Box]
			delete(unread, b.Box)
		}
		if b.Name == "" {
			b.Name = phone
		}
		out = append(out, b)
	}
	return out
}

func (c *Customer) list(r *http.Request) (any, error) {
	box := r.URL.Query().Get("box")
	out := []rowView{}
	for _, m := range c.box.in(box) {
		out = append(out, newRow(m, box))
	}
	return map[string]any{"items": out}, nil
}

func newRow(m mail, box string) rowView {
	return rowView{
		ID: m.ID, At: m.At, Sent: m.Sent && m.From.Key() == box, Unread: m.Boxes[box], From: m.From, To: addresses(m.To),
		Subject: m.Subject, Preview: m.Preview, HasAttachment: m.HasAttachment,
	}
}

// addresses is l as JSON wants it: a list, never null.
func addresses(l parley.Addresses) parley.Addresses {
	if l == nil {
		return parley.Addresses{}
	}
	return l
}

func list[T any](l []T) []T {
	if l == nil {
		return []T{}
	}
	return l
}

// mailOf is the mail that the path names.
func (c *Customer) mailOf(r *http.Request) (mail, error) {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	m, ok := c.box.byID(id)
	if err != nil || !ok {
		return m, parley.Errorf(parley.NotFound, "mail.gone", "This mail is no longer kept.")
	}
	return m, nil
}

func (c *Customer) open(r *http.Request) (any, error) {
	m, err := c.mailOf(r)
	if err != nil {
		return nil, err
	}
	read := mime.Read(m.Raw)
	v := mailView{
		rowView: newRow(m, r.URL.Query().Get("box")), Cc: addresses(read.Cc), ReplyTo: addresses(read.ReplyTo),
		InternetID: read.InternetID, InReplyTo: list(read.InReplyTo), References: list(read.References),
		Text: read.Text, HasHTML: read.HTML != "", Parts: []partView{},
	}
	if _, at := mime.SplitQuote(read.Text); at >= 0 {
		v.Text, v.Quoted = read.Text[:at], read.Text[at:]
	}
	v.AnswerTo = answerTo(read, v.Sent)
	for n, p := range read.Parts {
		if !p.Inline {
			v.Parts = append(v.Parts, partView{n, p.Filename, p.ContentType, len(p.Body)})
		}
	}
	return v, nil
}

// answerTo is where an answer goes (RFC 5322 3.6.2); who goes on about a mail of their own writes to its recipient.
func answerTo(m mime.Message, own bool) parley.Address {
	switch {
	case own && len(m.To) > 0:
		return m.To[0]
	case len(m.ReplyTo) > 0:
		return m.ReplyTo[0]
	}
	return m.From
}

func (c *Customer) markRead(r *http.Request) (any, error) {
	m, err := c.mailOf(r)
	if err != nil {
		return nil, err
	}
	c.box.read(m.ID, r.URL.Query().Get("box"))
	return struct{}{}, nil
}

package endure

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"time"

	"parley/internal/app/apptest"
)

// load is everybody who uses the program at once. Servers of mail try again until
// they get an answer, and so do browsers, under the same Idempotency-Key; some
// of both go away instead.
type load struct {
	*trial
	*ledger
	letters chan letter
	clients sync.WaitGroup

	filed, pending         int             // mails, as the journal last told
	accepts, files, leaves []time.Duration // from each start until mail was accepted, filed, and left
}

const (
	connections = 5 // of strangers' mail servers
	repliers    = 3
	clerks      = 2
)

// start lets them work until ctx ends.
func (l *load) start(ctx context.Context) {
	l.clients.Go(func() { l.writeThreads(ctx, l.random("threads")) })
	l.clients.Go(func() { l.answerUs(ctx, l.random("customers")) })
	for i := range connections {
		l.clients.Go(func() { l.carry(ctx, l.random(fmt.Sprint("carrier", i))) })
	}
	for i := range repliers {
		l.clients.Go(func() { l.reply(ctx, l.random(fmt.Sprint("replier", i)), fmt.Sprint("replier-", i)) })
	}
	for i := range clerks {
		l.clients.Go(func() { l.keepBooks(ctx, l.random(fmt.Sprint("clerk", i)), fmt.Sprint("clerk-", i)) })
	}
}

// pause waits a little; false when ctx ended.
func pause(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}

func someMilliseconds(r *rand.Rand, most int) time.Duration {
	return time.Duration(r.IntN(1000*most)) * time.Microsecond
}

// writeThreads writes threads of three mails, a few of them at a time and out of
// order, and every sixth mail twice.
func (l *load) writeThreads(ctx context.Context, r *rand.Rand) {
	for n := 0; ; n += 4 {
		var mails []letter
		for thread := n; thread < n+4; thread++ {
			var ancestors []string
			for i := range 3 {
				m := letter{id: fmt.Sprintf("thread-%d.%d@customer.example", thread, i), headers: answers(ancestors), text: fmt.Sprintf("thread-%d.%d", thread, i)}
				ancestors = append(ancestors, m.id)
				mails = append(mails, m)
				if r.IntN(6) == 0 {
					mails = append(mails, m)
				}
			}
		}
		r.Shuffle(len(mails), func(i, j int) { mails[i], mails[j] = mails[j], mails[i] })
		for _, m := range mails {
			select {
			case l.letters <- m:
			case <-ctx.Done():
				return
			}
		}
	}
}

// answerUs has those who got a mail of ours answer it.
func (l *load) answerUs(ctx context.Context, r *rand.Rand) {
	for n := 0; pause(ctx, someMilliseconds(r, 80)); n++ {
		sent := l.relay.Mails()
		if len(sent) == 0 {
			continue
		}
		m := sent[len(sent)-1-r.IntN(min(20, len(sent)))]
		id, err := apptest.Header(m.Body, "Message-ID")
		if err != nil {
			l.Errorf("a mail of ours: %v", err)
			return
		}
		answer := letter{
			from: m.To[0], id: fmt.Sprintf("answer-%d@customer.example", n), text: fmt.Sprintf("answer-%d", n),
			headers: answersParent([]string{strings.Trim(id, "<>")}), joins: firstLine(m.Body),
		}
		select {
		case l.letters <- answer:
		case <-ctx.Done():
			return
		}
	}
}

// firstLine is the text by which the ledger knows a message.
func firstLine(raw []byte) string {
	text, err := apptest.PlainText(raw)
	if err != nil {
		return err.Error()
	}
	line, _, _ := strings.Cut(text, "\n")
	return strings.TrimSpace(line)
}

// carry is one connection over which mails come in; when it breaks, another is made.
func (l *load) carry(ctx context.Context, r *rand.Rand) {
	var c *apptest.Sender
	defer func() {
		if c != nil {
			c.Close()
		}
	}()
	for {
		var m letter
		select {
		case m = <-l.letters:
		case <-ctx.Done():
			return
		}
		for leaves := r.IntN(20) == 0; ; {
			var done bool
			if c, done = l.deliver(ctx, c, m); done || leaves {
				break
			}
			if !pause(ctx, 5*time.Millisecond) {
				return
			}
		}
		if !pause(ctx, l.rest(r)) {
			return
		}
	}
}

// rest is longer the more mails wait to be filed: on a slow machine the load is
// to be mixed, not a backlog that grows from kill to kill.
func (l *load) rest(r *rand.Rand) time.Duration {
	var pending int
	l.note(func() { pending = l.pending })
	return someMilliseconds(r, 100*(1+pending/100))
}

// deliver tries once, and reports whether there was an answer for good. The
// connection that it gives back is nil if it broke.
func (l *load) deliver(ctx context.Context, c *apptest.Sender, m letter) (*apptest.Sender, bool) {
	if c == nil {
		var err error
		if c, err = l.Sender(ctx); err != nil {
			return nil, false
		}
	}
	l.wrote(m)
	reply, err := c.Deliver(m.sender(), []string{l.Forward}, m.bytes(), true)
	switch {
	case err == nil:
		l.delivered(m)
		return c, true
	case errors.Is(err, apptest.ErrRefused) && strings.HasPrefix(reply, "5"):
		l.Errorf("mail %s: %s", m.id, reply)
		return c, true
	default:
		l.note(func() { l.unanswered++ })
	}
	c.Close()
	return nil, false
}

// call asks until there is an answer, the same each time; false when ctx ended before.
func (l *load) call(ctx context.Context, r apptest.Request) (answer struct {
	ID             int64 `json:"id"`
	ConversationID int64 `json:"conversation_id"`
}, ok bool,
) {
	r.Token = l.Token
	for {
		a, err := l.Call(ctx, r)
		switch {
		case err == nil && a.Status/100 == 2:
			if err := json.Unmarshal(a.Body, &answer); err != nil {
				l.Errorf("%s %s: %v", r.Method, r.Path, err)
			}
			return answer, true
		case err == nil && a.Status < 500:
			l.Errorf("%s %s: %s", r.Method, r.Path, a)
			return answer, false
		case !pause(ctx, 5*time.Millisecond):
			return answer, false
		}
	}
}

// post asks for a message or a note with this text.
func (l *load) post(ctx context.Context, kind string, conversation int64, path, body, text string) (began int64, ok bool) {
	l.ask(text, writeEntry{kind: kind, conversation: conversation})
	a, ok := l.call(ctx, apptest.Request{Method: http.MethodPost, Path: path, Body: body, Header: http.Header{"Idempotency-Key": {text}}})
	if !ok {
		return 0, false
	}
	if conversation == 0 {
		conversation = a.ID
	}
	l.acknowledge(text, conversation, a.ID)
	return conversation, true
}

// begin starts a conversation with somebody.
func (l *load) beginConversation(ctx context.Context, name string) (int64, bool) {
	body := fmt.Sprintf(`{"channel_id":%s,"to":%q,"subject":%q,"text":%q}`, l.Channel, name+"@customer.example", "about "+name, name)
	return l.post(ctx, "message", 0, "/conversations", body, name)
}

// reply writes to people, some mails to each.
func (l *load) reply(ctx context.Context, r *rand.Rand, name string) {
	for n := 0; ; n++ {
		conversation, ok := l.beginConversation(ctx, fmt.Sprintf("%s.%d", name, n))
		for i := 0; ok && i < 25; i++ {
			text := fmt.Sprintf("%s.%d.%d", name, n, i)
			_, ok = l.post(ctx, "message", conversation, fmt.Sprintf("/conversations/%d/messages", conversation), fmt.Sprintf(`{"kind":"reply","text":%q}`, text), text)
			ok = ok && pause(ctx, someMilliseconds(r, 40))
		}
		if !ok {
			return
		}
	}
}

// keepBooks writes notes and hands conversations on.
func (l *load) keepBooks(ctx context.Context, r *rand.Rand, name string) {
	for n := 0; ; n++ {
		conversation, ok := l.beginConversation(ctx, fmt.Sprintf("%s.%d", name, n))
		for i := 0; ok && i < 25; i++ {
			text := fmt.Sprintf("%s.%d.%d", name, n, i)
			_, ok = l.post(ctx, "note", conversation, fmt.Sprintf("/conversations/%d/notes", conversation), fmt.Sprintf(`{"text":%q}`, text), text)
			ok = ok && l.assign(ctx, conversation) && pause(ctx, someMilliseconds(r, 60))
		}
		if !ok {
			return
		}
	}
}

// assign takes the conversation from its assignee, or gives it to the owner.
func (l *load) assign(ctx context.Context, conversation int64) bool {
	var a *assignments
	to, body := int64(0), `{"assignee_id":null}`
	l.note(func() {
		if a = l.assigned[conversation]; a == nil {
			a = &assignments{}
			l.assigned[conversation] = a
		}
		if len(a.to)%2 == 1 {
			to, body = l.owner(), fmt.Sprintf(`{"assignee_id":%s}`, l.Owner)
		}
		a.to = append(a.to, to)
	})
	_, ok := l.call(ctx, apptest.Request{Method: http.MethodPatch, Path: fmt.Sprintf("/conversations/%d", conversation), Body: body})
	if ok {
		l.note(func() { a.acknowledged++ })
	}
	return ok
}

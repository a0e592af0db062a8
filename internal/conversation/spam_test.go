package conversation_test

import (
	"context"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"parley/internal/conversation"
	"parley/internal/job"
	"parley/internal/parley"
	"parley/internal/store"
	"parley/internal/store/storetest"
)

func TestSpamAndBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	open := w.receive(t, w.first, 0, w.contact.ID, "open")
	closed := w.receive(t, w.first, 0, w.contact.ID, "closed")
	elsewhere := w.receive(t, w.other, 0, w.contact.ID, "elsewhere")
	bob := storetest.Contact(t, w.db, w.owner.AccountID, "Bob", "bob@x.example")
	others := w.receive(t, w.first, 0, bob.ID, "Bob's")
	must[conversation.Detail](t)(w.svc.Close(t.Context(), w.here, closed.ID))
	must[conversation.Detail](t)(w.svc.Assign(t.Context(), w.owner, open.ID, w.here.UserID))
	before := map[parley.ConversationID]parley.Conversation{}
	for _, c := range []parley.Conversation{open, closed, elsewhere, others} {
		before[c.ID] = w.load(t, c.ID)
	}

	preview, err := w.svc.PreviewSpam(t.Context(), w.here, open.ID)
	if err != nil || preview.Conversations != 3 || len(preview.Contact.Points) != 1 {
		t.Errorf("preview: %+v, %v", preview, err)
	}
	from := w.seq(t)
	d := must[conversation.Detail](t)(w.svc.Spam(t.Context(), w.here, open.ID, " sells watches "))
	if !d.Spam || d.Folder != parley.FolderSpam || d.Contact.BlockedByID != w.here.UserID || d.Contact.BlockedWhy != "sells watches" || d.Contact.BlockedAt == nil || !d.ContactBlocked {
		t.Errorf("spam: %+v, contact %+v", d.Conversation, d.Contact)
	}
	equal(t, "events", []string{
		fmt.Sprintf("contact.updated by %d in 0 for 0 {}", w.here.UserID),
		fmt.Sprintf("conversation.spam by %d in %d for 0 {}", w.here.UserID, w.first.InboxID),
		fmt.Sprintf("conversation.spam by %d in %d for 0 {}", w.here.UserID, w.first.InboxID),
		fmt.Sprintf("conversation.spam by %d in %d for 0 {}", w.here.UserID, w.other.InboxID),
	}, w.since(t, from))
	blocked := func() (is bool) {
		storetest.View(t, w.db, func(tx *store.Tx) (err error) {
			is, err = tx.Blocked(t.Context(), w.owner.AccountID, parley.PointEmail, w.contact.Points[0].Key)
			return err
		})
		return is
	}
	if !blocked() {
		t.Error("the address is not blocked")
	}
	for view, want := range map[parley.View]int{parley.AllOpen: 1, parley.ViewClosed: 0, parley.ViewSpam: 3, "": 1} {
		page := must[conversation.Page](t)(w.svc.List(t.Context(), w.owner, conversation.Filter{View: view, Limit: 10}))
		if len(page.Rows) != want {
			t.Errorf("view %q has %d, want %d", view, len(page.Rows), want)
		}
	}
	if _, err := w.svc.Close(t.Context(), w.here, open.ID); !code(err, parley.Conflict) {
		t.Errorf("spam was closed: %v", err)
	}
	// What comes meanwhile is filed, and changes nothing else.
	w.receive(t, w.first, closed.ID, w.contact.ID, "more watches")

	must[conversation.Detail](t)(w.svc.NotSpam(t.Context(), w.here, open.ID))
	if blocked() {
		t.Error("the address is still blocked")
	}
	for id, was := range before {
		got := w.load(t, id)
		if got.Status != was.Status || got.InboxID != was.InboxID || got.AssigneeID != was.AssigneeID || got.Spam || got.Folder != was.Folder {
			t.Errorf("conversation %d came back as %+v, was %+v", id, got, was)
		}
	}
}

// A contact with more conversations than one request should wait for is finished by a job.
func TestSpamOfManyConversations(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const n = 450
	var one parley.Conversation
	storetest.Update(t, w.db, func(tx *store.Tx) error {
		for range n {
			one = storetest.Conversation(w.first, w.contact.ID, tx.Now())
			if err := tx.InsertConversation(t.Context(), &one); err != nil {
				return err
			}
		}
		return nil
	})
	count := func(v parley.View) int {
		counts, err := w.svc.Counts(t.Context(), w.owner, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range counts {
			if c.View == v {
				return c.N
			}
		}
		return -1
	}
	q := job.NewQueue(w.db, "test", slog.New(slog.DiscardHandler))
	w.svc.Register(q)
	for _, mark := range []func() error{
		func() error { _, err := w.svc.Spam(t.Context(), w.owner, one.ID, ""); return err },
		func() error { _, err := w.svc.NotSpam(t.Context(), w.owner, one.ID); return err },
	} {
		was := count(parley.ViewSpam)
		if err := mark(); err != nil {
			t.Fatal(err)
		}
		if got := count(parley.ViewSpam); got == was || got == n-was {
			t.Fatalf("%d spam at once, want some of %d", got, n)
		}
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- q.Run(ctx, time.Second) }()
		for deadline := time.Now().Add(30 * time.Second); count(parley.ViewSpam) != n-was && time.Now().Before(deadline); {
			<-time.After(5 * time.Millisecond)
		}
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
		if got := count(parley.ViewSpam); got != n-was {
			t.Fatalf("%d spam in the end, want %d", got, n-was)
		}
	}
}

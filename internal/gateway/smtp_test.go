package gateway_test

import (
	"context"
	"log/slog"
	"net/smtp"
	"strings"
	"testing"
	"time"

	"parley/internal/blob"
	"parley/internal/channel"
	"parley/internal/channel/email"
	"parley/internal/contact"
	"parley/internal/conversation"
	"parley/internal/gateway"
	"parley/internal/intake"
	"parley/internal/job"
	"parley/internal/parley"
	"parley/internal/setting"
	"parley/internal/store"
	"parley/internal/store/storetest"
)

// A mail goes the whole way: over SMTP, to the journal, to a conversation.
func TestMailOverSMTP(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t)
	account, owner := storetest.Account(t, db)
	settings := setting.New(setting.Options{DB: db, MailDomain: "in.harbour.example"})
	inbox, err := settings.CreateInbox(t.Context(), owner, setting.InboxChange{Name: new("Support")})
	if err != nil {
		t.Fatal(err)
	}
	ch, err := settings.CreateChannel(t.Context(), owner, setting.NewChannel{Type: "email", Name: "Mail", InboxID: inbox.ID, Address: "help@harbour.example"})
	if err != nil {
		t.Fatal(err)
	}
	files, err := blob.Disk(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	g := gateway.New(gateway.Options{DB: db, Types: []channel.Type{email.Type{}}})
	in := intake.New(intake.Options{
		DB: db, Blobs: blob.NewSplit(db, files), Channels: g, Settings: settings, Contacts: contact.New(db), Conversations: conversation.New(db, settings),
	})
	listener, err := email.NewListener(t.Context(), email.ListenerConfig{Addr: "127.0.0.1:0", Directory: settings, Sink: in})
	if err != nil {
		t.Fatal(err)
	}
	queue := job.NewQueue(db, "test", slog.New(slog.DiscardHandler))
	queue.Register(intake.FilingJob, intake.FilingOptions, in.File)
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 2)
	go func() { done <- g.Run(ctx, listener) }()
	go func() { done <- queue.Run(ctx, time.Minute) }()
	defer func() {
		stop()
		for range 2 {
			if err := <-done; err != nil {
				t.Error(err)
			}
		}
	}()
	send := func(to string) error {
		mail := "From: Ann <ann@x.test>\r\nTo: " + to + "\r\nSubject: for " + to + "\r\nMessage-ID: <" + to + ">\r\n\r\n.hello\r\n"
		return smtp.SendMail(listener.Addr().String(), nil, "ann@x.test", []string{to}, []byte(mail))
	}
	arrive := []string{"help@harbour.example", "Help+tag@Harbour.example", settings.ForwardAddress(ch)}
	for _, to := range arrive {
		if err := send(to); err != nil {
			t.Fatalf("to %s: %v", to, err)
		}
	}
	if err := send("nobody@harbour.example"); err == nil || !strings.HasPrefix(err.Error(), "550") {
		t.Errorf("to nobody: %v, want 550", err)
	}
	waitFiled(t, db, in, owner, len(arrive))
	entries, _, err := in.Entries(t.Context(), owner, parley.IntakeFiled, 0, 10)
	if err != nil || len(entries) != len(arrive) {
		t.Fatalf("%d entries, %v", len(entries), err)
	}
	storetest.View(t, db, func(tx *store.Tx) error {
		body, err := tx.BodyByID(t.Context(), account.ID, entries[0].MessageID)
		if strings.TrimSpace(body.Text) != ".hello" {
			t.Errorf("the text is %q", body.Text)
		}
		return err
	})
}

func waitFiled(t *testing.T, db *store.DB, in *intake.Service, owner parley.Actor, n int) {
	t.Helper()
	signal, stop := db.Watch()
	defer stop()
	for {
		totals, err := in.Totals(t.Context(), owner)
		if err != nil {
			t.Fatal(err)
		}
		if totals.Filed == int64(n) {
			return
		}
		select {
		case <-signal:
		case <-time.After(time.Minute):
			t.Fatalf("nothing moves: %+v", totals)
		}
	}
}

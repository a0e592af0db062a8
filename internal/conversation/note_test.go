package conversation_test

import (
	"fmt"
	"strings"
	"testing"

	"parley/internal/conversation"
	"parley/internal/parley"
	"parley/internal/store"
	"parley/internal/store/storetest"
)

func TestNotes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.receive(t, w.first, 0, w.contact.ID, "hi")
	from := w.seq(t)
	must[parley.DraftMessage](t)(w.svc.SaveDraft(t.Context(), w.here, c.ID, conversation.ModeNote, parley.JSON(`{"doc":1}`), 0))
	n := must[parley.Note](t)(w.svc.AddNote(t.Context(), w.here, c.ID, conversation.NoteText{Text: "call her", HTML: "<p>call her</p>"}))
	if n.Seq == 0 || n.AuthorID != w.here.UserID || n.HTML != "<p>call her</p>" || w.load(t, c.ID).LastSeq != n.Seq {
		t.Errorf("note %+v", n)
	}
	if drafts := must[[]parley.DraftMessage](t)(w.svc.Drafts(t.Context(), w.here, c.ID)); len(drafts) != 0 {
		t.Error("the draft of the note is still there")
	}
	if !w.unread(t, w.owner, c.ID) || w.unread(t, w.here, c.ID) {
		t.Error("a note is news for everyone but its author")
	}
	e := must[parley.Note](t)(w.svc.EditNote(t.Context(), w.here, c.ID, n.ID, conversation.NoteText{HTML: `<p onclick="x()">call <b>him</b></p><script>alert(1)</script>`}))
	if e.Text != "call him" || e.HTML != "<p>call <strong>him</strong></p>" || e.EditedAt == nil || e.Seq != n.Seq {
		t.Errorf("edited %+v", e)
	}
	if _, err := w.svc.EditNote(t.Context(), w.agent, c.ID, n.ID, conversation.NoteText{Text: "mine"}); !code(err, parley.Forbidden) {
		t.Errorf("somebody else's note: %v", err)
	}
	if err := w.svc.DeleteNote(t.Context(), w.agent, c.ID, n.ID); !code(err, parley.Forbidden) {
		t.Errorf("somebody else's note: %v", err)
	}
	other := w.receive(t, w.first, 0, w.contact.ID, "other")
	if err := w.svc.DeleteNote(t.Context(), w.owner, other.ID, n.ID); !code(err, parley.NotFound) {
		t.Errorf("by another conversation: %v", err)
	}
	if err := w.svc.DeleteNote(t.Context(), w.owner, c.ID, n.ID); err != nil {
		t.Errorf("an admin deletes: %v", err)
	}
	if err := w.svc.DeleteNote(t.Context(), w.owner, c.ID, n.ID); !code(err, parley.NotFound) {
		t.Errorf("twice: %v", err)
	}
	var kinds []string
	for _, e := range w.since(t, from) {
		kinds = append(kinds, e[:strings.IndexByte(e, ' ')])
	}
	equal(t, "events", []string{"draft.changed", "note.added", "note.edited", "message.received", "note.deleted"}, kinds)
	for name, text := range map[string]conversation.NoteText{
		"empty": {Text: " \n"}, "long": {Text: strings.Repeat("x", 100_001)}, "a NUL": {Text: "a\x00"}, "no UTF-8": {Text: "\xff"}, "in HTML": {Text: "a", HTML: "\x00"}, "an empty paragraph": {HTML: "<p> </p>"},
	} {
		if _, err := w.svc.AddNote(t.Context(), w.here, c.ID, text); !code(err, parley.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestNoteOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.receive(t, w.first, 0, w.contact.ID, "hi")
	w.here.Once = parley.Once{Key: "k", Fingerprint: "f"}
	a := must[parley.Note](t)(w.svc.AddNote(t.Context(), w.here, c.ID, conversation.NoteText{Text: "once"}))
	b := must[parley.Note](t)(w.svc.AddNote(t.Context(), w.here, c.ID, conversation.NoteText{Text: "once"}))
	equal(t, "the note", a, b)
}

func TestNotesNameUsers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.receive(t, w.first, 0, w.contact.ID, "hi")
	from := w.seq(t)
	name := func(id any) string { return fmt.Sprintf(`<span data-mention="%v">@Somebody</span>`, id) }
	n := must[parley.Note](t)(w.svc.AddNote(t.Context(), w.owner, c.ID, conversation.NoteText{HTML: "<p>" + name(w.here.UserID) + name(w.here.UserID) + name(99999) + name("x") + " look</p>"}))
	equal(t, "named", []parley.UserID{w.here.UserID}, conversation.Mentions(n.HTML))
	listed := func(actor parley.Actor, v parley.View) int {
		page := must[conversation.Page](t)(w.svc.List(t.Context(), actor, conversation.Filter{View: v, Limit: 10}))
		return len(page.Rows)
	}
	if listed(w.here, parley.ViewMentions) != 1 || listed(w.owner, parley.ViewMentions) != 0 {
		t.Error("the view of whom it names does not have it, or that of others has")
	}
	must[parley.Note](t)(w.svc.EditNote(t.Context(), w.owner, c.ID, n.ID, conversation.NoteText{HTML: "<p>" + name(w.owner.UserID) + "</p>"}))
	if listed(w.here, parley.ViewMentions) != 0 || listed(w.owner, parley.ViewMentions) != 1 {
		t.Error("an edited note names somebody else")
	}
	if err := w.svc.DeleteNote(t.Context(), w.owner, c.ID, n.ID); err != nil || listed(w.owner, parley.ViewMentions) != 0 {
		t.Error("a deleted note names nobody:", err)
	}
	var data []string
	storetest.View(t, w.db, func(tx *store.Tx) error {
		all, err := tx.ListEventsAfter(t.Context(), w.owner.AccountID, from, 10)
		for _, e := range all {
			data = append(data, fmt.Sprintf("%s %s", e.Kind, e.Data))
		}
		return err
	})
	equal(t, "events", []string{
		fmt.Sprintf(`note.added {"mentions":[%d]}`, w.here.UserID), fmt.Sprintf(`note.edited {"mentions":[%d]}`, w.owner.UserID), "note.deleted {}",
	}, data)
}

func TestDraftsWithSomethingInThem(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.receive(t, w.first, 0, w.contact.ID, "hi")
	version := int64(0)
	for content, want := range map[string]string{
		`{"html":"<p></p>","to":[{"email":"a@b.example"}],"subject":"Re: hi","files":[]}`: "none",
		`{"html":"<p>Dear <b>Ada</b></p><p>yes</p>"}`:                                     "Dear Ada yes",
		`{"html":"","files":[{"id":1,"filename":"plan.pdf"}]}`:                            "plan.pdf",
		`{"html":"<p><img src=\"/api/v1/attachments/1\"></p>"}`:                           "",
	} {
		d := must[parley.DraftMessage](t)(w.svc.SaveDraft(t.Context(), w.here, c.ID, conversation.ModeReply, parley.JSON(content), version))
		version = d.Version
		rows := must[conversation.Page](t)(w.svc.List(t.Context(), w.here, conversation.Filter{View: parley.ViewDrafts, Limit: 10})).Rows
		if want == "none" {
			equal(t, content, 0, len(rows))
			continue
		}
		if len(rows) != 1 || rows[0].DraftPreview == nil || *rows[0].DraftPreview != want {
			t.Errorf("%s is listed as %+v", content, rows)
		}
		if others := must[conversation.Page](t)(w.svc.List(t.Context(), w.owner, conversation.Filter{View: parley.ViewDrafts, Limit: 10})).Rows; len(others) != 0 {
			t.Errorf("somebody else sees %+v", others)
		}
	}
}

func TestDrafts(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.receive(t, w.first, 0, w.contact.ID, "hi")
	save := func(actor parley.Actor, content string, base int64) (parley.DraftMessage, error) {
		return w.svc.SaveDraft(t.Context(), actor, c.ID, conversation.ModeReply, parley.JSON(content), base)
	}
	d := must[parley.DraftMessage](t)(save(w.here, `{"t":"a"}`, 0))
	d = must[parley.DraftMessage](t)(save(w.here, `{"t":"b"}`, d.Version))
	if d.Version != 2 {
		t.Errorf("version %d", d.Version)
	}
	newer, err := save(w.here, `{"t":"c"}`, 1)
	if !code(err, parley.Conflict) || newer.Version != 2 || compact(newer.Content) != `{"t":"b"}` {
		t.Errorf("an older base: %+v, %v", newer, err)
	}
	if newer, err = save(w.here, `{"t":"c"}`, 0); !code(err, parley.Conflict) || newer.Version != 2 {
		t.Errorf("no base: %+v, %v", newer, err)
	}
	must[parley.DraftMessage](t)(save(w.agent, `{"t":"mine"}`, 0))
	all := must[[]parley.DraftMessage](t)(w.svc.Drafts(t.Context(), w.here, c.ID))
	if len(all) != 1 || compact(all[0].Content) != `{"t":"b"}` {
		t.Errorf("drafts %+v", all)
	}
	from := w.seq(t)
	if err := w.svc.DeleteDraft(t.Context(), w.here, c.ID, conversation.ModeReply); err != nil {
		t.Fatal(err)
	}
	if err := w.svc.DeleteDraft(t.Context(), w.here, c.ID, conversation.ModeReply); err != nil {
		t.Fatal(err)
	}
	equal(t, "events", []string{fmt.Sprintf(`draft.changed by %d in 0 for %d {"mode":"reply"}`, w.here.UserID, w.here.UserID)}, w.since(t, from))
	if newer, err = save(w.here, `{"t":"c"}`, 2); !code(err, parley.Conflict) || newer.Version != 0 {
		t.Errorf("a draft that is gone: %+v, %v", newer, err)
	}
	for name, bad := range map[string]struct {
		mode, content string
		base          int64
	}{
		"mode": {"sms", `{}`, 0}, "a list": {"reply", `[]`, 0}, "broken": {"reply", `{`, 0}, "base": {"reply", `{}`, -1}, "a NUL": {"note", `{"a":"\u0000"}`, 0},
	} {
		if _, err := w.svc.SaveDraft(t.Context(), w.here, c.ID, bad.mode, parley.JSON(bad.content), bad.base); !code(err, parley.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestDeleteEmpty(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d := w.draft(t, w.here, w.first)
	must[parley.Note](t)(w.svc.AddNote(t.Context(), w.here, d.ID, conversation.NoteText{Text: "later"}))
	must[parley.DraftMessage](t)(w.svc.SaveDraft(t.Context(), w.here, d.ID, conversation.ModeReply, parley.JSON(`{}`), 0))
	from := w.seq(t)
	if err := w.svc.DeleteEmpty(t.Context(), w.here, d.ID); err != nil {
		t.Fatal(err)
	}
	equal(t, "events", []string{fmt.Sprintf("conversation.deleted by %d in 0 for %d {}", w.here.UserID, w.here.UserID)}, w.since(t, from))
	if _, err := w.svc.Get(t.Context(), w.here, d.ID); !code(err, parley.NotFound) {
		t.Errorf("still there: %v", err)
	}
	c := w.receive(t, w.first, 0, w.contact.ID, "hi")
	if err := w.svc.DeleteEmpty(t.Context(), w.owner, c.ID); !code(err, parley.Conflict) {
		t.Errorf("a conversation with a message: %v", err)
	}
	storetest.View(t, w.db, func(tx *store.Tx) error {
		_, err := tx.ConversationByID(t.Context(), w.owner.AccountID, c.ID)
		return err
	})
}

package store

import (
	"context"
	"strconv"

	"parley/internal/parley"
)

const (
	maxIndexedWords = 4000      // of one message
	maxIndexedText  = 128 << 10 // bytes of one message
)

// accountTag stands before every indexed word.
func accountTag(account parley.AccountID) string {
	tag := strconv.FormatInt(int64(account), 36)
	for len(tag) < 3 {
		tag = "0" + tag
	}
	return tag + ":"
}

// contactWord is a word of every message of a contact's conversations. A search
// looks up whom a name means now, so that renaming a contact indexes nothing anew.
func contactWord(id parley.ContactID) string { return ":" + id.String() }

// searchText is what a message is found by: its subject and its conversation's,
// its people, its files, its text.
type searchText struct {
	ID             parley.MessageID      `db:"id"`
	AccountID      parley.AccountID      `db:"account_id"`
	ConversationID parley.ConversationID `db:"conversation_id"`
	ContactID      parley.ContactID      `db:"contact_id"` // of the conversation
	Topic          string                `db:"topic"`      // of the conversation
	Subject        string                `db:"subject"`
	FromName       string                `db:"from_name"`
	FromEmail      string                `db:"from_email"`
	To             parley.Addresses      `db:"to_list"`
	Cc             parley.Addresses      `db:"cc_list"`
	Bcc            parley.Addresses      `db:"bcc_list"`
	Text           string                `db:"text"`
	Files          []string              `db:"-"`
}

// words gives all words of t to a sink, until it wants no more.
func (t *searchText) words(to wordSink) {
	more := to.add([]byte(contactWord(t.ContactID))) && addText(to, t.Subject) && addText(to, t.FromName) && addAddress(to, t.FromEmail)
	if t.Topic != t.Subject {
		more = more && addText(to, t.Topic)
	}
	for _, l := range []parley.Addresses{t.To, t.Cc, t.Bcc} {
		for _, a := range l {
			more = more && addText(to, a.Name) && addAddress(to, a.Email)
		}
	}
	for _, name := range t.Files {
		more = more && addText(to, name)
	}
	if more {
		addText(to, t.Text[:min(len(t.Text), maxIndexedText)])
	}
}

// listSearchTexts loads what messages are found by, in two queries. Those that
// stand in no conversation are left out.
func (tx *Tx) listSearchTexts(ctx context.Context, ids []parley.MessageID) ([]searchText, error) {
	var out []searchText
	err := tx.list(ctx, &out, `SELECT m.id, m.account_id, m.conversation_id, c.contact_id, c.subject AS topic, m.subject, m.from_name, m.from_email, m.to_list, m.cc_list, m.bcc_list, b.text
		FROM messages m JOIN conversations c ON c.id = m.conversation_id JOIN message_bodies b ON b.message_id = m.id WHERE `+tx.d.in("m.id"), tx.d.inArg(int64s(ids)))
	if err != nil {
		return nil, err
	}
	byID := make(map[parley.MessageID]*searchText, len(out))
	for i := range out {
		byID[out[i].ID] = &out[i]
	}
	var files []struct {
		MessageID parley.MessageID `db:"message_id"`
		Filename  string           `db:"filename"`
	}
	err = tx.list(ctx, &files, `SELECT message_id, filename FROM attachments WHERE `+tx.d.in("account_id")+` AND `+tx.d.in("message_id")+` ORDER BY id`,
		tx.d.inArg(accountsOf(out)), tx.d.inArg(int64s(ids)))
	for _, f := range files {
		if t := byID[f.MessageID]; t != nil {
			t.Files = append(t.Files, f.Filename)
		}
	}
	return out, err
}

func accountsOf(texts []searchText) []int64 {
	seen := map[parley.AccountID]bool{}
	for _, t := range texts {
		seen[t.AccountID] = true
	}
	return int64s(sortedKeys(seen))
}

// indexMessage makes a message findable, or leaves it to the next batch: see dialect.indexBatch.
func (tx *Tx) indexMessage(ctx context.Context, m *parley.Message, b parley.Body) error {
	if m.ConversationID == 0 {
		return nil
	}
	if tx.d.indexBatch() == 1 {
		return tx.indexOne(ctx, m, b)
	}
	if tx.mark == nil {
		mark, err := tx.indexedTo(ctx)
		if err != nil {
			return err
		}
		tx.mark = &mark
	}
	mark := *tx.mark
	if int(m.ID-mark) < tx.d.indexBatch() {
		return nil
	}
	var ids []parley.MessageID
	if err := tx.list(ctx, &ids, `SELECT id FROM messages WHERE id > ? AND id <= ?`, int64(mark), m.ID); err != nil {
		return err
	}
	if err := tx.index(ctx, ids); err != nil {
		return err
	}
	tx.mark = new(m.ID)
	return tx.execOne(ctx, `UPDATE search_mark SET message_id = ?`, m.ID)
}

func (tx *Tx) indexOne(ctx context.Context, m *parley.Message, b parley.Body) error {
	t := searchText{
		ID: m.ID, AccountID: m.AccountID, ConversationID: m.ConversationID, Subject: m.Subject, FromName: m.FromName, FromEmail: m.FromEmail,
		To: m.To, Cc: m.Cc, Bcc: m.Bcc, Text: b.Text,
	}
	for _, a := range m.Attachments {
		t.Files = append(t.Files, a.Filename)
	}
	if c, ok := tx.conversations[m.ConversationID]; ok && c.AccountID == m.AccountID {
		t.ContactID, t.Topic = c.ContactID, c.Subject
		return tx.writeWords(ctx, []searchText{t})
	}
	err := tx.get(ctx, &t, `SELECT contact_id, subject AS topic FROM conversations WHERE account_id = ? AND id = ?`, m.AccountID, m.ConversationID)
	if err != nil {
		return err
	}
	return tx.writeWords(ctx, []searchText{t})
}

// indexedTo is the newest message that the index knows of; what is newer waits for its batch.
func (tx *Tx) indexedTo(ctx context.Context) (parley.MessageID, error) {
	var mark parley.MessageID
	err := tx.get(ctx, &mark, `SELECT message_id FROM search_mark`)
	return mark, err
}

// indexed is a message with its words, each behind the account's tag.
type indexed struct {
	account, id int64
	words       []string
}

// index writes the words of messages, anew if they are there.
func (tx *Tx) index(ctx context.Context, ids []parley.MessageID) error {
	texts, err := tx.listSearchTexts(ctx, ids)
	if err != nil {
		return err
	}
	return tx.writeWords(ctx, texts)
}

// withWords finds the words of messages.
func withWords(texts []searchText) []indexed {
	list := make([]indexed, len(texts))
	for i := range texts {
		set := newWordSet(accountTag(texts[i].AccountID), maxIndexedWords)
		texts[i].words(set)
		list[i] = indexed{int64(texts[i].AccountID), int64(texts[i].ID), set.list}
	}
	return list
}

func (tx *Tx) writeWords(ctx context.Context, texts []searchText) error {
	for _, s := range tx.d.writeWords(withWords(texts)) {
		if err := tx.send(ctx, s.query, s.args...); err != nil {
			return err
		}
	}
	return nil
}

// ReindexConversation makes a conversation's newest 500 messages findable by its
// subject and contact as they are now.
func (tx *Tx) ReindexConversation(ctx context.Context, account parley.AccountID, id parley.ConversationID) error {
	var ids []parley.MessageID
	err := tx.list(ctx, &ids, `SELECT id FROM messages WHERE account_id = ? AND conversation_id = ? ORDER BY at DESC, id DESC LIMIT 500`, account, id)
	if err != nil {
		return err
	}
	return tx.index(ctx, ids)
}

// IndexNext puts the next messages into the full-text index, after a Refill; done
// says that all are in it. Pass 0 first, then what it returned.
func (tx *Tx) IndexNext(ctx context.Context, after parley.MessageID, limit int) (last parley.MessageID, done bool, err error) {
	var ids []parley.MessageID
	if err := tx.list(ctx, &ids, `SELECT id FROM messages WHERE id > ? ORDER BY id LIMIT ?`, int64(after), limit); err != nil || len(ids) == 0 {
		return after, true, err
	}
	if err := tx.index(ctx, ids); err != nil {
		return after, false, err
	}
	last = ids[len(ids)-1]
	if tx.d.indexBatch() > 1 {
		err = tx.execOne(ctx, `UPDATE search_mark SET message_id = ?`, last)
	}
	return last, len(ids) < limit, err
}

// messagesWithWords tells which of an account's messages have a term of each group.
func (tx *Tx) messagesWithWords(ctx context.Context, account parley.AccountID, ids []parley.MessageID, groups [][]term) (map[parley.MessageID]bool, error) {
	texts, err := tx.listSearchTexts(ctx, ids)
	found := map[parley.MessageID]bool{}
	for i := range texts {
		m := newMatcher(groups)
		if texts[i].words(m); m.left == 0 && texts[i].AccountID == account {
			found[texts[i].ID] = true
		}
	}
	return found, err
}

package store

import (
	"context"
	"slices"
	"strconv"
	"strings"

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

// indexMessage makes m findable, or leaves it to the next batch: see dialect.indexBatch.
func (tx *Tx) indexMessage(ctx context.Context, m *parley.Message, b parley.Body) error {
	if m.ConversationID == 0 {
		return nil
	}
	if tx.d.indexBatch() > 1 {
		return tx.indexBatch(ctx, m.ID)
	}
	heads, err := tx.heads(ctx, m.AccountID, []parley.ConversationID{m.ConversationID})
	if err != nil {
		return err
	}
	return tx.writeWords(ctx, m.AccountID, []indexed{{m.ID, messageWords(m, b, heads[m.ConversationID])}})
}

// indexBatch indexes all messages up to the newest one once they are enough. The
// mark of how far the index goes is part of the same transaction.
func (tx *Tx) indexBatch(ctx context.Context, newest parley.MessageID) error {
	mark, err := tx.indexedTo(ctx)
	if err != nil || int(newest-mark) < tx.d.indexBatch() {
		return err
	}
	var rows []struct {
		ID        parley.MessageID `db:"id"`
		AccountID parley.AccountID `db:"account_id"`
	}
	err = tx.list(ctx, &rows, `SELECT id, account_id FROM messages WHERE id > ? AND id <= ? AND conversation_id IS NOT NULL ORDER BY id`, int64(mark), newest)
	if err != nil {
		return err
	}
	byAccount := map[parley.AccountID][]parley.MessageID{}
	for _, r := range rows {
		byAccount[r.AccountID] = append(byAccount[r.AccountID], r.ID)
	}
	for _, account := range sortedKeys(byAccount) {
		if err := tx.index(ctx, account, byAccount[account]); err != nil {
			return err
		}
	}
	return tx.execOne(ctx, `UPDATE search_mark SET message_id = ?`, newest)
}

// indexedTo is the newest message that the index knows of; what is newer waits for its batch.
func (tx *Tx) indexedTo(ctx context.Context) (parley.MessageID, error) {
	var mark parley.MessageID
	err := tx.get(ctx, &mark, `SELECT message_id FROM search_mark`)
	return mark, err
}

// index writes the words of messages, anew if they are there.
func (tx *Tx) index(ctx context.Context, account parley.AccountID, ids []parley.MessageID) error {
	var list []indexed
	err := tx.eachText(ctx, account, ids, func(id parley.MessageID, words []string) {
		list = append(list, indexed{id, words})
	})
	if err != nil {
		return err
	}
	return tx.writeWords(ctx, account, list)
}

// indexed is a message with its words.
type indexed struct {
	id    parley.MessageID
	words []string
}

func (tx *Tx) writeWords(ctx context.Context, account parley.AccountID, list []indexed) error {
	tag := accountTag(account)
	for _, m := range list {
		for i := range m.words {
			m.words[i] = tag + m.words[i]
		}
	}
	for _, s := range tx.d.writeWords(int64(account), list) {
		if _, err := tx.exec(ctx, s.query, s.args...); err != nil {
			return err
		}
	}
	return nil
}

// head is what a message is found by of its conversation.
type head struct {
	ID        parley.ConversationID `db:"id"`
	ContactID parley.ContactID      `db:"contact_id"`
	Subject   string                `db:"subject"`
}

// messageWords are the words that a message is found by: subject, people, text.
func messageWords(m *parley.Message, b parley.Body, h head) []string {
	set := newWordSet(maxIndexedWords)
	set.add(contactWord(h.ContactID))
	set.text(m.Subject)
	if m.Subject != h.Subject {
		set.text(h.Subject)
	}
	set.text(m.FromName)
	set.address(m.FromEmail)
	for _, l := range []parley.Addresses{m.To, m.Cc, m.Bcc} {
		for _, a := range l {
			set.text(a.Name)
			set.address(a.Email)
		}
	}
	for _, a := range m.Attachments {
		set.text(a.Filename)
	}
	set.text(b.Text[:min(len(b.Text), maxIndexedText)])
	return set.list
}

// ReindexConversation makes a conversation's newest 500 messages findable by its
// subject and contact as they are now.
func (tx *Tx) ReindexConversation(ctx context.Context, account parley.AccountID, id parley.ConversationID) error {
	var ids []parley.MessageID
	err := tx.list(ctx, &ids, `SELECT id FROM messages WHERE account_id = ? AND conversation_id = ? ORDER BY at DESC, id DESC LIMIT 500`, account, id)
	if err != nil {
		return err
	}
	return tx.index(ctx, account, ids)
}

// eachText calls fn with each message's words.
func (tx *Tx) eachText(ctx context.Context, account parley.AccountID, ids []parley.MessageID, fn func(parley.MessageID, []string)) error {
	messages, err := tx.ListMessagesByIDs(ctx, account, ids)
	if err != nil {
		return err
	}
	bodies, err := tx.ListBodies(ctx, account, ids, false)
	if err != nil {
		return err
	}
	conversations := map[parley.ConversationID]bool{}
	for _, m := range messages {
		conversations[m.ConversationID] = true
	}
	heads, err := tx.heads(ctx, account, sortedKeys(conversations))
	if err != nil {
		return err
	}
	for i := range messages {
		m := &messages[i]
		fn(m.ID, messageWords(m, bodies[m.ID], heads[m.ConversationID]))
	}
	return nil
}

func (tx *Tx) heads(ctx context.Context, account parley.AccountID, ids []parley.ConversationID) (map[parley.ConversationID]head, error) {
	var all []head
	err := tx.list(ctx, &all, `SELECT id, contact_id, subject FROM conversations WHERE account_id = ? AND `+tx.d.in("id"), account, tx.d.inArg(int64s(ids)))
	out := make(map[parley.ConversationID]head, len(all))
	for _, h := range all {
		out[h.ID] = h
	}
	return out, err
}

// messagesWithWords tells which of the messages have a term of each group.
func (tx *Tx) messagesWithWords(ctx context.Context, account parley.AccountID, ids []parley.MessageID, groups [][]term) (map[parley.MessageID]bool, error) {
	found := map[parley.MessageID]bool{}
	err := tx.eachText(ctx, account, ids, func(id parley.MessageID, words []string) {
		if hasTerms(words, groups) {
			found[id] = true
		}
	})
	return found, err
}

// hasTerms reports whether a term of each group is among the words.
func hasTerms(words []string, groups [][]term) bool {
	for _, g := range groups {
		in := func(w string) bool {
			return slices.ContainsFunc(g, func(t term) bool { return w == t.word || t.prefix && strings.HasPrefix(w, t.word) })
		}
		if !slices.ContainsFunc(words, in) {
			return false
		}
	}
	return true
}

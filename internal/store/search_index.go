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

// indexMessage makes m findable.
func (tx *Tx) indexMessage(ctx context.Context, m *parley.Message, b parley.Body) error {
	if m.ConversationID == 0 {
		return nil
	}
	var h head
	err := tx.get(ctx, &h, `SELECT id, contact_id, subject FROM conversations WHERE account_id = ? AND id = ?`, m.AccountID, m.ConversationID)
	if err != nil {
		return err
	}
	tag, list := accountTag(m.AccountID), messageWords(m, b, h)
	for i := range list {
		list[i] = tag + list[i]
	}
	query, args := tx.d.indexWords(int64(m.AccountID), int64(m.ID), list)
	_, err = tx.exec(ctx, query, args...)
	return err
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
	messages, bodies, err := tx.texts(ctx, account, ids)
	if err != nil {
		return err
	}
	if _, err := tx.exec(ctx, `DELETE FROM message_search WHERE `+tx.d.in(tx.d.searchKey()), tx.d.inArg(int64s(ids))); err != nil {
		return err
	}
	for i := range messages {
		if err := tx.indexMessage(ctx, &messages[i], bodies[messages[i].ID]); err != nil {
			return err
		}
	}
	return nil
}

// texts loads what messageWords reads.
func (tx *Tx) texts(ctx context.Context, account parley.AccountID, ids []parley.MessageID) ([]parley.Message, map[parley.MessageID]parley.Body, error) {
	messages, err := tx.ListMessagesByIDs(ctx, account, ids)
	if err != nil {
		return nil, nil, err
	}
	bodies, err := tx.ListBodies(ctx, account, ids, false)
	return messages, bodies, err
}

// messagesWithWords tells which of the messages have a term of each group.
func (tx *Tx) messagesWithWords(ctx context.Context, account parley.AccountID, ids []parley.MessageID, groups [][]term) (map[parley.MessageID]bool, error) {
	messages, bodies, err := tx.texts(ctx, account, ids)
	if err != nil {
		return nil, err
	}
	conversations := map[parley.ConversationID]bool{}
	for _, m := range messages {
		conversations[m.ConversationID] = true
	}
	var heads []head
	err = tx.list(ctx, &heads, `SELECT id, contact_id, subject FROM conversations WHERE account_id = ? AND `+tx.d.in("id"), account, tx.d.inArg(int64s(sortedKeys(conversations))))
	if err != nil {
		return nil, err
	}
	headOf := make(map[parley.ConversationID]head, len(heads))
	for _, h := range heads {
		headOf[h.ID] = h
	}
	found := map[parley.MessageID]bool{}
	for i := range messages {
		m := &messages[i]
		if hasTerms(messageWords(m, bodies[m.ID], headOf[m.ConversationID]), groups) {
			found[m.ID] = true
		}
	}
	return found, nil
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

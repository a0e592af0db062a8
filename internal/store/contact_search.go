package store

import (
	"context"
	"strings"

	"parley/internal/parley"
)

// maxWordContacts bounds how many contacts the longest word of a search is
// followed to before its other words are looked at.
const maxWordContacts = 5000

// SearchContacts gives the contacts whose name, company, addresses and numbers
// have words that begin as those of text do, the nearest first.
func (tx *Tx) SearchContacts(ctx context.Context, account parley.AccountID, text string, limit int) ([]parley.ContactID, error) {
	all := contactTerms(text)
	if len(all) == 0 {
		return nil, nil
	}
	longest := 0
	for i, w := range all {
		if len(w) > len(all[longest]) {
			longest = i
		}
	}
	args := []any{account, all[longest], after(all[longest]), maxWordContacts}
	var others strings.Builder
	for i, w := range all {
		if i != longest {
			others.WriteString(` AND EXISTS (SELECT 1 FROM contact_words o WHERE o.account_id = ? AND o.contact_id = w.contact_id AND o.word >= ? AND o.word < ?)`)
			args = append(args, account, w, after(w))
		}
	}
	var ids []parley.ContactID
	err := tx.list(ctx, &ids, `SELECT contact_id FROM (
			SELECT word, contact_id FROM contact_words WHERE account_id = ? AND word >= ? AND word < ? ORDER BY word, contact_id LIMIT ?) AS w
		WHERE TRUE`+others.String()+` GROUP BY contact_id ORDER BY MIN(word), contact_id LIMIT ?`, append(args, limit)...)
	return ids, err
}

func contactTerms(text string) []string {
	if p := phone(text); p != "" {
		return []string{p}
	}
	var out []string
	for _, t := range terms(text) {
		out = append(out, t.word)
	}
	return out
}

// contactsByWord gives contacts that one word of a search means.
func (tx *Tx) contactsByWord(ctx context.Context, account parley.AccountID, t term, limit int) ([]parley.ContactID, error) {
	var ids []parley.ContactID
	if !t.prefix {
		err := tx.list(ctx, &ids, `SELECT contact_id FROM contact_words WHERE account_id = ? AND word = ? ORDER BY contact_id DESC LIMIT ?`, account, t.word, limit)
		return ids, err
	}
	err := tx.list(ctx, &ids, `SELECT DISTINCT contact_id FROM (
			SELECT contact_id FROM contact_words WHERE account_id = ? AND word >= ? AND word < ? ORDER BY word, contact_id LIMIT ?) AS w LIMIT ?`,
		account, t.word, after(t.word), maxWordContacts, limit)
	return ids, err
}

// ListContacts gives contacts, the newest first, from before an id (0: all) on.
func (tx *Tx) ListContacts(ctx context.Context, account parley.AccountID, before parley.ContactID, limit int) ([]parley.Contact, error) {
	if before == 0 {
		before = 1<<63 - 1
	}
	var out []parley.Contact
	err := tx.list(ctx, &out, `SELECT `+contactColumns+` FROM contacts WHERE account_id = ? AND id < ? AND deleted_at IS NULL ORDER BY id DESC LIMIT ?`, account, before, limit)
	if err != nil {
		return nil, err
	}
	return out, tx.fillContacts(ctx, account, out)
}

package store

import (
	"context"
	"time"

	"parley/internal/parley"
)

const contactColumns = `id, account_id, name, company, job_title, about, owner_id, fields, blocked_at, blocked_by_id, blocked_why, created_at, updated_at, images_allowed`

// InsertContact writes c with its points and gives it its id. A point that is
// another contact's is left out: PointsOf tells whose it is.
func (tx *Tx) InsertContact(ctx context.Context, c *parley.Contact) error {
	err := tx.insertContact(ctx, c)
	if err != nil {
		return err
	}
	if c.Points, err = tx.insertPoints(ctx, c.AccountID, c.ID, c.Points); err != nil {
		return err
	}
	return tx.indexContact(ctx, c)
}

// InsertContactOnce is InsertContact for a contact of one point, or of none. Where
// somebody else has taken the point meanwhile it writes nothing, and says so: a
// contact that stood there for a moment and was deleted would have every message
// looked at for it.
func (tx *Tx) InsertContactOnce(ctx context.Context, c *parley.Contact) (bool, error) {
	wanted := len(c.Points)
	if err := tx.send(ctx, `SAVEPOINT contact`); err != nil {
		return false, err
	}
	if err := tx.InsertContact(ctx, c); err != nil {
		return false, err
	}
	if len(c.Points) < wanted {
		return false, tx.send(ctx, `ROLLBACK TO SAVEPOINT contact`)
	}
	return true, tx.send(ctx, `RELEASE SAVEPOINT contact`)
}

// InsertNewContact is InsertContact where nobody is expected to have a point of
// c: if somebody has, the transaction comes to nothing, with ErrTaken.
func (tx *Tx) InsertNewContact(ctx context.Context, c *parley.Contact) error {
	if err := tx.insertContact(ctx, c); err != nil {
		return err
	}
	for i, p := range c.Points {
		p.ContactID, p.Position = c.ID, i
		err := tx.send(ctx, `INSERT INTO contact_points (account_id, contact_id, kind, key, value, position, bounced_at, bounce_reason) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
			c.AccountID, p.ContactID, p.Kind, p.Key, p.Value, p.Position, p.BouncedAt, p.BounceReason)
		if err != nil {
			return err
		}
		c.Points[i] = p
	}
	return tx.indexContact(ctx, c)
}

func (tx *Tx) insertContact(ctx context.Context, c *parley.Contact) error {
	return insertRow(ctx, tx, &c.ID, "contacts", `INSERT INTO contacts (id, account_id, name, company, job_title, about, owner_id, fields, blocked_at, blocked_by_id, blocked_why, created_at, updated_at, images_allowed)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		c.AccountID, c.Name, c.Company, c.JobTitle, c.About, c.OwnerID, c.Fields, c.BlockedAt, c.BlockedByID, c.BlockedWhy, c.CreatedAt, c.UpdatedAt, c.Images)
}

// insertPoints writes points in order, position counting per kind, and returns those written.
func (tx *Tx) insertPoints(ctx context.Context, account parley.AccountID, id parley.ContactID, points []parley.Point) ([]parley.Point, error) {
	var out []parley.Point
	next := map[parley.PointKind]int{}
	for _, p := range points {
		p.ContactID, p.Position = id, next[p.Kind]
		n, err := tx.exec(ctx, `INSERT INTO contact_points (account_id, contact_id, kind, key, value, position, bounced_at, bounce_reason) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
			account, p.ContactID, p.Kind, p.Key, p.Value, p.Position, p.BouncedAt, p.BounceReason)
		if err != nil {
			return nil, err
		}
		if n == 1 {
			next[p.Kind]++
			out = append(out, p)
		}
	}
	return out, nil
}

// ContactByID finds a contact of the account, with its points.
func (tx *Tx) ContactByID(ctx context.Context, account parley.AccountID, id parley.ContactID) (parley.Contact, error) {
	return tx.contact(ctx, account, id, "")
}

// LockContact is ContactByID for a change.
func (tx *Tx) LockContact(ctx context.Context, account parley.AccountID, id parley.ContactID) (parley.Contact, error) {
	return tx.contact(ctx, account, id, tx.d.forUpdate())
}

func (tx *Tx) contact(ctx context.Context, account parley.AccountID, id parley.ContactID, lock string) (parley.Contact, error) {
	var c parley.Contact
	err := tx.get(ctx, &c, `SELECT `+contactColumns+` FROM contacts WHERE account_id = ? AND id = ? AND deleted_at IS NULL`+lock, account, id)
	if err != nil {
		return c, err
	}
	one := []parley.Contact{c}
	err = tx.fillContacts(ctx, account, one)
	return one[0], err
}

// ContactByPoint finds whose address or number key is.
func (tx *Tx) ContactByPoint(ctx context.Context, account parley.AccountID, kind parley.PointKind, key string) (parley.Contact, error) {
	var id parley.ContactID
	if err := tx.get(ctx, &id, `SELECT contact_id FROM contact_points WHERE account_id = ? AND kind = ? AND key = ?`, account, kind, key); err != nil {
		return parley.Contact{}, err
	}
	return tx.ContactByID(ctx, account, id)
}

// ListContactsByKeys finds whose addresses or numbers the keys are, by key. The
// contacts come with that point alone, and of it no more than whether it bounced.
func (tx *Tx) ListContactsByKeys(ctx context.Context, account parley.AccountID, kind parley.PointKind, keys []string) (map[string]parley.Contact, error) {
	out := map[string]parley.Contact{}
	if len(keys) == 0 {
		return out, nil
	}
	var rows []struct {
		Key       string     `db:"key"`
		BouncedAt *time.Time `db:"bounced_at"`
		parley.Contact
	}
	err := tx.list(ctx, &rows, `SELECT p.key, c.id, c.account_id, c.name, c.company, c.job_title, c.about, c.owner_id, c.fields, c.blocked_at, c.blocked_by_id, c.blocked_why, c.created_at, c.updated_at, c.images_allowed, p.bounced_at
		FROM contact_points p JOIN contacts c ON c.id = p.contact_id WHERE p.account_id = ? AND p.kind = ? AND `+tx.d.in("p.key")+` AND c.deleted_at IS NULL`,
		account, kind, tx.d.inArg(keys))
	for _, r := range rows {
		r.Contact.Points = []parley.Point{{ContactID: r.Contact.ID, Kind: kind, Key: r.Key, BouncedAt: r.BouncedAt}}
		out[r.Key] = r.Contact
	}
	return out, err
}

// ListContactsByIDs gives contacts with their points, in order of id.
func (tx *Tx) ListContactsByIDs(ctx context.Context, account parley.AccountID, ids []parley.ContactID) ([]parley.Contact, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	var out []parley.Contact
	err := tx.list(ctx, &out, `SELECT `+contactColumns+` FROM contacts WHERE account_id = ? AND `+tx.d.in("id")+` AND deleted_at IS NULL ORDER BY id`,
		account, tx.d.inArg(int64s(ids)))
	if err != nil {
		return nil, err
	}
	return out, tx.fillContacts(ctx, account, out)
}

// fillContacts loads the points of all of them in one query.
func (tx *Tx) fillContacts(ctx context.Context, account parley.AccountID, all []parley.Contact) error {
	if len(all) == 0 {
		return nil
	}
	at := make(map[parley.ContactID]int, len(all))
	ids := make([]parley.ContactID, len(all))
	for i, c := range all {
		at[c.ID], ids[i] = i, c.ID
	}
	var points []parley.Point
	err := tx.list(ctx, &points, `SELECT p.contact_id, p.kind, p.value, p.key, p.position, p.bounced_at, p.bounce_reason, o.at AS opted_out_at FROM contact_points p
		LEFT JOIN opt_outs o ON o.account_id = p.account_id AND o.phone = p.key AND p.kind = 'phone'
		WHERE p.account_id = ? AND `+tx.d.in("p.contact_id")+` ORDER BY p.contact_id, p.kind, p.position`, account, tx.d.inArg(int64s(ids)))
	for _, p := range points {
		c := &all[at[p.ContactID]]
		c.Points = append(c.Points, p)
	}
	return err
}

// UpdateContact writes everything of c but its points.
func (tx *Tx) UpdateContact(ctx context.Context, c *parley.Contact) error {
	err := tx.execOne(ctx, `UPDATE contacts SET name = ?, company = ?, job_title = ?, about = ?, owner_id = ?, fields = ?,
			blocked_at = ?, blocked_by_id = ?, blocked_why = ?, images_allowed = ?, updated_at = ? WHERE account_id = ? AND id = ?`,
		c.Name, c.Company, c.JobTitle, c.About, c.OwnerID, c.Fields, c.BlockedAt, c.BlockedByID, c.BlockedWhy, c.Images, c.UpdatedAt, c.AccountID, c.ID)
	if err != nil {
		return err
	}
	return tx.reindexContact(ctx, c)
}

// ReplacePoints makes points all that c has. Those that are another contact's are
// left out of what it returns and stay the other's.
func (tx *Tx) ReplacePoints(ctx context.Context, c *parley.Contact, points []parley.Point) error {
	_, err := tx.exec(ctx, `DELETE FROM contact_points WHERE account_id = ? AND contact_id = ?`, c.AccountID, c.ID)
	if err != nil {
		return err
	}
	if c.Points, err = tx.insertPoints(ctx, c.AccountID, c.ID, points); err != nil {
		return err
	}
	return tx.reindexContact(ctx, c)
}

// MarkPoint notes that mail to an address came back for good, or with a nil time
// that it works again. It gives whose address it is; ErrNoRow where it is nobody's,
// or stands so already.
func (tx *Tx) MarkPoint(ctx context.Context, account parley.AccountID, kind parley.PointKind, key string, bouncedAt *time.Time, reason parley.Reason) (parley.ContactID, error) {
	var id parley.ContactID
	err := tx.get(ctx, &id, `UPDATE contact_points SET bounced_at = ?, bounce_reason = ? WHERE account_id = ? AND kind = ? AND key = ? AND (bounced_at IS NULL) <> ?
		RETURNING contact_id`, bouncedAt, reason, account, kind, key, bouncedAt == nil)
	return id, err
}

// maxContactWords bounds the words that a contact is found by.
const maxContactWords = 200

// reindexContact writes the words that c is found by in place of those that were.
func (tx *Tx) reindexContact(ctx context.Context, c *parley.Contact) error {
	if err := tx.send(ctx, `DELETE FROM contact_words WHERE account_id = ? AND contact_id = ?`, c.AccountID, c.ID); err != nil {
		return err
	}
	return tx.indexContact(ctx, c)
}

func (tx *Tx) indexContact(ctx context.Context, c *parley.Contact) error {
	words := contactWords(c)
	if len(words) == 0 {
		return nil
	}
	return tx.send(ctx, `INSERT INTO contact_words (account_id, contact_id, word) SELECT CAST(? AS BIGINT), CAST(? AS BIGINT), value FROM `+tx.d.each()+` WHERE TRUE ON CONFLICT DO NOTHING`,
		c.AccountID, c.ID, tx.d.inArg(words))
}

// contactWords are the words that c is found by.
func contactWords(c *parley.Contact) []string {
	set := newWordSet("", maxContactWords)
	for _, p := range c.Points {
		switch p.Kind {
		case parley.PointEmail:
			addAddress(set, p.Key)
		case parley.PointPhone:
			set.add([]byte(digits(p.Key)))
			set.add([]byte(digits(p.Value)))
		}
	}
	addText(set, c.Name)
	addText(set, c.Company)
	return set.list
}

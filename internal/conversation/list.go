package conversation

import (
	"context"
	"encoding/base64"
	"encoding/binary"
	"slices"
	"strings"
	"time"

	"parley/internal/parley"
	"parley/internal/sms"
	"parley/internal/store"
)

// Views are the built-in lists.
var Views = []parley.View{
	parley.MyUnread, parley.MyOpen, parley.Unassigned, parley.AllOpen, parley.ViewFailed, parley.ViewClosed, parley.ViewSpam,
	parley.ViewDrafts, parley.ViewScheduled, parley.ViewMentions,
}

const (
	maxLimit = 100
	maxQuery = 300 // bytes
)

// Filter says which conversations to list, in which order.
type Filter struct {
	View       parley.View // empty: all but spam, trash and others' drafts
	InboxID    parley.InboxID
	ChannelID  parley.ChannelID
	AssigneeID parley.UserID
	ContactID  parley.ContactID
	IDs        []parley.ConversationID // if not nil: only those of these that the rest asks for
	Sort       parley.Sort             // empty: newest
	Query      string                  // words, an address or #number; then the newest match comes first
	Limit      int                     // 1 to 100
	Cursor     string                  // of the page before; empty: the first page
}

// Page is a page of a list. NextCursor is empty at the end. A page of a search
// may be short, even empty, before the end.
type Page struct {
	Rows       []Row
	NextCursor string
}

// List gives a page of the conversations that the actor may see.
func (s *Service) List(ctx context.Context, actor parley.Actor, f Filter) (Page, error) {
	if err := actor.Must(parley.Read, f.InboxID); err != nil {
		return Page{}, err
	}
	q, err := f.query()
	if err != nil {
		return Page{}, err
	}
	var p Page
	err = s.db.View(ctx, func(tx *store.Tx) error {
		if strings.TrimSpace(f.Query) != "" {
			p, err = search(ctx, tx, actor, q, f)
		} else {
			p, err = list(ctx, tx, actor, q, f)
		}
		return err
	})
	return p, fault("list conversations", err)
}

func (f Filter) query() (store.ListQuery, error) {
	var faults parley.Faults
	if f.View != "" && !slices.Contains(Views, f.View) {
		faults.Add(parley.Errorf(parley.Invalid, "view.unknown", "There is no such view.").On("view"))
	}
	switch f.Sort {
	case parley.Newest, parley.Added, parley.Waiting:
	case "":
		f.Sort = parley.Newest
	default:
		faults.Add(parley.Errorf(parley.Invalid, "sort.unknown", "Sort by newest, added or waiting.").On("sort"))
	}
	if len(f.Query) > maxQuery {
		faults.Add(parley.Errorf(parley.Invalid, "search.too_long", "Search for less: at most %d bytes.", maxQuery).On("q"))
	}
	if len(f.IDs) > maxLimit {
		faults.Add(parley.Errorf(parley.Invalid, "ids.too_many", "At most %d ids.", maxLimit).On("ids"))
	}
	if f.Limit < 1 || f.Limit > maxLimit {
		faults.Add(parley.Errorf(parley.Invalid, "limit.invalid", "From 1 to %d.", maxLimit).On("limit"))
	}
	return store.ListQuery{
		View: f.View, InboxID: f.InboxID, ChannelID: f.ChannelID, AssigneeID: f.AssigneeID, ContactID: f.ContactID,
		IDs: f.IDs, Sort: f.Sort, Limit: f.Limit,
	}, faults.Err()
}

func list(ctx context.Context, tx *store.Tx, actor parley.Actor, q store.ListQuery, f Filter) (Page, error) {
	if f.Cursor != "" {
		at, id, err := readCursor(f.Cursor, cursorKind(q.Sort))
		if err != nil {
			return Page{}, err
		}
		q.After = &store.ListKey{At: at, ID: parley.ConversationID(id)}
	}
	q.Limit++ // one more tells whether there is more
	ids, err := tx.ListConversationIDs(ctx, actor, q)
	if err != nil {
		return Page{}, err
	}
	more := len(ids) > f.Limit
	rows, err := tx.ListConversationRows(ctx, actor.AccountID, actor.UserID, ids[:min(len(ids), f.Limit)])
	if err == nil {
		err = tx.FillRows(ctx, actor, q.View, rows)
	}
	p := Page{Rows: rows}
	if more && err == nil {
		last := rows[len(rows)-1]
		p.NextCursor = writeCursor(cursorKind(q.Sort), sortTime(last.Conversation, q.Sort), int64(last.ID))
	}
	return p, err
}

func sortTime(c parley.Conversation, s parley.Sort) time.Time {
	switch s {
	case parley.Newest:
		return c.LastMessageAt
	case parley.Waiting:
		return c.WaitingKey
	}
	return time.Time{}
}

func search(ctx context.Context, tx *store.Tx, actor parley.Actor, q store.ListQuery, f Filter) (Page, error) {
	var before parley.MessageID
	if f.Cursor != "" {
		_, id, err := readCursor(f.Cursor, 's')
		if err != nil {
			return Page{}, err
		}
		before = parley.MessageID(id)
	}
	account, err := tx.AccountByID(ctx, actor.AccountID)
	if err != nil {
		return Page{}, err
	}
	found, err := tx.SearchConversations(ctx, actor, q, sms.Searched(f.Query, account.Region), before)
	if err != nil {
		return Page{}, err
	}
	var p Page
	if found.Before != 0 {
		p.NextCursor = writeCursor('s', time.Time{}, int64(found.Before))
	}
	p.Rows, err = tx.ListConversationRows(ctx, actor.AccountID, actor.UserID, found.IDs)
	if err != nil {
		return p, err
	}
	return p, tx.FillRows(ctx, actor, q.View, p.Rows)
}

// Count is how many conversations a view has, exact up to 1000.
type Count struct {
	View   parley.View
	N      int
	Capped bool // there are more than N
}

// Counts counts every view, within one inbox (0: all that the actor may see).
func (s *Service) Counts(ctx context.Context, actor parley.Actor, inbox parley.InboxID) ([]Count, error) {
	if err := actor.Must(parley.Read, inbox); err != nil {
		return nil, err
	}
	out := make([]Count, len(Views))
	err := s.db.View(ctx, func(tx *store.Tx) error {
		n, err := tx.CountViews(ctx, actor, inbox, Views)
		for i, v := range Views {
			out[i] = Count{View: v, N: min(n[v], 1000), Capped: n[v] > 1000}
		}
		return err
	})
	return out, fault("count conversations", err)
}

// A cursor is a place in one kind of list: a letter for the kind, a time and an
// id. It holds nothing that its reader may not know, so it is not signed.

func cursorKind(s parley.Sort) byte { return s[0] }

func writeCursor(kind byte, at time.Time, id int64) string {
	b := []byte{kind}
	b = binary.BigEndian.AppendUint64(b, uint64(at.UnixMicro()))
	b = binary.BigEndian.AppendUint64(b, uint64(id))
	return base64.RawURLEncoding.EncodeToString(b)
}

func readCursor(s string, kind byte) (time.Time, int64, error) {
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil || len(b) != 17 || b[0] != kind {
		return time.Time{}, 0, parley.Errorf(parley.Invalid, "cursor.invalid", "This cursor is not one that this list gave out. Begin without one.").On("cursor")
	}
	at := time.UnixMicro(int64(binary.BigEndian.Uint64(b[1:]))).UTC()
	return at, int64(binary.BigEndian.Uint64(b[9:])), nil
}

package store

import (
	"context"
	"slices"
	"strings"
	"time"

	"parley/internal/parley"
)

// maxBranches is how many inboxes a list reads one by one, each in its own index
// order. Who sees more of them, but not all, reads the account's index and skips.
const maxBranches = 40

// countLimit is how far the counters of views count.
const countLimit = 1000

// ListQuery says which conversations to list, and in which order.
type ListQuery struct {
	View       parley.View // empty: all but spam, trash, merged ones and others' drafts
	InboxID    parley.InboxID
	ChannelID  parley.ChannelID
	AssigneeID parley.UserID
	ContactID  parley.ContactID
	IDs        []parley.ConversationID // if not nil: only these
	Sort       parley.Sort
	After      *ListKey
	Limit      int
}

// ListKey is a place in a list: what follows it comes next. At is the time that
// the list is sorted by; the order of being added needs the ID alone.
type ListKey struct {
	At time.Time
	ID parley.ConversationID
}

// order is one sort: its column, and its text.
type order struct{ column, by, after string }

var orders = map[parley.Sort]order{
	parley.Newest:  {"last_message_at", "last_message_at DESC, id DESC", "(last_message_at, id) < (?, ?)"},
	parley.Added:   {"id", "id DESC", "id < ?"},
	parley.Waiting: {"waiting_key", "waiting_key, id", "(waiting_key, id) > (?, ?)"},
}

// start is the key before all others.
func (s order) start() ListKey {
	if s.column == "waiting_key" {
		return ListKey{}
	}
	return ListKey{At: parley.NotWaiting, ID: 1<<63 - 1}
}

func (s order) args(k ListKey) []any {
	if s.column == "id" {
		return []any{int64(k.ID)}
	}
	return []any{k.At, int64(k.ID)}
}

// condition is a WHERE clause on conversations.
type condition struct {
	hint string // which index to read, where the planner must be told
	text string
	args []any
}

func (c condition) and(text string, args ...any) condition {
	return condition{c.hint, c.text + " AND " + text, append(slices.Clip(c.args), args...)}
}

// from is the condition with its table.
func (c condition) from() string { return `FROM conversations` + c.hint + ` WHERE ` + c.text }

// ListConversationIDs gives the ids of the conversations of a query that the
// actor may see, in order, at most q.Limit.
func (tx *Tx) ListConversationIDs(ctx context.Context, actor parley.Actor, q ListQuery) ([]parley.ConversationID, error) {
	if q.IDs != nil && len(q.IDs) == 0 || blind(actor) {
		return nil, nil
	}
	sort := orders[q.Sort]
	after := sort.start()
	if q.After != nil {
		after = *q.After
	}
	branches := tx.branches(actor, q)
	for i := range branches {
		branches[i] = branches[i].and(sort.after, sort.args(after)...)
	}
	var ids []parley.ConversationID
	query, args := page(branches, sort, q.Limit)
	err := tx.list(ctx, &ids, query, args...)
	return ids, err
}

func (tx *Tx) countQuery(actor parley.Actor, inbox parley.InboxID, views []parley.View) (query string, args []any) {
	var parts []string
	for _, v := range views {
		branches := tx.branches(actor, ListQuery{View: v, InboxID: inbox, Sort: parley.Added})
		rows := make([]string, len(branches))
		for i, b := range branches {
			rows[i] = `SELECT one FROM (SELECT 1 AS one ` + b.from() + ` LIMIT ?) AS branch`
			args = append(append(args, b.args...), countLimit+1)
		}
		args = append(args, countLimit+1)
		parts = append(parts, `SELECT '`+string(v)+`' AS view, COUNT(*) AS n FROM (`+strings.Join(rows, ` UNION ALL `)+` LIMIT ?) AS counted`)
	}
	return strings.Join(parts, ` UNION ALL `), args
}

// blind reports whether an actor sees no inbox at all.
func blind(actor parley.Actor) bool { return !actor.AllInboxes && len(actor.Inboxes) == 0 }

// page is the query for the first rows of all branches together. Each branch is
// read in the order of an index and no further than the page.
func page(branches []condition, sort order, limit int) (query string, args []any) {
	if len(branches) == 1 {
		b := branches[0]
		return `SELECT id ` + b.from() + ` ORDER BY ` + sort.by + ` LIMIT ?`, append(b.args, limit)
	}
	columns := "id"
	if sort.column != "id" {
		columns += ", " + sort.column
	}
	parts := make([]string, len(branches))
	for i, b := range branches {
		parts[i] = `SELECT * FROM (SELECT ` + columns + ` ` + b.from() + ` ORDER BY ` + sort.by + ` LIMIT ?) AS branch`
		args = append(append(args, b.args...), limit)
	}
	return `SELECT id FROM (` + strings.Join(parts, ` UNION ALL `) + `) AS page ORDER BY ` + sort.by + ` LIMIT ?`, append(args, limit)
}

// CountViews counts the views within an inbox (0: all that the actor may see), each no further than 1001.
func (tx *Tx) CountViews(ctx context.Context, actor parley.Actor, inbox parley.InboxID, views []parley.View) (map[parley.View]int, error) {
	if blind(actor) {
		return map[parley.View]int{}, nil
	}
	query, args := tx.countQuery(actor, inbox, views)
	var counts []struct {
		View parley.View `db:"view"`
		N    int         `db:"n"`
	}
	if err := tx.list(ctx, &counts, query, args...); err != nil {
		return nil, err
	}
	out := make(map[parley.View]int, len(counts))
	for _, c := range counts {
		out[c.View] = c.N
	}
	return out, nil
}

// branches are the conditions that make a query together, so that each of them
// has one index that matches its filter and order.
func (tx *Tx) branches(actor parley.Actor, q ListQuery) []condition {
	var out []condition
	for _, v := range tx.viewConditions(actor, q) {
		out = append(out, tx.inVisible(actor, q, tx.filter(v, q))...)
	}
	return out
}

// folders are written out, not bound: partial indexes are chosen by them.
const (
	isOpen    = `folder = 'open'`
	isMine    = isOpen + ` AND assignee_id = ?`
	isAnyones = isOpen + ` AND assignee_id IS NULL`
)

func (tx *Tx) viewConditions(actor parley.Actor, q ListQuery) []condition {
	of := func(text string, args ...any) condition {
		return condition{text: `account_id = ?`, args: []any{actor.AccountID}}.and(text, args...)
	}
	switch q.View {
	case parley.MyUnread:
		return []condition{of(isMine+` AND assignee_unread`, actor.UserID)}
	case parley.MyOpen:
		return []condition{of(isMine, actor.UserID)}
	case parley.Unassigned:
		return []condition{of(isAnyones)}
	case parley.AllOpen:
		return []condition{of(isOpen)}
	case parley.ViewFailed:
		return []condition{of(`failed_count > 0 AND folder IN ('open', 'snoozed', 'closed')`)}
	case parley.ViewClosed:
		return []condition{of(`folder = 'closed'`)}
	case parley.ViewSpam:
		return []condition{of(`folder = 'spam'`)}
	case parley.ViewDrafts, parley.ViewScheduled, parley.ViewMentions:
		return []condition{tx.fewCondition(actor, q.View)}
	}
	if narrow(q) {
		return []condition{of(`(folder IN ('open', 'snoozed', 'closed') OR (folder = 'draft' AND creator_id = ?))`, actor.UserID)}
	}
	return []condition{of(isOpen), of(`folder = 'closed'`), of(`folder = 'snoozed'`), of(`folder = 'draft' AND creator_id = ?`, actor.UserID)}
}

// narrow reports whether a filter leaves so few rows that their other columns
// are best looked at one by one.
func narrow(q ListQuery) bool { return q.IDs != nil || q.ContactID != 0 || few(q.View) }

func (tx *Tx) filter(c condition, q ListQuery) condition {
	if q.IDs != nil {
		c = c.and(tx.d.in("id"), tx.d.inArg(int64s(q.IDs)))
	}
	if q.ChannelID != 0 {
		c = c.and(`channel_id = ?`, q.ChannelID)
	}
	if q.AssigneeID != 0 {
		c = c.and(`assignee_id = ?`, q.AssigneeID)
	}
	if q.ContactID != 0 {
		c = c.and(`contact_id = ?`, q.ContactID)
	}
	return c
}

// inVisible narrows c to the inboxes that the query asks for and the actor may see.
func (tx *Tx) inVisible(actor parley.Actor, q ListQuery, c condition) []condition {
	switch {
	case q.InboxID != 0 && !actor.Sees(q.InboxID):
		return []condition{c.and(`FALSE`)}
	case q.InboxID != 0:
		return []condition{tx.inInbox(q, c, q.InboxID)}
	case actor.AllInboxes:
		return []condition{tx.hinted(q, c, "")}
	case len(actor.Inboxes) > maxBranches || narrow(q) || q.AssigneeID != 0 || q.View == parley.MyUnread || q.View == parley.MyOpen || q.View == parley.ViewFailed:
		return []condition{tx.hinted(q, c.and(tx.d.in("inbox_id"), tx.d.inArg(int64s(actor.Inboxes))), "")}
	}
	out := make([]condition, 0, maxBranches)
	for _, inbox := range actor.Inboxes {
		out = append(out, tx.inInbox(q, c, inbox))
	}
	// A few lengths only, so that the statements stay prepared.
	for len(out)&(len(out)-1) != 0 {
		out = append(out, tx.inInbox(q, c, -1))
	}
	return out
}

func (tx *Tx) inInbox(q ListQuery, c condition, inbox parley.InboxID) condition {
	return tx.hinted(q, c.and(`inbox_id = ?`, int64(inbox)), "inbox_")
}

// hinted tells the planner of SQLite to read what is rare from its partial
// index: it would rather read all open conversations of a user or an inbox.
func (tx *Tx) hinted(q ListQuery, c condition, scope string) condition {
	if narrow(q) {
		return c
	}
	switch q.View {
	case parley.MyUnread:
		c.hint = tx.d.indexedBy("conversations_unread_" + string(q.Sort))
	case parley.Unassigned:
		c.hint = tx.d.indexedBy("conversations_" + scope + "unassigned_" + string(q.Sort))
	case parley.ViewFailed:
		c.hint = tx.d.indexedBy("conversations_failed_" + string(q.Sort))
	}
	return c
}

// ConversationRow is a conversation with what a row of a list shows beside it.
type ConversationRow struct {
	parley.Conversation
	ContactName    string `db:"contact_name"`
	ContactBlocked bool   `db:"contact_blocked"`
	ContactEmail   string `db:"contact_email"`
	ContactPhone   string `db:"contact_phone"`
	ChannelType    string `db:"channel_type"`
	Unread         bool   `db:"unread"`           // by the one who asks
	FollowUpNumber int64  `db:"follow_up_number"` // of FollowUpOfID
	Trouble        string `db:"trouble"`          // of FailedCount the newest: its delivery

	DraftPreview *string    `db:"-"` // in the Drafts view: the first words of what the one who asks has begun
	ScheduledAt  *time.Time `db:"-"` // in the Scheduled view: when its first message is due
}

var rowColumns = "c." + strings.Join(strings.FieldsFunc(conversationColumns, func(r rune) bool {
	return strings.ContainsRune(", \n\t", r)
}), ", c.")

// ListConversationRows gives the rows of these ids, in their order, as user sees
// them. Who may see them was decided where the ids came from.
func (tx *Tx) ListConversationRows(ctx context.Context, account parley.AccountID, user parley.UserID, ids []parley.ConversationID) ([]ConversationRow, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	var rows []ConversationRow
	err := tx.list(ctx, &rows, tx.rowsQuery(), int64(user), account, tx.d.inArg(int64s(ids)))
	if err != nil {
		return nil, err
	}
	byID := make(map[parley.ConversationID]ConversationRow, len(rows))
	for _, r := range rows {
		byID[r.ID] = r
	}
	rows = rows[:0]
	for _, id := range ids {
		if r, ok := byID[id]; ok {
			rows = append(rows, r)
		}
	}
	return rows, nil
}

func (tx *Tx) rowsQuery() string {
	return `SELECT ` + rowColumns + `, p.name AS contact_name, p.blocked_at IS NOT NULL AS contact_blocked,
			COALESCE(e.value, '') AS contact_email, COALESCE(n.value, '') AS contact_phone, ch.type AS channel_type,
			(c.status <> 'closed' AND c.unread_seq > COALESCE(r.seq, 0)) AS unread, COALESCE(f.number, 0) AS follow_up_number,
			CASE WHEN c.failed_count = 0 THEN '' ELSE COALESCE((SELECT m.delivery FROM messages m
				WHERE m.account_id = c.account_id AND m.conversation_id = c.id AND m.delivery IN ('failed', 'bounced', 'uncertain')
				ORDER BY m.at DESC, m.id DESC LIMIT 1), '') END AS trouble
		FROM conversations c
		JOIN contacts p ON p.id = c.contact_id
		JOIN channels ch ON ch.id = c.channel_id
		LEFT JOIN contact_points e ON e.account_id = c.account_id AND e.contact_id = c.contact_id AND e.kind = 'email' AND e.position = 0
		LEFT JOIN contact_points n ON n.account_id = c.account_id AND n.contact_id = c.contact_id AND n.kind = 'phone' AND n.position = 0
		LEFT JOIN read_cursors r ON r.account_id = c.account_id AND r.conversation_id = c.id AND r.user_id = ?
		LEFT JOIN conversations f ON f.id = c.follow_up_of_id
		WHERE c.account_id = ? AND ` + tx.d.in("c.id")
}

package setting

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"parley/internal/parley"
	"parley/internal/store"
)

// colors are the names that the browser has tokens for.
var colors = []string{"indigo", "green", "orange", "pink", "blue", "teal", "red", "grey"}

var assigneeRules = []parley.AssigneeRule{
	parley.AssignNobody, parley.AssignNamed, parley.AssignOwner, parley.AssignRoundRobin, parley.AssignLeastBusy,
}

// Inbox is an inbox with the users who were given it by name; who sees all
// inboxes sees it too.
type Inbox struct {
	parley.Inbox
	MemberIDs []parley.UserID
}

// InboxChange says how an inbox is to be; nil leaves it, or takes the default of a new one.
type InboxChange struct {
	Name              *string
	Color             *string
	AssigneeRule      *parley.AssigneeRule
	DefaultAssigneeID *parley.UserID // of AssignNamed; 0: none
	AssignOnReply     *bool
	MemberIDs         *[]parley.UserID
}

// Inboxes lists the inboxes that the actor may see, from after an id on, and
// the id to go on from; 0 at the end.
func (s *Service) Inboxes(ctx context.Context, actor parley.Actor, after parley.InboxID, limit int) ([]Inbox, parley.InboxID, error) {
	if err := actor.Must(parley.Read, 0); err != nil {
		return nil, 0, err
	}
	var out []Inbox
	err := s.DB.View(ctx, func(tx *store.Tx) error {
		rows, err := tx.ListInboxes(ctx, actor, after, limit+1)
		if err != nil {
			return err
		}
		out, err = withMembers(ctx, tx, actor.AccountID, rows...)
		return err
	})
	out, next := page(out, limit, func(i Inbox) parley.InboxID { return i.ID })
	return out, next, err
}

// Inbox is one that the actor may see; an archived one too, for its closed conversations.
func (s *Service) Inbox(ctx context.Context, actor parley.Actor, id parley.InboxID) (Inbox, error) {
	if err := actor.Must(parley.Read, id); err != nil {
		return Inbox{}, err
	}
	var out Inbox
	err := s.DB.View(ctx, func(tx *store.Tx) (err error) {
		out, err = inbox(ctx, tx, actor.AccountID, id)
		return err
	})
	return out, err
}

func inbox(ctx context.Context, tx *store.Tx, account parley.AccountID, id parley.InboxID) (Inbox, error) {
	row, err := tx.InboxByID(ctx, account, id)
	if err != nil {
		return Inbox{}, orGone(err)
	}
	all, err := withMembers(ctx, tx, account, row)
	if err != nil {
		return Inbox{}, err
	}
	return all[0], nil
}

func withMembers(ctx context.Context, tx *store.Tx, account parley.AccountID, rows ...parley.Inbox) ([]Inbox, error) {
	ids := make([]parley.InboxID, len(rows))
	for i, r := range rows {
		ids[i] = r.ID
	}
	members, err := tx.ListInboxMembers(ctx, account, ids...)
	if err != nil {
		return nil, err
	}
	out := make([]Inbox, len(rows))
	for i, r := range rows {
		out[i] = Inbox{Inbox: r, MemberIDs: members[r.ID]}
	}
	return out, nil
}

// CreateInbox makes an inbox. A maker who does not see all inboxes becomes a member.
func (s *Service) CreateInbox(ctx context.Context, actor parley.Actor, c InboxChange) (Inbox, error) {
	if err := actor.Must(parley.Settings, 0); err != nil {
		return Inbox{}, err
	}
	if c.Name == nil {
		c.Name = new("")
	}
	if err := c.check(); err != nil {
		return Inbox{}, err
	}
	var out Inbox
	err := s.DB.Update(ctx, func(tx *store.Tx) error {
		id, err := store.Once(ctx, tx, actor, func() (parley.InboxID, error) { return s.insertInbox(ctx, tx, actor, c) })
		if err != nil {
			return err
		}
		out, err = inbox(ctx, tx, actor.AccountID, id)
		return err
	})
	return out, err
}

func (s *Service) insertInbox(ctx context.Context, tx *store.Tx, actor parley.Actor, c InboxChange) (parley.InboxID, error) {
	i := c.apply(parley.Inbox{AccountID: actor.AccountID, Color: colors[0], AssigneeRule: parley.AssignNobody, AssignOnReply: true, CreatedAt: tx.Now()})
	members := []parley.UserID{}
	if c.MemberIDs != nil {
		members = slices.Clone(*c.MemberIDs)
	}
	if !actor.AllInboxes && actor.UserID != 0 {
		members = append(members, actor.UserID)
	}
	if err := tx.InsertInbox(ctx, &i); err != nil {
		return 0, nameTaken(err)
	}
	if err := setMembers(ctx, tx, i, members); err != nil {
		return 0, err
	}
	if err := checkNamed(ctx, tx, i); err != nil {
		return 0, err
	}
	inboxChanged(tx, actor, i.ID)
	return i.ID, nil
}

// UpdateInbox changes an inbox. Who is no longer a member gives their open
// conversations in it back.
func (s *Service) UpdateInbox(ctx context.Context, actor parley.Actor, id parley.InboxID, c InboxChange) (Inbox, error) {
	if err := actor.Must(parley.Settings, id); err != nil {
		return Inbox{}, err
	}
	if err := c.check(); err != nil {
		return Inbox{}, err
	}
	var out Inbox
	err := s.DB.Update(ctx, func(tx *store.Tx) error {
		if err := s.updateInbox(ctx, tx, actor, id, c); err != nil {
			return err
		}
		var err error
		out, err = inbox(ctx, tx, actor.AccountID, id)
		return err
	})
	return out, err
}

func (s *Service) updateInbox(ctx context.Context, tx *store.Tx, actor parley.Actor, id parley.InboxID, c InboxChange) error {
	was, err := tx.LockInbox(ctx, actor.AccountID, id)
	if err != nil {
		return orGone(err)
	}
	if was.ArchivedAt != nil {
		return gone()
	}
	now := c.apply(was)
	if err := tx.UpdateInbox(ctx, now); err != nil {
		return nameTaken(err)
	}
	var left []parley.UserID
	if c.MemberIDs != nil {
		members, err := tx.ListInboxMembers(ctx, actor.AccountID, id)
		if err != nil {
			return err
		}
		left = slices.DeleteFunc(members[id], func(u parley.UserID) bool { return slices.Contains(*c.MemberIDs, u) })
		if err := setMembers(ctx, tx, now, *c.MemberIDs); err != nil {
			return err
		}
	}
	if c.assigns() {
		if err := checkNamed(ctx, tx, now); err != nil {
			return err
		}
	}
	inboxChanged(tx, actor, id)
	return s.handOver(ctx, tx, actor, left)
}

func (s *Service) handOver(ctx context.Context, tx *store.Tx, actor parley.Actor, users []parley.UserID) error {
	if s.HandOver == nil {
		return nil
	}
	for _, u := range users {
		if err := s.HandOver(ctx, tx, actor, u); err != nil {
			return fmt.Errorf("hand over conversations: %w", err)
		}
	}
	return nil
}

// ArchiveInbox puts an inbox away, unless it is still in use.
func (s *Service) ArchiveInbox(ctx context.Context, actor parley.Actor, id parley.InboxID) error {
	if err := actor.Must(parley.Settings, id); err != nil {
		return err
	}
	return s.DB.Update(ctx, func(tx *store.Tx) error {
		i, err := tx.LockInbox(ctx, actor.AccountID, id) // who routes a channel here locks it too
		if err != nil {
			return orGone(err)
		}
		if i.ArchivedAt != nil {
			return gone()
		}
		channels, conversations, err := tx.InboxUse(ctx, actor.AccountID, id)
		if err != nil {
			return err
		}
		if channels || conversations {
			return parley.Errorf(parley.Conflict, "inbox.in_use", "This inbox is in use: %s. Then archive it.", stillInUse(channels, conversations)).
				With("channels", fmt.Sprint(channels)).With("conversations", fmt.Sprint(conversations))
		}
		i.ArchivedAt = new(tx.Now())
		inboxChanged(tx, actor, id)
		return tx.UpdateInbox(ctx, i)
	})
}

func stillInUse(channels, conversations bool) string {
	switch {
	case channels && conversations:
		return "route its channels to another inbox, and close or move its open conversations"
	case channels:
		return "route its channels to another inbox"
	}
	return "close or move its open conversations"
}

// check collects what is wrong with the input alone.
func (c *InboxChange) check() error {
	var faults parley.Faults
	if c.Name != nil {
		c.Name = new(line(&faults, "name", *c.Name))
	}
	if c.Color != nil && !slices.Contains(colors, *c.Color) {
		faults.Add(parley.Errorf(parley.Invalid, "inbox.color", "Choose one of the eight colours.").On("color"))
	}
	if c.AssigneeRule != nil && !slices.Contains(assigneeRules, *c.AssigneeRule) {
		faults.Add(parley.Errorf(parley.Invalid, "inbox.assignee_rule", "Choose who gets new conversations: nobody, a user, the contact's owner, each in turn, or the least busy.").On("assignee_rule"))
	}
	if c.MemberIDs != nil {
		c.MemberIDs = new(unique(*c.MemberIDs))
	}
	return faults.Err()
}

// assigns reports whether the change touches who gets new conversations.
func (c InboxChange) assigns() bool {
	return c.AssigneeRule != nil || c.DefaultAssigneeID != nil || c.MemberIDs != nil
}

func (c InboxChange) apply(i parley.Inbox) parley.Inbox {
	if c.Name != nil {
		i.Name = *c.Name
	}
	if c.Color != nil {
		i.Color = *c.Color
	}
	if c.AssigneeRule != nil {
		i.AssigneeRule = *c.AssigneeRule
	}
	if c.DefaultAssigneeID != nil {
		i.DefaultAssigneeID = *c.DefaultAssigneeID
	}
	if i.AssigneeRule != parley.AssignNamed {
		i.DefaultAssigneeID = 0
	}
	if c.AssignOnReply != nil {
		i.AssignOnReply = *c.AssignOnReply
	}
	return i
}

// checkNamed: an inbox whose rule names a user needs one who can take its conversations.
func checkNamed(ctx context.Context, tx *store.Tx, i parley.Inbox) error {
	if i.AssigneeRule != parley.AssignNamed {
		return nil
	}
	if i.DefaultAssigneeID == 0 {
		return parley.Errorf(parley.Invalid, "inbox.assignee_missing", "Choose the user who gets new conversations.").On("default_assignee_id")
	}
	if known, err := tx.ListKnownUsers(ctx, i.AccountID, []parley.UserID{i.DefaultAssigneeID}); err != nil || len(known) == 0 {
		return orFault(err, gone().On("default_assignee_id"))
	}
	if ok, err := tx.Assignable(ctx, i.AccountID, i.ID, i.DefaultAssigneeID); err != nil || !ok {
		return orFault(err, parley.Errorf(parley.Invalid, "inbox.assignee_unfit", "This user cannot get conversations of this inbox: they must be active, see the inbox and be allowed to answer.").On("default_assignee_id"))
	}
	return nil
}

// orFault is err, else the fault.
func orFault(err error, fault *parley.Error) error {
	if err != nil {
		return err
	}
	return fault
}

func setMembers(ctx context.Context, tx *store.Tx, i parley.Inbox, members []parley.UserID) error {
	known, err := tx.ListKnownUsers(ctx, i.AccountID, members)
	if err != nil {
		return err
	}
	for n, id := range members {
		if !slices.Contains(known, id) {
			return gone().On(fmt.Sprintf("member_ids[%d]", n))
		}
	}
	return tx.SetInboxMembers(ctx, i.AccountID, i.ID, members)
}

func nameTaken(err error) error {
	if errors.Is(err, store.ErrTaken) {
		return parley.Errorf(parley.Conflict, "inbox.name_taken", "Another inbox has this name. Choose another one.").On("name")
	}
	return err
}

func inboxChanged(tx *store.Tx, actor parley.Actor, id parley.InboxID) {
	tx.AppendEvent(&parley.Event{AccountID: actor.AccountID, Kind: parley.InboxChanged, ActorID: actor.UserID, InboxID: id})
}

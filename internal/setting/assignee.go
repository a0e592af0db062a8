package setting

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"parley/internal/parley"
	"parley/internal/store"
)

// AssigneeTx says who gets a new conversation of an inbox (SPEC §4): only an
// active user who sees the inbox and may answer, or nobody (0). What the rules
// "each in turn" and "least busy" choose is remembered in the same transaction.
func (s *Service) AssigneeTx(ctx context.Context, tx *store.Tx, account parley.AccountID, inbox parley.InboxID, contact parley.ContactID) (parley.UserID, error) {
	i, err := tx.InboxByID(ctx, account, inbox)
	if err != nil {
		return 0, fmt.Errorf("default assignee: %w", orGone(err))
	}
	return s.AssigneeOfTx(ctx, tx, i, contact)
}

// AssigneeOfTx is AssigneeTx for an inbox that the caller has loaded.
func (s *Service) AssigneeOfTx(ctx context.Context, tx *store.Tx, i parley.Inbox, contact parley.ContactID) (user parley.UserID, err error) {
	switch i.AssigneeRule {
	case parley.AssignNamed:
		user, err = fit(ctx, tx, i, i.DefaultAssigneeID)
	case parley.AssignOwner:
		user, err = ownerOf(ctx, tx, i, contact)
	case parley.AssignRoundRobin, parley.AssignLeastBusy:
		user, err = next(ctx, tx, i)
	}
	if err != nil {
		return 0, fmt.Errorf("default assignee: %w", err)
	}
	return user, nil
}

// fit is the user, or nobody if they cannot take conversations of the inbox.
func fit(ctx context.Context, tx *store.Tx, i parley.Inbox, user parley.UserID) (parley.UserID, error) {
	if user == 0 {
		return 0, nil
	}
	if ok, err := tx.Assignable(ctx, i.AccountID, i.ID, user); err != nil || !ok {
		return 0, err
	}
	return user, nil
}

func ownerOf(ctx context.Context, tx *store.Tx, i parley.Inbox, contact parley.ContactID) (parley.UserID, error) {
	owner, err := tx.ContactOwner(ctx, i.AccountID, contact)
	if err != nil && !errors.Is(err, store.ErrNoRow) {
		return 0, err
	}
	return fit(ctx, tx, i, owner)
}

// next takes turns: the inbox is locked, so that two conversations at once do not go to the same user.
func next(ctx context.Context, tx *store.Tx, i parley.Inbox) (parley.UserID, error) {
	i, err := tx.LockInbox(ctx, i.AccountID, i.ID)
	if err != nil {
		return 0, err
	}
	users, err := tx.ListAssignable(ctx, i.AccountID, i.ID)
	if err != nil {
		return 0, err
	}
	if i.AssigneeRule == parley.AssignLeastBusy {
		open, err := tx.CountOpenOf(ctx, i.AccountID, users)
		if err != nil {
			return 0, err
		}
		users = leastBusy(users, open)
	}
	user := after(users, i.LastAssignedID)
	if user == 0 || user == i.LastAssignedID {
		return user, nil
	}
	return user, tx.UpdateLastAssigned(ctx, i.AccountID, i.ID, user)
}

// leastBusy are those of users with the fewest open conversations.
func leastBusy(users []parley.UserID, open map[parley.UserID]int) []parley.UserID {
	var out []parley.UserID
	for _, u := range users {
		if len(out) > 0 && open[u] < open[out[0]] {
			out = out[:0]
		}
		if len(out) == 0 || open[u] == open[out[0]] {
			out = append(out, u)
		}
	}
	return out
}

// after is the first of users, in order of id, who comes after last; else the first; 0 if there is none.
func after(users []parley.UserID, last parley.UserID) parley.UserID {
	if len(users) == 0 {
		return 0
	}
	if i := slices.IndexFunc(users, func(u parley.UserID) bool { return u > last }); i >= 0 {
		return users[i]
	}
	return users[0]
}

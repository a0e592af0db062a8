package seed

import (
	"context"
	"fmt"
	"time"

	"parley/internal/parley"
	"parley/internal/store"
)

// OwnerEmail is the address of the owner of a seeded account, unless it is taken
// there already: then it has a number.
const OwnerEmail = "owner@seed.example"

// rooms are the inboxes, each with a channel of its own. The last is the busiest.
var rooms = []struct{ name, color string }{
	{"Sales", "green"}, {"Billing", "orange"}, {"Rentals", "teal"}, {"Workshop", "blue"}, {"Support", "indigo"},
}

// agents is how many the team has besides its owner. One in four sees two inboxes only.
const agents = 24

// found makes the account, its team, its inboxes and its channels, and gives the
// events that tell of it.
func (p *plan) found(ctx context.Context, l *store.Loader) ([]parley.Event, error) {
	at := p.Until.AddDate(-years, -1, 0)
	p.account = parley.Account{Name: "Seed Bikes", Region: "GB", Timezone: "Europe/London", CreatedAt: at}
	if err := l.InsertAccount(ctx, &p.account); err != nil {
		return nil, fmt.Errorf("insert account: %w", err)
	}
	id := p.account.ID
	var events []parley.Event
	for i, room := range rooms {
		in := parley.Inbox{AccountID: id, Name: room.name, Color: room.color, AssigneeRule: parley.AssignNobody, AssignOnReply: true, CreatedAt: at}
		if err := l.InsertInbox(ctx, &in); err != nil {
			return nil, fmt.Errorf("insert inbox: %w", err)
		}
		p.inboxes = append(p.inboxes, in)
		events = append(events, parley.Event{AccountID: id, Kind: parley.InboxChanged, InboxID: in.ID, At: at})
		ch := parley.Channel{
			AccountID: id, Type: "email", Name: room.name, Address: fmt.Sprintf("%s@%s", local(room.name), domain(id)), FromName: "Seed Bikes",
			ForwardLocal: fmt.Sprintf("seed-%d-%d", id, i), InboxID: in.ID, ReopenDays: 30, PlusTags: true, CreatedAt: at,
		}
		if err := l.InsertChannel(ctx, &ch); err != nil {
			return nil, fmt.Errorf("insert channel: %w", err)
		}
		p.channels = append(p.channels, ch)
		events = append(events, parley.Event{AccountID: id, Kind: parley.ChannelChanged, ChannelID: ch.ID, InboxID: in.ID, At: at})
	}
	for i := range agents + 1 {
		u, err := p.hire(ctx, l, i, at)
		if err != nil {
			return nil, fmt.Errorf("insert user: %w", err)
		}
		p.team = append(p.team, u)
		events = append(events, parley.Event{AccountID: id, Kind: parley.UserChanged, UserID: u.ID, At: at})
	}
	return events, nil
}

// domain of the account's addresses.
func domain(id parley.AccountID) string { return fmt.Sprintf("seed%d.example", id) }

func (p *plan) hire(ctx context.Context, l *store.Loader, i int, at time.Time) (parley.User, error) {
	u := parley.User{
		AccountID: p.account.ID, Email: agentEmail(p.account.ID, i), Name: nameOf(i * 37), Role: parley.Agent,
		AllInboxes: !narrow(i), Preferences: parley.JSON("{}"), CreatedAt: at,
	}
	if i == 0 {
		u.Role, u.Email, u.Name = parley.Owner, p.Owner, "Olive Owner"
	}
	if err := l.InsertUser(ctx, &u); err != nil || !narrow(i) {
		return u, err
	}
	sees := []parley.InboxID{}
	for n, in := range p.inboxes {
		if seesInbox(i, n) {
			sees = append(sees, in.ID)
		}
	}
	return u, l.SetUserInboxes(ctx, p.account.ID, u.ID, sees)
}

func narrow(member int) bool { return member > 0 && member%4 == 0 }

// seesInbox tells which inboxes a member sees.
func seesInbox(member, inbox int) bool {
	return !narrow(member) || inbox == member/4%len(rooms) || inbox == (member/4+1)%len(rooms)
}

// members are those of the team who see an inbox.
func (p *plan) members(inbox int) []int16 {
	var who []int16
	for i := range agents + 1 {
		if seesInbox(i, inbox) {
			who = append(who, int16(i))
		}
	}
	return who
}

// Team are the addresses of those who see the busiest inbox of a seeded account,
// its owner first.
func Team(account parley.AccountID) []string {
	out := []string{OwnerEmail}
	for i := 1; i <= agents; i++ {
		if seesInbox(i, len(rooms)-1) {
			out = append(out, agentEmail(account, i))
		}
	}
	return out
}

func agentEmail(account parley.AccountID, i int) string {
	return fmt.Sprintf("agent%d@%s", i, domain(account))
}

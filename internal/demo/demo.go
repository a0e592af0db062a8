package demo

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"parley/internal/account"
	"parley/internal/parley"
	"parley/internal/setting"
	"parley/internal/store"
)

// How one signs in to the demo, as the owner; the team has the same password.
const (
	ownerEmail    = "olive@" + mailDomain
	demoPassword  = "low-tide-at-nine"
	demoTimezone  = "Europe/London"
	demoRegion    = "GB"
	demoPageLimit = 100
)

// SignIn is how one signs in to the demo.
type SignIn struct {
	Email    string
	Password string
	Owner    parley.Actor
}

// MailDomain is the domain of the demo's channels, whose mail the product
// receives itself: one of setting.Options.LocalDomains.
const MailDomain = mailDomain

// Fill makes the demo's account, with its owner and the sample data. What was
// written lies in the customer's mailboxes, too, so that they can go on from there.
func Fill(ctx context.Context, accounts *account.Service, sample *Sample, customer *Customer) (SignIn, error) {
	a, owner, err := accounts.Create(ctx, account.NewAccount{
		Name: "Harbour Bikes", Region: demoRegion, Timezone: demoTimezone,
		Owner: account.NewOwner{Name: "Olive Marsh", Email: ownerEmail, Password: demoPassword},
	})
	if err != nil {
		return SignIn{}, fmt.Errorf("make account: %w", err)
	}
	in := SignIn{ownerEmail, demoPassword, parley.Actor{AccountID: a.ID, UserID: owner.ID, Role: owner.Role, AllInboxes: true}}
	told := &Sample{sample.SampleOptions, customer}
	if err := told.Add(ctx, in.Owner); err != nil {
		return in, err
	}
	err = sample.DB.Update(ctx, func(tx *store.Tx) error {
		users, err := tx.ListSampleUsers(ctx, a.ID)
		if err != nil {
			return err
		}
		for _, id := range users {
			if err := tx.UpdatePassword(ctx, a.ID, id, owner.PasswordHash); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return in, fmt.Errorf("let the team sign in: %w", err)
	}
	return in, nil
}

// AddressesOf tells the customer's side which addresses the business has, and which
// numbers of its carrier, as they are when it is asked.
func AddressesOf(accounts *account.Service, settings *setting.Service, actor parley.Actor, carrierURL string) func(context.Context) (Addresses, error) {
	return func(ctx context.Context) (Addresses, error) {
		out := Addresses{Domains: []string{settings.MailDomain}}
		channels, _, err := settings.Channels(ctx, actor, 0, demoPageLimit)
		if err != nil {
			return out, fmt.Errorf("list channels: %w", err)
		}
		if out.Numbers, err = numbersAt(ctx, settings, actor, carrierURL, channels); err != nil {
			return out, err
		}
		for _, ch := range channels {
			if ch.Type != setting.Email || ch.DisabledAt != nil {
				continue
			}
			own := parley.Address{Email: ch.Address}
			out.Channels = append(out.Channels, Reachable{Name: ch.Name, Address: ch.Address})
			if !slices.Contains(out.Domains, own.Domain()) {
				out.Domains = append(out.Domains, own.Domain())
			}
		}
		users, _, err := accounts.Users(ctx, actor, 0, demoPageLimit)
		if err != nil {
			return out, fmt.Errorf("list users: %w", err)
		}
		for _, u := range users {
			out.Team = append(out.Team, parley.Address{Name: u.Name, Email: u.Email})
		}
		return out, nil
	}
}

// numbersAt are the channels that are a number of the carrier at this address.
func numbersAt(ctx context.Context, settings *setting.Service, actor parley.Actor, carrierURL string, channels []parley.Channel) ([]Number, error) {
	var out []Number
	for _, ch := range channels {
		var set parley.ChannelSettings
		if ch.Type != setting.Text || ch.DisabledAt != nil || json.Unmarshal(ch.Settings, &set) != nil || set.Text == nil || set.Text.Options["api_base"] != carrierURL {
			continue
		}
		ways, err := settings.Ways(ctx, actor, ch)
		if err != nil {
			return nil, fmt.Errorf("find webhook: %w", err)
		}
		out = append(out, Number{Reachable{Name: ch.Name, Address: ch.Address}, "/hooks/" + ways[ch.ID].HookToken})
	}
	return out, nil
}

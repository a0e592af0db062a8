package app

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"
	"text/tabwriter"

	"parley/internal/account"
	"parley/internal/api"
	"parley/internal/config"
	"parley/internal/live"
	"parley/internal/parley"
)

// NewAccount is what `parley account create` is told.
type NewAccount struct {
	Name, OwnerName, OwnerEmail, Timezone, Region string
}

// with opens the rooms for a command about what is there already: a data folder
// that was named wrongly is not made.
func with(ctx context.Context, cfg *config.Config, streams *IO, run func(*rooms) error) error {
	if err := hasDatabase(cfg); err != nil {
		return err
	}
	return withNew(ctx, cfg, streams, run)
}

func hasDatabase(cfg *config.Config) error {
	if cfg.DatabaseURL != "" {
		return nil
	}
	if _, err := os.Stat(cfg.DatabasePath()); err != nil {
		return fmt.Errorf("there is no database in the data folder %s; name the right one with --data or PARLEY_DATA", cfg.Data)
	}
	return nil
}

// withNew opens the rooms for a command that may be the first one.
func withNew(ctx context.Context, cfg *config.Config, streams *IO, run func(*rooms) error) error {
	r, err := open(ctx, cfg, streams)
	if err != nil {
		return err
	}
	return errors.Join(run(r), r.close())
}

// CreateAccount makes an account with its owner and prints their ids.
func CreateAccount(ctx context.Context, cfg *config.Config, streams *IO, n NewAccount) error {
	password, err := ownerPassword(cfg, streams)
	if err != nil {
		return err
	}
	return withNew(ctx, cfg, streams, func(r *rooms) error {
		others, err := r.account.Accounts(ctx, 0)
		if err != nil {
			return err
		}
		if len(others) > 0 {
			_, _ = fmt.Fprintf(streams.Err, "There is another account here already (%s): this makes one more, and they see nothing of each other.\n", others[0].Name) // a remark
		}
		a, u, err := r.account.Create(ctx, account.NewAccount{
			Name: n.Name, Region: n.Region, Timezone: n.Timezone,
			Owner: account.NewOwner{Name: n.OwnerName, Email: n.OwnerEmail, Password: password},
		})
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(streams.Out, "account %d %s\nowner %d %s\n", a.ID, a.Name, u.ID, u.Email)
		return err
	})
}

func ownerPassword(cfg *config.Config, streams *IO) (string, error) {
	if cfg.Secrets.OwnerPassword != "" {
		return cfg.Secrets.OwnerPassword, nil
	}
	if _, err := fmt.Fprint(streams.Err, "Password of the owner: "); err != nil {
		return "", err
	}
	line, err := bufio.NewReader(io.LimitReader(streams.In, 1024)).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", err
	}
	line = strings.TrimRight(line, "\r\n")
	if line == "" {
		return "", errors.New("give the owner's password in PARLEY_OWNER_PASSWORD or type it")
	}
	return line, nil
}

// ListAccounts prints all accounts.
func ListAccounts(ctx context.Context, cfg *config.Config, streams *IO) error {
	return with(ctx, cfg, streams, func(r *rooms) error {
		w := tabwriter.NewWriter(streams.Out, 0, 4, 2, ' ', 0)
		after := parley.AccountID(0)
		for {
			page, err := r.account.Accounts(ctx, after)
			if err != nil {
				return err
			}
			for _, a := range page {
				_, _ = fmt.Fprintf(w, "%d\t%s\t%s\n", a.ID, a.Name, a.CreatedAt.Format("2006-01-02")) // Flush reports
				after = a.ID
			}
			if len(page) == 0 {
				return w.Flush()
			}
		}
	})
}

// ListUsers prints an account's users.
func ListUsers(ctx context.Context, cfg *config.Config, streams *IO, id int64) error {
	return with(ctx, cfg, streams, func(r *rooms) error {
		w := tabwriter.NewWriter(streams.Out, 0, 4, 2, ' ', 0)
		after := parley.UserID(0)
		for {
			people, next, err := r.account.Users(ctx, parley.SystemActor(parley.AccountID(id)), after, 100)
			if err != nil {
				return err
			}
			for _, p := range people {
				state := "active"
				switch {
				case p.DisabledAt != nil:
					state = "disabled"
				case p.InvitedAt != nil:
					state = "invited"
				}
				_, _ = fmt.Fprintf(w, "%d\t%s\t%s\t%s\t%s\n", p.ID, p.Email, p.Name, p.Role, state) // Flush reports
			}
			if next == 0 {
				return w.Flush()
			}
			after = next
		}
	})
}

// NewUser is what `parley user invite` is told.
type NewUser struct {
	Email, Name, Role string
	Account           int64 // 0: the only one
}

// InviteUser adds a user to all inboxes and prints the link with which they
// choose a password. It is mailed to them too, once the server runs.
func InviteUser(ctx context.Context, cfg *config.Config, streams *IO, n NewUser) error {
	return with(ctx, cfg, streams, func(r *rooms) error {
		to, err := r.accountOf(ctx, parley.AccountID(n.Account))
		if err != nil {
			return err
		}
		system := parley.SystemActor(to)
		u, err := r.account.Invite(ctx, system, account.NewUser{Email: n.Email, Name: n.Name, Role: parley.Role(n.Role), AllInboxes: true})
		if err != nil {
			return err
		}
		link, err := r.account.ResetLink(ctx, system, u.ID)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintln(streams.Out, link)
		return err
	})
}

// accountOf is the account that is named, or the only one there is.
func (r *rooms) accountOf(ctx context.Context, id parley.AccountID) (parley.AccountID, error) {
	if id != 0 {
		return id, nil
	}
	all, err := r.account.Accounts(ctx, 0)
	if err != nil {
		return 0, err
	}
	if len(all) != 1 {
		return 0, fmt.Errorf("there are %d accounts; name one with --account (parley account list)", len(all))
	}
	return all[0].ID, nil
}

// ResetLink prints a link with which a user chooses a password.
func ResetLink(ctx context.Context, cfg *config.Config, streams *IO, email string, accountID int64) error {
	return with(ctx, cfg, streams, func(r *rooms) error {
		u, err := r.account.FindUser(ctx, parley.AccountID(accountID), email)
		if err != nil {
			return err
		}
		link, err := r.account.ResetLink(ctx, parley.SystemActor(u.AccountID), u.ID)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintln(streams.Out, link)
		return err
	})
}

// CreateToken prints a new API token alone, so that a script can keep it.
func CreateToken(ctx context.Context, cfg *config.Config, streams *IO, email, name string, accountID int64) error {
	return with(ctx, cfg, streams, func(r *rooms) error {
		u, err := r.account.FindUser(ctx, parley.AccountID(accountID), email)
		if err != nil {
			return err
		}
		actor, err := r.account.Actor(ctx, u.AccountID, u.ID)
		if err != nil {
			return err
		}
		t, err := r.account.CreateToken(ctx, actor, name)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintln(streams.Out, t.Secret)
		return err
	})
}

// MigrateUp brings the database up to this version.
func MigrateUp(ctx context.Context, cfg *config.Config, streams *IO) error {
	r := &rooms{cfg: cfg, log: newLog(cfg, streams)}
	return errors.Join(r.openData(ctx, streams), r.close())
}

// MigrateStatus prints the steps of the schema and which are applied.
func MigrateStatus(ctx context.Context, cfg *config.Config, streams *IO) error {
	if err := os.MkdirAll(cfg.Data, 0o700); err != nil {
		return fmt.Errorf("make the data folder: %w", err)
	}
	r := &rooms{cfg: cfg, log: newLog(cfg, streams)}
	if err := r.connect(ctx); err != nil {
		return errors.Join(err, r.close())
	}
	all, err := r.db.Migrations(ctx)
	for _, m := range all {
		state := "pending"
		if m.Applied {
			state = "applied"
		}
		_, printErr := fmt.Fprintf(streams.Out, "%5d  %-8s  %s\n", m.Version, state, m.Name)
		err = errors.Join(err, printErr)
	}
	return errors.Join(err, r.close())
}

// PrintOpenAPI prints the API's document.
func PrintOpenAPI(streams *IO) error {
	// Only the shapes are asked for: nothing is started or called.
	events, err := live.New(nil, nil, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	doc, err := api.New(api.Deps{Version: "1", Live: events}).OpenAPI()
	if err != nil {
		return err
	}
	var pretty bytes.Buffer
	if err := json.Indent(&pretty, doc, "", "  "); err != nil {
		return err
	}
	_, err = fmt.Fprintln(streams.Out, pretty.String())
	return err
}

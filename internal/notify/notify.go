// Package notify owns who hears of what: today, the mails that users get from
// Parley itself, with invitations and links to choose a password.
//
// A mail to a user is a job that carries ids; its words come from a catalogue,
// and what is secret in it is asked for when the job runs. It refuses to decide
// who is invited (account) and to know how a mail leaves (Mailer).
package notify

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/BurntSushi/toml"
	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"

	"parley/internal/job"
	"parley/internal/parley"
	"parley/internal/store"
)

//go:embed words
var words embed.FS

// LinkJob is the kind of job that mails a UserLink.
const LinkJob = "notify.link"

// Mail is one mail to a user.
type Mail struct {
	To      parley.Address
	Subject string
	Text    string
}

// Mailer sends mails of the product itself. A fault that another try may mend is
// returned as it is; one that it cannot is marked with job.Permanent.
type Mailer interface {
	SendToUser(ctx context.Context, m Mail) error
}

// Links tells the address of a link, secret included.
type Links interface{ LinkURL(parley.UserLink) string }

// Service writes to users.
type Service struct {
	db     *store.DB
	mailer Mailer
	links  Links
	words  *i18n.Bundle
	log    *slog.Logger
}

// New makes the service; Links is given later by SetLinks, because account needs the service first.
func New(db *store.DB, mailer Mailer, log *slog.Logger) (*Service, error) {
	bundle := i18n.NewBundle(language.English)
	bundle.RegisterUnmarshalFunc("toml", toml.Unmarshal)
	if _, err := bundle.LoadMessageFileFS(words, "words/active.en.toml"); err != nil {
		return nil, fmt.Errorf("load words of mails: %w", err)
	}
	return &Service{db: db, mailer: mailer, words: bundle, log: log}, nil
}

// SetLinks says who tells the addresses of links; it is called once, before any job runs.
func (s *Service) SetLinks(l Links) { s.links = l }

// Register adds the room's jobs to the queue.
func (s *Service) Register(q *job.Queue) {
	q.Register(LinkJob, job.Options{}, job.Each(s.mailLink))
}

type linkArgs struct {
	AccountID parley.AccountID  `json:"account_id"`
	LinkID    parley.UserLinkID `json:"link_id"`
}

// EnqueueLink mails a link once the transaction is committed.
func (s *Service) EnqueueLink(ctx context.Context, tx *store.Tx, link parley.UserLink) error {
	return job.Enqueue(ctx, tx, job.New{
		AccountID: link.AccountID, Kind: LinkJob, Args: linkArgs{link.AccountID, link.ID},
		UniqueKey: fmt.Sprintf("%s:%d", LinkJob, link.ID),
	})
}

func (s *Service) mailLink(ctx context.Context, j parley.Job) error {
	args, err := job.Args[linkArgs](j)
	if err != nil {
		return err
	}
	var link parley.UserLink
	var user parley.User
	var account parley.Account
	err = s.db.View(ctx, func(tx *store.Tx) (err error) {
		if link, err = tx.UserLinkByID(ctx, args.LinkID); err != nil {
			return err
		}
		if user, err = tx.UserByID(ctx, args.AccountID, link.UserID); err != nil {
			return err
		}
		account, err = tx.AccountByID(ctx, args.AccountID)
		return err
	})
	if errors.Is(err, store.ErrNoRow) {
		return nil // withdrawn meanwhile
	}
	if err != nil {
		return fmt.Errorf("load link: %w", err)
	}
	if link.UsedAt != nil || user.DisabledAt != nil {
		return nil
	}
	m, err := s.write(link, user, account)
	if err != nil {
		return job.Permanent(err)
	}
	return s.mailer.SendToUser(ctx, m)
}

func (s *Service) write(link parley.UserLink, user parley.User, account parley.Account) (Mail, error) {
	data := map[string]string{
		"Name": oneLine(user.Name), "Account": oneLine(account.Name), "Link": s.links.LinkURL(link), "Until": until(link.ExpiresAt, account),
	}
	say := i18n.NewLocalizer(s.words, "en")
	subject, err := say.Localize(&i18n.LocalizeConfig{MessageID: string(link.Kind) + "_subject", TemplateData: data})
	if err != nil {
		return Mail{}, err
	}
	text, err := say.Localize(&i18n.LocalizeConfig{MessageID: string(link.Kind) + "_text", TemplateData: data})
	return Mail{To: parley.Address{Name: user.Name, Email: user.Email}, Subject: subject, Text: text}, err
}

// until is in the account's own time.
func until(t time.Time, a parley.Account) string {
	zone, err := time.LoadLocation(a.Timezone)
	if err != nil {
		zone = time.UTC
	}
	return t.In(zone).Format("Monday, 2 January 2006, 15:04 MST")
}

// oneLine keeps a name from adding lines to a mail.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

package main

import (
	"context"
	"time"

	"parley/internal/app"
	"parley/internal/config"
)

type serveCmd struct{}

func (serveCmd) Run(ctx context.Context, c *config.Config, io *app.IO) error {
	return app.Serve(ctx, c, io)
}

type demoCmd struct{}

func (demoCmd) Run(ctx context.Context, c *config.Config, io *app.IO) error {
	return app.Demo(ctx, c, io)
}

type accountCmd struct {
	Create accountCreateCmd `cmd:"" help:"Create an account with its owner. The password comes from PARLEY_OWNER_PASSWORD or a prompt."`
	List   accountListCmd   `cmd:"" help:"List the accounts."`
}

type accountCreateCmd struct {
	Name       string `required:"" help:"Name of the business."`
	OwnerName  string `required:"" help:"Name of the owner."`
	OwnerEmail string `required:"" help:"Email address with which the owner signs in."`
	Timezone   string `default:"UTC" help:"IANA time zone of the business."`
	Region     string `default:"US" help:"ISO country of its phone numbers."`
}

func (a accountCreateCmd) Run(ctx context.Context, c *config.Config, io *app.IO) error {
	return app.CreateAccount(ctx, c, io, app.NewAccount{Name: a.Name, OwnerName: a.OwnerName, OwnerEmail: a.OwnerEmail, Timezone: a.Timezone, Region: a.Region})
}

type accountListCmd struct{}

func (accountListCmd) Run(ctx context.Context, c *config.Config, io *app.IO) error {
	return app.ListAccounts(ctx, c, io)
}

type userCmd struct {
	List      userListCmd   `cmd:"" help:"List an account's users."`
	Invite    userInviteCmd `cmd:"" help:"Add a user and print the link with which they choose a password."`
	ResetLink userResetCmd  `cmd:"" help:"Print a link with which a user chooses a new password."`
}

type userListCmd struct {
	Account int64 `required:"" help:"Id of the account."`
}

func (u userListCmd) Run(ctx context.Context, c *config.Config, io *app.IO) error {
	return app.ListUsers(ctx, c, io, u.Account)
}

type userInviteCmd struct {
	Email   string `required:"" help:"Their email address."`
	Name    string `required:"" help:"Their name, as colleagues see it."`
	Role    string `default:"agent" enum:"admin,agent" help:"admin or agent."`
	Account int64  `help:"Id of the account, if there are several."`
}

func (u userInviteCmd) Run(ctx context.Context, c *config.Config, io *app.IO) error {
	return app.InviteUser(ctx, c, io, app.NewUser{Email: u.Email, Name: u.Name, Role: u.Role, Account: u.Account})
}

type userResetCmd struct {
	Email   string `required:"" help:"Email address of the user."`
	Account int64  `help:"Id of the account, if the address has users in several."`
}

func (u userResetCmd) Run(ctx context.Context, c *config.Config, io *app.IO) error {
	return app.ResetLink(ctx, c, io, u.Email, u.Account)
}

type tokenCmd struct {
	Create tokenCreateCmd `cmd:"" help:"Create an API token and print it alone."`
}

type tokenCreateCmd struct {
	Email   string `required:"" help:"Email address of the user it acts for."`
	Name    string `required:"" help:"What it is for."`
	Account int64  `help:"Id of the account, if the address has users in several."`
}

func (t tokenCreateCmd) Run(ctx context.Context, c *config.Config, io *app.IO) error {
	return app.CreateToken(ctx, c, io, t.Email, t.Name, t.Account)
}

type backupCmd struct {
	File      string   `arg:"" type:"path" help:"The file to write."`
	Recipient []string `help:"Encrypt for this age recipient; may be given several times. A passphrase comes from PARLEY_BACKUP_PASSPHRASE instead." placeholder:"age1…"`
}

func (b backupCmd) Run(ctx context.Context, c *config.Config, io *app.IO) error {
	return app.Backup(ctx, c, io, app.BackupTo{File: b.File, Recipient: b.Recipient})
}

type restoreCmd struct {
	File     string `arg:"" type:"existingfile" help:"The backup."`
	Identity string `type:"path" help:"File with the age identity that opens it." placeholder:"FILE"`
	Moved    bool   `help:"The old server has not run since the backup: send what waited to be sent."`
	Check    bool   `help:"Only read it and verify every row and file."`
}

func (r restoreCmd) Run(ctx context.Context, c *config.Config, io *app.IO) error {
	return app.Restore(ctx, c, io, app.RestoreFrom{File: r.File, Identity: r.Identity, Moved: r.Moved, Check: r.Check})
}

type doctorCmd struct{}

func (doctorCmd) Run(ctx context.Context, c *config.Config, io *app.IO) error {
	return app.Doctor(ctx, c, io)
}

type migrateCmd struct {
	Up     migrateUpCmd     `cmd:"" help:"Apply what is missing."`
	Status migrateStatusCmd `cmd:"" help:"List the steps."`
}

type migrateUpCmd struct{}

func (migrateUpCmd) Run(ctx context.Context, c *config.Config, io *app.IO) error {
	return app.MigrateUp(ctx, c, io)
}

type migrateStatusCmd struct{}

func (migrateStatusCmd) Run(ctx context.Context, c *config.Config, io *app.IO) error {
	return app.MigrateStatus(ctx, c, io)
}

type seedCmd struct {
	Conversations int       `default:"100000" help:"How many conversations."`
	Messages      int       `help:"How many messages. 0: ten for each conversation."`
	Seed          uint64    `default:"1" help:"Another number makes other rows; the same one makes the same."`
	Until         time.Time `help:"When things have happened last, such as 2026-07-01T09:00:00Z." default:"2026-07-01T09:00:00Z"`
	OwnerEmail    string    `default:"owner@seed.example" help:"Email address of the owner."`
	Beside        bool      `help:"Add a seeded account to a database that has accounts already."`
}

func (s seedCmd) Run(ctx context.Context, c *config.Config, io *app.IO) error {
	return app.Seed(ctx, c, io, app.SeedOptions{
		Conversations: s.Conversations, Messages: s.Messages, Seed: s.Seed, Until: s.Until, Owner: s.OwnerEmail, Beside: s.Beside,
	})
}

type openAPICmd struct{}

func (openAPICmd) Run(_ context.Context, _ *config.Config, io *app.IO) error {
	return app.PrintOpenAPI(io)
}

type versionCmd struct{}

func (versionCmd) Run(_ context.Context, _ *config.Config, io *app.IO) error {
	_, err := io.Out.Write([]byte(io.Version + "\n"))
	return err
}

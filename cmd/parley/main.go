// Command parley is the whole product: the server, the demo and the
// administrator's commands, on one data folder or one database.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"

	"parley/internal/app"
	"parley/internal/config"
)

// version is set by the build.
var version = "dev"

type cli struct {
	config.Config `embed:""`

	Serve   serveCmd   `cmd:"" help:"Run the server."`
	Demo    demoCmd    `cmd:"" help:"Run with throwaway data, a sample account and a simulated customer."`
	Account accountCmd `cmd:"" help:"Create and list accounts."`
	User    userCmd    `cmd:"" help:"Invite users, reset passwords."`
	Token   tokenCmd   `cmd:"" help:"Create API tokens."`
	Backup  backupCmd  `cmd:"" help:"Write everything into one file, while the server runs."`
	Restore restoreCmd `cmd:"" help:"Put a backup into an empty data folder or database."`
	Doctor  doctorCmd  `cmd:"" help:"Look for what is wrong with this installation, and say what to do."`
	Migrate migrateCmd `cmd:"" help:"Bring the database up to this version."`
	Seed    seedCmd    `cmd:"" help:"Fill an empty database with made-up conversations, to see and measure the product at size."`
	OpenAPI openAPICmd `cmd:"" name:"openapi" help:"Print the API's OpenAPI document."`
	Version versionCmd `cmd:"" help:"Print the version."`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:])
	stop()
	os.Exit(code)
}

// run is the command line: 0 done, 1 a fault, 2 wrong usage.
func run(ctx context.Context, args []string) int {
	var c cli
	source, err := config.Open(args)
	if err != nil {
		fmt.Fprintln(os.Stderr, "parley:", err)
		return 2
	}
	c.Secrets = source.Secrets()
	parser, err := kong.New(&c, kong.Name("parley"), kong.Description("A team shared inbox in one program. Begin with: parley demo"),
		kong.UsageOnError(), kong.Help(help), kong.Resolvers(source), kong.BindTo(ctx, (*context.Context)(nil)))
	if err != nil {
		fmt.Fprintln(os.Stderr, "parley:", err)
		return 2
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	parsed, err := parser.Parse(args)
	if err != nil {
		fmt.Fprintln(os.Stderr, "parley:", err)
		return 2
	}
	err = parsed.Run(&c.Config, &app.IO{Out: os.Stdout, Err: os.Stderr, In: os.Stdin, Version: version})
	if err != nil && !errors.Is(err, context.Canceled) {
		fmt.Fprintln(os.Stderr, "parley:", app.Explain(err))
		return 1
	}
	return 0
}

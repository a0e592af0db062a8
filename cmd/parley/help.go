package main

import (
	"slices"
	"strings"

	"github.com/alecthomas/kong"
)

// heeded are the settings that a command goes by, where those are not all of them:
// its help lists no others. Given they may be, for a file or an environment serves every command.
var heeded = map[string][]string{
	"demo":    {"config", "http", "smtp", "base-url", "tls", "mail-domain", "allow-private", "trusted-proxies", "log-level"},
	"account": {"config", "data", "database-url", "log-level"},
	"user":    {"config", "data", "database-url", "http", "base-url", "tls", "log-level"}, // links begin with where the server is
	"token":   {"config", "data", "database-url", "log-level"},
	"backup":  {"config", "data", "database-url", "log-level"},
	"restore": {"config", "data", "database-url", "log-level"},
	"doctor":  {"config", "data", "database-url", "http", "smtp", "base-url", "mail-domain", "tls", "dns"},
	"migrate": {"config", "data", "database-url", "log-level"},
	"seed":    {"config", "data", "database-url", "log-level"},
	"openapi": {},
	"version": {},
}

// help prints the help of a command without the settings that have no effect on it.
func help(o kong.HelpOptions, ctx *kong.Context) error {
	if of, limited := heeded[strings.SplitN(ctx.Command(), " ", 2)[0]]; limited {
		for _, f := range ctx.Model.Flags {
			f.Hidden = f.Hidden || f.Name != "help" && !slices.Contains(of, f.Name)
		}
	}
	return kong.DefaultHelpPrinter(o, ctx)
}

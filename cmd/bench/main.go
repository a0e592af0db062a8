// Command bench measures bin/parley on a seeded database and writes what it finds
// into docs/performance.md: see package bench.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"parley/internal/bench"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	binary := flag.String("binary", "bin/parley", "the built program")
	cache := flag.String("cache", ".cache/bench", "folder for seeded data and results")
	size := flag.Int("size", 100_000, "conversations, with ten messages each")
	clients := flag.Int("clients", 16, "how many ask at the same time")
	span := flag.Duration("span", 3*time.Second, "how long each kind of work is measured")
	postgres := flag.String("postgres", "", "URL of an empty PostgreSQL database; empty: SQLite")
	parts := flag.String("parts", "", "what to measure, separated by commas: lists, searches, conversations, tokens, live, replies, mail; empty: all")
	page := flag.String("page", "", "Markdown file whose table is written anew; empty: none")
	flag.Parse()
	if err := os.MkdirAll(*cache, 0o755); err != nil {
		return err
	}
	report, err := bench.Run(ctx, bench.Options{
		Binary: *binary, Cache: *cache, Conversations: *size, Clients: *clients, Span: *span, PostgresURL: *postgres, Out: os.Stderr,
		Parts: strings.FieldsFunc(*parts, func(r rune) bool { return r == ',' }),
	})
	if err != nil {
		return err
	}
	fmt.Println(report.Markdown())
	name := strings.ToLower(report.Database)
	text, err := json.MarshalIndent(report, "", "  ")
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(*cache, name+".json"), append(text, '\n'), 0o600); err != nil {
		return err
	}
	if *page == "" {
		return nil
	}
	if *parts != "" {
		return errors.New("the page is written from a whole run: leave out -parts or -page")
	}
	if report.Machine.Busy() {
		_, err := fmt.Fprintln(os.Stderr, "bench: other programs ran at the same time, so "+*page+" is left as it is")
		return err
	}
	return rewrite(*page, name, report.Markdown())
}

// rewrite puts text between the page's two marks of a name.
func rewrite(page, name, text string) error {
	old, err := os.ReadFile(page)
	if err != nil {
		return err
	}
	begin, end := "<!-- "+name+" -->\n", "<!-- /"+name+" -->"
	before, rest, ok := strings.Cut(string(old), begin)
	_, after, ends := strings.Cut(rest, end)
	if !ok || !ends {
		return errors.New(page + ": the marks of " + name + " are missing")
	}
	return os.WriteFile(page, []byte(before+begin+text+end+after), 0o644)
}

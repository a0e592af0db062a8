package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"net/mail"
	"os"
	"regexp"
	"strconv"
	"strings"
	"sync"

	"github.com/rogpeppe/go-internal/testscript"
)

// siteKey is where a script keeps its site, answerKey its last answer.
type (
	siteKey   struct{}
	answerKey struct{}
)

// commands are the words of testdata/script beside testscript's own:
//
//	begin                          account, token, server, inbox and channel, as first_light.txt
//	                               makes them: $TOKEN $owner $inbox $channel $forward
//	serve, shutdown, crash         the server's process; crash is SIGKILL
//	load VAR FILE                  remembers what a file holds
//	api [flags] METHOD PATH [BODY] a call with the token in $TOKEN; @FILE sends a file
//	until PATH AT VALUE            asks again until the answer has it
//	json AT VALUE, keep VAR AT     look at the last answer, remember a part of it
//	mail [flags] FROM TO… FILE     delivers a mail by SMTP; its reply is on stdout
//	relayed N [FILE]               waits until N mails went out; writes the newest
//	refuse RCPT CODE TEXT          what the relay says to a recipient from now on
//	field, address VAR NAME FILE   remembers a header field of a mail, or the first address in it
//	quote FILE MAIL                puts a mail's text behind a file, as a mail program quotes it
//	many N STATUS METHOD PATH BODY the same call, at most N times, until it answers STATUS
//	settled ID                     waits until a message is sent, once, or uncertain
//	link VAR FILE                  remembers the token of the link in a mail
//	session VAR                    remembers the cookie that the last answer set
//	together N METHOD PATH BODY    the same call N times at once: the answers are one
//
// Paths, bodies and mails may name variables as $NAME.
var commands = map[string]func(*testscript.TestScript, bool, []string){
	"begin": cmdBegin, "load": cmdLoad,
	"serve": plain((*site).serve), "shutdown": plain((*site).stop), "crash": plain((*site).kill),
	"api": cmdAPI, "until": cmdUntil, "json": cmdJSON, "keep": cmdKeep, "together": cmdTogether,
	"mail": cmdMail, "relayed": cmdRelayed, "refuse": cmdRefuse, "field": cmdField, "address": cmdAddress, "quote": cmdQuote,
	"many": cmdMany, "settled": cmdSettled, "link": cmdLink, "session": cmdSession,
}

func siteOf(ts *testscript.TestScript) *site { return ts.Value(siteKey{}).(*site) }

func plain(act func(*site) error) func(*testscript.TestScript, bool, []string) {
	return func(ts *testscript.TestScript, neg bool, args []string) {
		if neg || len(args) > 0 {
			ts.Fatalf("takes no arguments")
		}
		ts.Check(act(siteOf(ts)))
	}
}

func cmdBegin(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) > 0 {
		ts.Fatalf("takes no arguments")
	}
	o, err := siteOf(ts).begin("Harbour Bikes", "olive@harbour.example", "support@harbour.example")
	ts.Check(err)
	for name, value := range map[string]string{"TOKEN": o.token, "owner": o.owner, "inbox": o.inbox, "channel": o.channel, "forward": o.forward} {
		ts.Setenv(name, value)
	}
}

func cmdLoad(ts *testscript.TestScript, _ bool, args []string) {
	args = options(ts, "load", args, 2, 2, none)
	ts.Setenv(args[0], strings.TrimSpace(ts.ReadFile(args[1])))
}

// expand puts the script's variables in; a dollar sign before anything else stays.
func expand(ts *testscript.TestScript, text string) string {
	return os.Expand(text, ts.Getenv)
}

// options reads flags and says how many arguments must follow.
func options(ts *testscript.TestScript, name string, args []string, least, most int, declare func(*flag.FlagSet)) []string {
	set := flag.NewFlagSet(name, flag.ContinueOnError)
	declare(set)
	ts.Check(set.Parse(args))
	if set.NArg() < least || most >= 0 && set.NArg() > most {
		ts.Fatalf("%s has %d arguments", name, set.NArg())
	}
	return set.Args()
}

func none(*flag.FlagSet) {}

// newRequest reads METHOD PATH [BODY].
func newRequest(ts *testscript.TestScript, args []string) request {
	r := request{method: args[0], path: expand(ts, args[1]), token: ts.Getenv("TOKEN"), header: http.Header{}}
	if len(args) > 2 {
		r.body = args[2]
		if name, ok := strings.CutPrefix(r.body, "@"); ok {
			r.body = ts.ReadFile(name)
		}
		r.body = expand(ts, r.body)
	}
	return r
}

func cmdAPI(ts *testscript.TestScript, _ bool, args []string) {
	status, key, contentType, cookie, anonymous := 0, "", "", "", false
	args = options(ts, "api", args, 2, 3, func(f *flag.FlagSet) {
		f.IntVar(&status, "status", 0, "the status to expect instead of success")
		f.StringVar(&key, "key", "", "Idempotency-Key")
		f.StringVar(&contentType, "type", "", "Content-Type")
		f.StringVar(&cookie, "cookie", "", "the session instead of a token")
		f.BoolVar(&anonymous, "anonymous", false, "without a token")
	})
	r := newRequest(ts, args)
	for name, value := range map[string]string{"Idempotency-Key": key, "Content-Type": contentType, "Cookie": cookie} {
		if value != "" {
			r.header.Set(name, value)
		}
	}
	if anonymous || cookie != "" {
		r.token = ""
	}
	a, err := siteOf(ts).call(context.Background(), r)
	ts.Check(err)
	if ok := a.status/100 == 2; status == 0 && !ok || status != 0 && a.status != status {
		ts.Fatalf("%s %s answers %s", r.method, r.path, a)
	}
	remember(ts, a)
}

// telling are the header fields that scripts look at.
var telling = []string{"Content-Type", "Content-Disposition", "Set-Cookie", "Retry-After"}

func remember(ts *testscript.TestScript, a answer) {
	*ts.Value(answerKey{}).(*answer) = a
	_, err := ts.Stdout().Write(a.body)
	ts.Check(err)
	for _, name := range telling {
		for _, value := range a.header.Values(name) {
			_, err := fmt.Fprintf(ts.Stderr(), "%s: %s\n", name, value)
			ts.Check(err)
		}
	}
}

func lastAnswer(ts *testscript.TestScript) answer { return *ts.Value(answerKey{}).(*answer) }

func cmdUntil(ts *testscript.TestScript, _ bool, args []string) {
	args = options(ts, "until", args, 3, 3, none)
	r, want := newRequest(ts, []string{http.MethodGet, args[0]}), expand(ts, args[2])
	ts.Check(eventually(func(ctx context.Context) error {
		a, err := siteOf(ts).call(ctx, r)
		if err != nil {
			return err
		}
		got, err := a.read(args[1])
		if err != nil {
			return err
		}
		if got != want {
			return fmt.Errorf("%s is %q, not %q, in %s", args[1], got, want, a)
		}
		remember(ts, a)
		return nil
	}))
}

func cmdJSON(ts *testscript.TestScript, neg bool, args []string) {
	args = options(ts, "json", args, 2, 2, none)
	got, err := lastAnswer(ts).read(args[0])
	ts.Check(err)
	if want := expand(ts, args[1]); (got == want) == neg {
		ts.Fatalf("%s is %q, where %q was asked for", args[0], got, want)
	}
}

func cmdKeep(ts *testscript.TestScript, _ bool, args []string) {
	args = options(ts, "keep", args, 2, 2, none)
	got, err := lastAnswer(ts).read(args[1])
	ts.Check(err)
	ts.Setenv(args[0], got)
}

// cmdTogether sends one call many times at once under one Idempotency-Key.
func cmdTogether(ts *testscript.TestScript, _ bool, args []string) {
	args = options(ts, "together", args, 4, 4, none)
	n, err := strconv.Atoi(args[0])
	ts.Check(err)
	r := newRequest(ts, args[1:])
	r.header.Set("Idempotency-Key", "together "+r.path)
	answers, faults := make([]answer, n), make([]error, n)
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() { answers[i], faults[i] = siteOf(ts).call(context.Background(), r) })
	}
	all.Wait()
	ts.Check(errors.Join(faults...))
	first, err := answers[0].read("id")
	ts.Check(err)
	for _, a := range answers {
		id, err := a.read("id")
		ts.Check(err)
		if a.status/100 != 2 || id != first {
			ts.Fatalf("one key, two effects: %s and %s", answers[0], a)
		}
	}
	remember(ts, answers[0])
}

func cmdMail(ts *testscript.TestScript, neg bool, args []string) {
	pad, unannounced := 0, false
	args = options(ts, "mail", args, 3, -1, func(f *flag.FlagSet) {
		f.IntVar(&pad, "pad", 0, "so many lines of text behind the mail")
		f.BoolVar(&unannounced, "unannounced", false, "without its size beforehand")
	})
	for i := range args[:len(args)-1] {
		args[i] = expand(ts, args[i])
	}
	from, to, file := args[0], args[1:len(args)-1], args[len(args)-1]
	body := expand(ts, ts.ReadFile(file)) + strings.Repeat(strings.Repeat("x", 998)+"\n", pad)
	reply, err := siteOf(ts).deliver(from, to, []byte(strings.ReplaceAll(body, "\n", "\r\n")), !unannounced)
	_, printErr := fmt.Fprintln(ts.Stdout(), reply)
	ts.Check(printErr)
	if refused := errors.Is(err, errRefused); refused != neg || err != nil && !refused {
		ts.Fatalf("%v: %s", err, reply)
	}
}

func cmdRelayed(ts *testscript.TestScript, _ bool, args []string) {
	args = options(ts, "relayed", args, 1, 2, none)
	n, err := strconv.Atoi(args[0])
	ts.Check(err)
	var mails []sent
	ts.Check(eventually(func(context.Context) error {
		if mails = siteOf(ts).relay.all(); len(mails) != n {
			return fmt.Errorf("%d mails went out", len(mails))
		}
		return nil
	}))
	if len(args) == 1 {
		return
	}
	last := mails[n-1]
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), last.raw, 0o600))
	_, err = fmt.Fprintf(ts.Stdout(), "from %s\nto %s\n%s", last.from, strings.Join(last.to, " "), last.raw)
	ts.Check(err)
}

func cmdRefuse(ts *testscript.TestScript, _ bool, args []string) {
	args = options(ts, "refuse", args, 3, 3, none)
	code, err := strconv.Atoi(args[1])
	ts.Check(err)
	siteOf(ts).relay.refuse(args[0], code, args[2])
}

func cmdField(ts *testscript.TestScript, _ bool, args []string) {
	args = options(ts, "field", args, 3, 3, none)
	value, err := header([]byte(ts.ReadFile(args[2])), args[1])
	ts.Check(err)
	if value == "" {
		ts.Fatalf("the mail has no %s", args[1])
	}
	ts.Setenv(args[0], value)
}

func cmdAddress(ts *testscript.TestScript, _ bool, args []string) {
	cmdField(ts, false, args)
	list, err := mail.ParseAddressList(ts.Getenv(args[0]))
	ts.Check(err)
	ts.Setenv(args[0], list[0].Address)
}

func cmdQuote(ts *testscript.TestScript, _ bool, args []string) {
	args = options(ts, "quote", args, 2, 2, none)
	text, err := plainText([]byte(ts.ReadFile(args[1])))
	ts.Check(err)
	quoted := "> " + strings.ReplaceAll(strings.TrimRight(text, "\n"), "\n", "\n> ")
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(ts.ReadFile(args[0])+quoted+"\n"), 0o600))
}

func cmdMany(ts *testscript.TestScript, _ bool, args []string) {
	args = options(ts, "many", args, 5, 5, none)
	n, err := strconv.Atoi(args[0])
	ts.Check(err)
	r := newRequest(ts, args[2:])
	r.token = ""
	var last answer
	for range n {
		last, err = siteOf(ts).call(context.Background(), r)
		ts.Check(err)
		if strconv.Itoa(last.status) == args[1] {
			remember(ts, last)
			return
		}
	}
	ts.Fatalf("%d times, and still %s", n, last)
}

// cmdSettled takes what a killed server may leave: a message that went once, or
// one that it does not know of and leaves to a person.
func cmdSettled(ts *testscript.TestScript, _ bool, args []string) {
	args = options(ts, "settled", args, 1, 1, none)
	r := newRequest(ts, []string{http.MethodGet, "/messages/" + args[0]})
	ts.Check(eventually(func(ctx context.Context) error {
		a, err := siteOf(ts).call(ctx, r)
		if err != nil {
			return err
		}
		delivery, err := a.read("delivery")
		if err != nil {
			return err
		}
		if delivery != "sent" && delivery != "uncertain" {
			return fmt.Errorf("it is %s", delivery)
		}
		if n := len(siteOf(ts).relay.all()); n > 1 || delivery == "sent" && n != 1 {
			return stop{fmt.Errorf("it is %s, and was sent %d times", delivery, n)}
		}
		return nil
	}))
}

var linkToken = regexp.MustCompile(`[?&]token=([\w.-]+)`)

func cmdLink(ts *testscript.TestScript, _ bool, args []string) {
	args = options(ts, "link", args, 2, 2, none)
	text, err := plainText([]byte(ts.ReadFile(args[1])))
	ts.Check(err)
	found := linkToken.FindStringSubmatch(text)
	if found == nil {
		ts.Fatalf("no link in %s", text)
	}
	ts.Setenv(args[0], found[1])
}

func cmdSession(ts *testscript.TestScript, _ bool, args []string) {
	args = options(ts, "session", args, 1, 1, none)
	cookie, _, _ := strings.Cut(lastAnswer(ts).header.Get("Set-Cookie"), ";")
	if cookie == "" {
		ts.Fatalf("no cookie was set")
	}
	ts.Setenv(args[0], cookie)
}

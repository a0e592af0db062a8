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

	"parley/internal/app/apptest"
)

// siteKey is where a script keeps its site, answerKey its last apptest.Answer.
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
//	json AT VALUE, keep VAR AT     look at the last apptest.Answer, remember a part of it
//	mail [flags] FROM TO… FILE     delivers a mail by SMTP; its reply is on stdout
//	relayed N [FILE]               waits until N mails went out; writes the newest
//	refuse RCPT CODE TEXT          what the relay says to a recipient from now on
//	field, address VAR NAME FILE   remembers a header field of a mail, or the first address in it
//	quote FILE MAIL                puts a mail's text behind a file, as a mail program quotes it
//	many N STATUS METHOD PATH BODY the same call, at most N times, until it answers STATUS
//	settled ID                     waits until a message is sent, once, or uncertain
//	link VAR FILE                  remembers the token of the link in a mail
//	session VAR                    remembers the cookie that the last apptest.Answer set
//	together N METHOD PATH BODY    the same call N times at once: the answers are one
//
// Paths, bodies and mails may name variables as $NAME.
var commands = map[string]func(*testscript.TestScript, bool, []string){
	"begin": cmdBegin, "load": cmdLoad,
	"serve": plain((*apptest.Site).Serve), "shutdown": plain((*apptest.Site).Stop), "crash": plain((*apptest.Site).Kill),
	"api": cmdAPI, "until": cmdUntil, "json": cmdJSON, "keep": cmdKeep, "together": cmdTogether,
	"mail": cmdMail, "relayed": cmdRelayed, "refuse": cmdRefuse, "field": cmdField, "address": cmdAddress, "quote": cmdQuote,
	"many": cmdMany, "settled": cmdSettled, "link": cmdLink, "session": cmdSession,
}

func siteOf(ts *testscript.TestScript) *apptest.Site { return ts.Value(siteKey{}).(*apptest.Site) }

func plain(act func(*apptest.Site) error) func(*testscript.TestScript, bool, []string) {
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
	o, err := siteOf(ts).Begin("Harbour Bikes", "olive@harbour.example", "support@harbour.example")
	ts.Check(err)
	for name, value := range map[string]string{"TOKEN": o.Token, "owner": o.Owner, "inbox": o.Inbox, "channel": o.Channel, "forward": o.Forward} {
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
func newRequest(ts *testscript.TestScript, args []string) apptest.Request {
	r := apptest.Request{Method: args[0], Path: expand(ts, args[1]), Token: ts.Getenv("TOKEN"), Header: http.Header{}}
	if len(args) > 2 {
		r.Body = args[2]
		if name, ok := strings.CutPrefix(r.Body, "@"); ok {
			r.Body = ts.ReadFile(name)
		}
		r.Body = expand(ts, r.Body)
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
			r.Header.Set(name, value)
		}
	}
	if anonymous || cookie != "" {
		r.Token = ""
	}
	a, err := siteOf(ts).Call(context.Background(), r)
	ts.Check(err)
	if ok := a.Status/100 == 2; status == 0 && !ok || status != 0 && a.Status != status {
		ts.Fatalf("%s %s answers %s", r.Method, r.Path, a)
	}
	remember(ts, a)
}

// telling are the header fields that scripts look at.
var telling = []string{"Content-Type", "Content-Disposition", "Set-Cookie", "Retry-After"}

func remember(ts *testscript.TestScript, a apptest.Answer) {
	*ts.Value(answerKey{}).(*apptest.Answer) = a
	_, err := ts.Stdout().Write(a.Body)
	ts.Check(err)
	for _, name := range telling {
		for _, value := range a.Header.Values(name) {
			_, err := fmt.Fprintf(ts.Stderr(), "%s: %s\n", name, value)
			ts.Check(err)
		}
	}
}

func lastAnswer(ts *testscript.TestScript) apptest.Answer {
	return *ts.Value(answerKey{}).(*apptest.Answer)
}

func cmdUntil(ts *testscript.TestScript, _ bool, args []string) {
	args = options(ts, "until", args, 3, 3, none)
	r, want := newRequest(ts, []string{http.MethodGet, args[0]}), expand(ts, args[2])
	ts.Check(apptest.Eventually(func(ctx context.Context) error {
		a, err := siteOf(ts).Call(ctx, r)
		if err != nil {
			return err
		}
		got, err := a.Read(args[1])
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
	got, err := lastAnswer(ts).Read(args[0])
	ts.Check(err)
	if want := expand(ts, args[1]); (got == want) == neg {
		ts.Fatalf("%s is %q, where %q was asked for", args[0], got, want)
	}
}

func cmdKeep(ts *testscript.TestScript, _ bool, args []string) {
	args = options(ts, "keep", args, 2, 2, none)
	got, err := lastAnswer(ts).Read(args[1])
	ts.Check(err)
	ts.Setenv(args[0], got)
}

// cmdTogether sends one call many times at once under one Idempotency-Key.
func cmdTogether(ts *testscript.TestScript, _ bool, args []string) {
	args = options(ts, "together", args, 4, 4, none)
	n, err := strconv.Atoi(args[0])
	ts.Check(err)
	r := newRequest(ts, args[1:])
	r.Header.Set("Idempotency-Key", "together "+r.Path)
	answers, faults := make([]apptest.Answer, n), make([]error, n)
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() { answers[i], faults[i] = siteOf(ts).Call(context.Background(), r) })
	}
	all.Wait()
	ts.Check(errors.Join(faults...))
	first, err := answers[0].Read("id")
	ts.Check(err)
	for _, a := range answers {
		id, err := a.Read("id")
		ts.Check(err)
		if a.Status/100 != 2 || id != first {
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
	reply, err := siteOf(ts).Deliver(from, to, []byte(strings.ReplaceAll(body, "\n", "\r\n")), !unannounced)
	_, printErr := fmt.Fprintln(ts.Stdout(), reply)
	ts.Check(printErr)
	if refused := errors.Is(err, apptest.ErrRefused); refused != neg || err != nil && !refused {
		ts.Fatalf("%v: %s", err, reply)
	}
}

func cmdRelayed(ts *testscript.TestScript, _ bool, args []string) {
	args = options(ts, "relayed", args, 1, 2, none)
	n, err := strconv.Atoi(args[0])
	ts.Check(err)
	var mails []apptest.Sent
	ts.Check(apptest.Eventually(func(context.Context) error {
		if mails = siteOf(ts).Relay.All(); len(mails) != n {
			return fmt.Errorf("%d mails went out", len(mails))
		}
		return nil
	}))
	if len(args) == 1 {
		return
	}
	last := mails[n-1]
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), last.Raw, 0o600))
	_, err = fmt.Fprintf(ts.Stdout(), "from %s\nto %s\n%s", last.From, strings.Join(last.To, " "), last.Raw)
	ts.Check(err)
}

func cmdRefuse(ts *testscript.TestScript, _ bool, args []string) {
	args = options(ts, "refuse", args, 3, 3, none)
	code, err := strconv.Atoi(args[1])
	ts.Check(err)
	siteOf(ts).Relay.Refuse(args[0], code, args[2])
}

func cmdField(ts *testscript.TestScript, _ bool, args []string) {
	args = options(ts, "field", args, 3, 3, none)
	value, err := apptest.Header([]byte(ts.ReadFile(args[2])), args[1])
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
	text, err := apptest.PlainText([]byte(ts.ReadFile(args[1])))
	ts.Check(err)
	quoted := "> " + strings.ReplaceAll(strings.TrimRight(text, "\n"), "\n", "\n> ")
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(ts.ReadFile(args[0])+quoted+"\n"), 0o600))
}

func cmdMany(ts *testscript.TestScript, _ bool, args []string) {
	args = options(ts, "many", args, 5, 5, none)
	n, err := strconv.Atoi(args[0])
	ts.Check(err)
	r := newRequest(ts, args[2:])
	r.Token = ""
	var last apptest.Answer
	for range n {
		last, err = siteOf(ts).Call(context.Background(), r)
		ts.Check(err)
		if strconv.Itoa(last.Status) == args[1] {
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
	ts.Check(apptest.Eventually(func(ctx context.Context) error {
		a, err := siteOf(ts).Call(ctx, r)
		if err != nil {
			return err
		}
		delivery, err := a.Read("delivery")
		if err != nil {
			return err
		}
		if delivery != "sent" && delivery != "uncertain" {
			return fmt.Errorf("it is %s", delivery)
		}
		if n := len(siteOf(ts).Relay.All()); n > 1 || delivery == "sent" && n != 1 {
			return apptest.Final(fmt.Errorf("it is %s, and was sent %d times", delivery, n))
		}
		return nil
	}))
}

var linkToken = regexp.MustCompile(`[?&]token=([\w.-]+)`)

func cmdLink(ts *testscript.TestScript, _ bool, args []string) {
	args = options(ts, "link", args, 2, 2, none)
	text, err := apptest.PlainText([]byte(ts.ReadFile(args[1])))
	ts.Check(err)
	found := linkToken.FindStringSubmatch(text)
	if found == nil {
		ts.Fatalf("no link in %s", text)
	}
	ts.Setenv(args[0], found[1])
}

func cmdSession(ts *testscript.TestScript, _ bool, args []string) {
	args = options(ts, "session", args, 1, 1, none)
	cookie, _, _ := strings.Cut(lastAnswer(ts).Header.Get("Set-Cookie"), ";")
	if cookie == "" {
		ts.Fatalf("no cookie was set")
	}
	ts.Setenv(args[0], cookie)
}

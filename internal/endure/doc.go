// Package endure proves the promise that nothing is lost and nothing doubled. It
// is tests alone: they drive the built program from outside (apptest) under
// mixed load, kill it, and break what is around it: its relay, its disk, its
// database. A ledger knows every acknowledgement, and is compared with what the
// API and the relay show in the end.
//
// Without flags a short form runs, beside everything else. The long form is
// `make endure`, or
//
//	go test ./internal/endure -long [-seed N] [-run …]
//
// Every test prints its seed: with the same one it writes the same mails and
// kills after the same times.
//
// It refuses to look into the database: what nobody can see from outside is not proven.
package endure

// Package endure proves the promise that nothing is lost and nothing doubled. It
// is tests alone: they drive the built program from outside (apptest) under
// mixed load, kill it, and break what is around it: its relay, its disk, its
// database. What was acknowledged is
// compared with what the API and the relay show in the end.
//
// Every test prints its seed: with the same -seed it writes the same mails in the
// same order.
//
// It refuses to look into the database: what nobody can see from outside is not proven.
package endure

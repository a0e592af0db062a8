// Package contact owns the people and businesses outside: who they are, the
// addresses and numbers by which they are reached and known, and finding them.
//
// An address or number is one contact's in an account, held by the database, so
// that mail that arrives twice at once makes one contact. It refuses to merge
// contacts by name.
package contact

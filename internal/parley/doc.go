// Package parley holds the words of the product: the nouns that every room
// speaks of (Account, User, Inbox, Channel, Contact, Conversation, Message,
// Note, Event), their ids, the delivery states and how they advance, what an
// Actor may do, and the Error that a person may read.
//
// It refuses I/O and imports no other room, so that every room may import it.
// docs/glossary.md defines each word.
package parley
